//! Accounts that are linked to Google, and unlinked.

use super::*;

#[tokio::test]
async fn an_account_is_linked_by_its_address_only_if_both_sides_have_confirmed_it() {
    let (street, browser) = (Street::open().await, Browser::default());
    street.register("ada").await;
    street.register_confirmed("bea").await;
    let mut unsure = person("bea");
    unsure["email_verified"] = json!(false);
    assert_eq!(browser.go(&street, "/login/google", &person("ada")).await, refused(GoogleRefusal::LogInFirst));
    assert_eq!(browser.go(&street, "/login/google", &unsure).await, refused(GoogleRefusal::Unconfirmed));
    assert_eq!((street.links().await, browser.who(&street).await), (0, String::new()));
    street.letters().await;

    assert_eq!(browser.go(&street, "/login/google", &person("bea")).await, "/");
    assert_eq!(browser.who(&street).await, "bea@example.com");
    assert_eq!(street.last(Action::GoogleLinked).await.who, "bea@example.com");
    let told = street.letters().await;
    assert!(matches!(told.as_slice(), [Content::Notice(Notice::GoogleLinked { .. })]), "{told:?}");

    // Ada logs in first, and links it herself.
    let browser = Browser::default();
    browser.log_in(&street, "ada").await;
    assert_eq!(browser.go(&street, "/login/google?link=1", &person("ada")).await, "/account/google?linked=1");
    let page = browser.get(&street, "/account/google?linked=1").await;
    assert!(page.text().contains("Your account is linked to Google."), "{}", page.text());
    let elsewhere = Browser::default();
    assert_eq!(elsewhere.go(&street, "/login/google", &person("ada")).await, "/");
    assert_eq!((street.people().await, street.links().await), (2, 2));
}

#[tokio::test]
async fn a_google_account_opens_one_account() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    street.register("bea").await;
    let browser = Browser::default();
    browser.log_in(&street, "bea").await;
    let taken = "/account/google?google=taken";
    assert_eq!(browser.go(&street, "/login/google?link=1", &person("ada")).await, taken);
    assert!(browser.get(&street, taken).await.text().contains("opens another account"));
    assert_eq!(browser.go(&street, "/login/google?link=1", &person("bea")).await, "/account/google?linked=1");
    let other_link = "/account/google?google=other-link";
    assert_eq!(browser.go(&street, "/login/google?link=1", &person("cleo")).await, other_link);
    assert_eq!(street.links().await, 2);
}

#[tokio::test]
async fn a_link_is_made_only_by_whoever_began_it() {
    let (street, ada, bea) = (Street::open().await, Browser::default(), Browser::default());
    street.register("ada").await;
    street.register("bea").await;
    ada.log_in(&street, "ada").await;
    bea.log_in(&street, "bea").await;
    let address = ada.start_login(&street, "/login/google?link=1").await;
    let answer = street.provider.consent(street.now(), &address, &person("mallory"));
    assert_eq!(bea.come_back(&street, &answer).await, refused(GoogleRefusal::State), "in Bea's browser");
    // In the same browser, but Ada has left.
    ada.log_in(&street, "bea").await;
    assert!(ada.come_back(&street, &answer).await.contains("google=state"));
    assert_eq!(street.links().await, 0);
    let guest = Browser::default();
    assert_eq!(guest.start_login(&street, "/login/google?link=1&next=%2Fcart").await, "/login?next=%2Fcart");
}

#[tokio::test]
async fn linking_and_unlinking_want_a_recent_proof() {
    let (street, browser) = (Street::open().await, Browser::default());
    street.register("ada").await;
    browser.log_in(&street, "ada").await;
    let address = browser.start_login(&street, "/login/google?link=1").await;
    street.shop.clock.advance(10 * MINUTE + 1);
    let late = browser.come_back(&street, &street.provider.consent(street.now(), &address, &person("ada"))).await;
    assert_eq!(late, "/account/google?google=late");
    let confirm = "/confirm?next=%2Faccount%2Fgoogle";
    assert_eq!(browser.start_login(&street, "/login/google?link=1").await, confirm);
    assert_eq!(browser.get(&street, "/account/google").await.header("location"), confirm);
    assert_eq!(browser.post(&street, "/api/account/unlink-google", "").await.status, 403);
    // Who has a password shows that one: Google might ask for nothing.
    let by_google = browser.start_login(&street, "/login/google?confirm=1&next=%2Faccount%2Fgoogle").await;
    assert_eq!(by_google, confirm);
}

#[tokio::test]
async fn the_only_way_in_is_not_taken_away() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    let refused = browser.post(&street, "/api/account/unlink-google", "").await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("Google is the only way in"), "{}", refused.text());
    assert_eq!(street.links().await, 1);
    street.choose_password("ada").await;
    street.letters().await;
    browser.log_in(&street, "ada").await;
    assert_eq!(browser.post(&street, "/api/account/unlink-google", "").await.status, 200);
    assert_eq!(street.links().await, 0);
    assert_eq!(street.last(Action::GoogleUnlinked).await.who, "ada@example.com");
    let told = street.letters().await;
    assert!(matches!(told.as_slice(), [Content::Notice(Notice::GoogleUnlinked { .. })]), "{told:?}");
    // Nothing is left to take away, and the password still opens.
    assert_eq!(browser.post(&street, "/api/account/unlink-google", "").await.status, 200);
    assert_eq!(street.letters().await, []);
    Browser::default().log_in(&street, "ada").await;
}

#[tokio::test]
async fn who_has_no_password_proves_with_google_that_it_is_them() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    street.shop.clock.advance(10 * MINUTE);
    let page = browser.get(&street, "/account/google").await.header("location").to_owned();
    assert_eq!(page, "/confirm?next=%2Faccount%2Fgoogle");
    let page = browser.get(&street, &page).await;
    assert!(page.text().contains("/login/google?confirm=1&amp;next=%2Faccount%2Fgoogle"), "{}", page.text());

    let again = "/login/google?confirm=1&next=%2Faccount%2Fgoogle";
    let address = browser.start_login(&street, again).await;
    assert_eq!((query(&address)["prompt"].as_str(), query(&address)["max_age"].as_str()), ("login", "0"));
    let with = |change: fn(&mut Value, i64)| {
        let (street, browser) = (&street, browser.clone());
        async move {
            let mut said = person("ada");
            change(&mut said, street.now().0 / 1000);
            browser.go(street, again, &said).await
        }
    };
    let stale = "/confirm?google=not-fresh&next=%2Faccount%2Fgoogle";
    assert_eq!(with(|said, now| said["auth_time"] = json!(now - 600)).await, stale);
    let stranger = "/confirm?google=stranger&next=%2Faccount%2Fgoogle";
    assert_eq!(with(|said, _| *said = person("bea")).await, stranger);
    assert!(browser.get(&street, stranger).await.text().contains("does not open this account"));
    assert!(browser.get(&street, "/account/google").await.header("location").starts_with("/confirm"), "not yet");
    assert_eq!(with(|said, now| said["auth_time"] = json!(now)).await, "/account/google");
    assert_eq!(browser.get(&street, "/account/google").await.status, 200);
    assert_eq!(street.details(Action::Reauthenticated).await["way"], "google");
    assert_eq!(street.people().await, 1, "nobody was let in on the way");
}
