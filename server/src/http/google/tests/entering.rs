//! Who comes in by Google.

use super::*;

#[tokio::test]
async fn who_was_never_here_gets_an_account() {
    let (street, browser) = (Street::open().await, Browser::default());
    assert_eq!(browser.go(&street, "/login/google?next=%2Flibrary", &person("ada")).await, "/library");
    assert_eq!(browser.who(&street).await, "ada@example.com");
    assert_eq!(street.last(Action::Registered).await.who, "ada@example.com");
    assert_eq!(street.details(Action::Registered).await, json!({ "way": "google" }));
    assert_eq!(street.last(Action::GoogleUsed).await.user_id, street.last(Action::LoggedIn).await.user_id);
    assert!(browser.cookies().contains("lectern_device="), "the browser is known from now on");
    assert_eq!(street.letters().await, [], "nothing is left to confirm");

    let elsewhere = Browser::default();
    assert_eq!(elsewhere.go(&street, "/login/google", &person("ada")).await, "/");
    assert_eq!(elsewhere.who(&street).await, "ada@example.com");
    assert_eq!((street.people().await, street.links().await), (1, 1));
}

#[tokio::test]
async fn logging_in_gives_a_session_that_nobody_knew_before() {
    let (street, browser) = (Street::open().await, Browser::default());
    let address = browser.start_login(&street, "/login/google").await;
    let before = browser.cookies();
    browser.come_back(&street, &street.provider.consent(street.now(), &address, &person("ada"))).await;
    assert_ne!(browser.cookies(), before);
    let old = street.shop.get(&before, "/api/account/viewer", &[]).await;
    assert_eq!(old.text(), "null", "the old one opens nothing");
}

#[tokio::test]
async fn the_way_back_leads_nowhere_but_into_the_shop() {
    let street = Street::open().await;
    for next in ["https%3A%2F%2Felsewhere.example", "%2F%2Felsewhere.example", "%2F%5Celsewhere.example"] {
        let path = format!("/login/google?next={next}");
        assert_eq!(Browser::default().go(&street, &path, &person("ada")).await, "/", "{next}");
    }
}

#[tokio::test]
async fn google_may_sign_with_another_key_at_any_time() {
    let street = Street::open().await;
    for kid in ["second", "third"] {
        assert_eq!(Browser::default().go(&street, "/login/google", &person("ada")).await, "/");
        street.provider.add_key(Key::new(kid, Algorithm::RS256));
        street.shop.clock.advance(MINUTE);
    }
    assert_eq!(Browser::default().go(&street, "/login/google", &person("ada")).await, "/");
}

#[tokio::test]
async fn googles_address_changes_nothing_here() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    street.register_confirmed("bea").await;
    let mut moved = person("ada");
    moved["email"] = json!("bea@example.com");
    let browser = Browser::default();
    browser.go(&street, "/login/google", &moved).await;
    assert_eq!(browser.who(&street).await, "ada@example.com", "it is still the same person");
}

#[tokio::test]
async fn a_second_step_is_asked_for_after_google_too() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    let db = &street.shop.db;
    let id = street.last(Action::LoggedIn).await.user_id.unwrap();
    let vault = SealedVault::new(&Config::load(None).unwrap()).unwrap();
    mfa::enroll(db, &vault, id).await.unwrap();
    let setup = mfa::status(db, &vault, "Lectern", id).await.unwrap().enrollment.unwrap();
    let app = Totp::from_url(setup.address).unwrap();
    let shows = || app.generate(u64::try_from(db.now().0 / 1000).unwrap()).to_string();
    mfa::enable(db, &vault, id, &shows()).await.unwrap();
    street.shop.clock.advance(30_000);

    let browser = Browser::default();
    assert_eq!(browser.go(&street, "/login/google?next=%2Flibrary", &person("ada")).await, "/login/code");
    assert_eq!(browser.who(&street).await, "");
    let passed = browser.post(&street, "/api/account/login-code", &format!("code={}", shows())).await;
    assert_eq!(passed.status, 200, "{}", passed.text());
    assert_eq!(browser.who(&street).await, "ada@example.com");
    // Nor does Google alone prove again who it is.
    let confirm = browser.start_login(&street, "/login/google?confirm=1&next=%2Faccount").await;
    assert_eq!(confirm, "/confirm?next=%2Faccount");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_log_ins_at_once_all_end_in_one_account() {
    let street = Arc::new(Street::open().await);
    let mut visits = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let street = street.clone();
        visits.spawn(async move {
            let browser = Browser::default();
            (browser.go(&street, "/login/google", &person("ada")).await, browser.who(&street).await)
        });
    }
    for (page, who) in visits.join_all().await {
        assert_eq!((page.as_str(), who.as_str()), ("/", "ada@example.com"));
    }
    assert_eq!((street.people().await, street.links().await), (1, 1));
}

#[tokio::test]
async fn google_is_offered_only_in_a_shop_that_has_it() {
    let with = Street::open().await;
    let without = Shop::open_whole(|_| ()).await;
    for path in ["/login", "/register"] {
        let page = with.shop.get("", path, &[]).await;
        assert!(page.text().contains("Continue with Google"), "{path}");
        let page = without.get("", path, &[]).await;
        assert!(!page.text().contains("Google"), "{path}");
    }
    for path in ["/login/google", "/login/google/callback?code=a&state=b"] {
        assert_eq!(without.get("", path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_secret_stands_in_the_trail() {
    let (street, browser) = (Street::open().await, Browser::default());
    let address = browser.start_login(&street, "/login/google").await;
    let answer = street.provider.consent(street.now(), &address, &person("ada"));
    browser.come_back(&street, &answer).await;
    let events = audit::trail::events(&street.shop.db, &Filter::default(), None, 100).await.unwrap();
    let trail = format!("{events:?}");
    let code = query(&format!("http://shop.example{answer}"))["code"].clone();
    for secret in [&code, &query(&address)["state"], &query(&address)["nonce"]] {
        assert!(!trail.contains(secret.as_str()));
    }
    assert!(
        external_login::google_link_status(&street.shop.db, events[0].user_id.unwrap(), &street.provider.issuer)
            .await
            .unwrap()
            .link
            .is_some()
    );
}
