//! Who does not come in by Google, and what they are told.

use super::*;

#[tokio::test]
async fn who_says_no_at_google_is_told_that_nothing_was_done() {
    let (street, browser) = (Street::open().await, Browser::default());
    let address = browser.start_login(&street, "/login/google?next=%2Fcart").await;
    let no = back(&[("error", "access_denied"), ("state", &query(&address)["state"])]);
    let page = browser.come_back(&street, &no).await;
    assert_eq!(page, "/login?google=denied&next=%2Fcart");
    let page = browser.get(&street, &page).await;
    assert!(page.text().contains("You did not let Google tell us who you are"), "{}", page.text());
    assert!(page.text().contains("/login/google?next=%2Fcart"), "it can be tried again");
    assert_eq!(street.details(Action::LoginFailed).await["reason"], "denied");
    assert_eq!(browser.come_back(&street, &no).await, refused(GoogleRefusal::State), "once");
    let address = browser.start_login(&street, "/login/google").await;
    let other = back(&[("error", "server_error"), ("state", &query(&address)["state"])]);
    assert_eq!(browser.come_back(&street, &other).await, refused(GoogleRefusal::Away));
    assert_eq!((browser.who(&street).await, street.people().await), (String::new(), 0));
}

#[tokio::test]
async fn an_answer_is_taken_only_where_it_was_asked_for() {
    let (street, browser) = (Street::open().await, Browser::default());
    let state = refused(GoogleRefusal::State);
    assert_eq!(browser.come_back(&street, &back(&[("code", "made-up"), ("state", "made-up")])).await, state);
    let wrong: [fn(&str, &str) -> String; 5] = [
        |code, _| back(&[("code", code), ("state", &"0".repeat(64))]),
        |code, _| back(&[("code", code)]),
        |code, state| back(&[("code", code), ("state", state), ("state", state)]),
        |code, state| back(&[("code", code), ("code", code), ("state", state)]),
        |_, state| back(&[("state", state)]),
    ];
    for answer in wrong {
        let address = browser.start_login(&street, "/login/google").await;
        let good = street.provider.consent(street.now(), &address, &person("ada"));
        let said = query(&format!("http://shop.example{good}"));
        assert_eq!(browser.come_back(&street, &answer(&said["code"], &said["state"])).await, state);
        assert_eq!(browser.come_back(&street, &good).await, state, "what was begun is over");
    }
    // The right answer, in another browser: somebody was sent a link to it.
    let address = browser.start_login(&street, "/login/google").await;
    let good = street.provider.consent(street.now(), &address, &person("ada"));
    let other = Browser::default();
    assert_eq!(other.come_back(&street, &good).await, state);
    other.start_login(&street, "/login/google").await;
    assert_eq!(other.come_back(&street, &good).await, state);
    assert_eq!(street.provider.asked("token"), 0, "no code was shown to Google");
    assert_eq!(browser.come_back(&street, &good).await, "/");
    assert_eq!(street.people().await, 1);
}

#[tokio::test]
async fn an_answer_is_taken_once_and_so_is_its_code() {
    let (street, browser) = (Street::open().await, Browser::default());
    let address = browser.start_login(&street, "/login/google").await;
    let answer = street.provider.consent(street.now(), &address, &person("ada"));
    assert_eq!(browser.come_back(&street, &answer).await, "/");
    assert_eq!(browser.come_back(&street, &answer).await, refused(GoogleRefusal::State));
    let code = query(&format!("http://shop.example{answer}"))["code"].clone();
    let thief = Browser::default();
    let address = thief.start_login(&street, "/login/google").await;
    let replayed = back(&[("code", &code), ("state", &query(&address)["state"])]);
    assert_eq!(thief.come_back(&street, &replayed).await, refused(GoogleRefusal::Code));
    assert_eq!(thief.who(&street).await, "");
}

#[tokio::test]
async fn a_code_that_was_given_to_another_browser_is_worth_nothing() {
    let (street, victim, thief) = (Street::open().await, Browser::default(), Browser::default());
    let address = victim.start_login(&street, "/login/google").await;
    let answer = street.provider.consent(street.now(), &address, &person("ada"));
    let code = query(&format!("http://shop.example{answer}"))["code"].clone();
    let address = thief.start_login(&street, "/login/google").await;
    let stolen = back(&[("code", &code), ("state", &query(&address)["state"])]);
    // Google holds it against the challenge of the victim's browser.
    assert_eq!(thief.come_back(&street, &stolen).await, refused(GoogleRefusal::Code));
    assert_eq!(street.people().await, 0);
}

#[tokio::test]
async fn a_word_that_cannot_be_believed_opens_nothing() {
    let street = &Street::open().await;
    let now = street.now();
    let ada = &|nonce: &str| street.provider.claims(now, &person("ada"), Some(nonce));
    let changed = |name: &'static str, value: Value| {
        move |nonce: &str| {
            let mut claims = ada(nonce);
            claims[name] = value;
            street.provider.key().sign(&claims)
        }
    };
    let token = refused(GoogleRefusal::Token);
    let browser = Browser::default();
    assert_eq!(browser.go_with(street, changed("nonce", json!("another"))).await, token);
    assert_eq!(browser.go_with(street, changed("nonce", Value::Null)).await, token);
    assert_eq!(browser.go_with(street, changed("aud", json!("another-shop"))).await, token);
    assert_eq!(browser.go_with(street, changed("azp", json!("another-shop"))).await, token);
    assert_eq!(browser.go_with(street, changed("iss", json!("https://elsewhere.example"))).await, token);
    assert_eq!(browser.go_with(street, changed("iat", json!(now.0 / 1000 + 3600))).await, token);
    let expired = browser.go_with(street, changed("exp", json!(now.0 / 1000 - 61))).await;
    assert_eq!(expired, refused(GoogleRefusal::Expired));
    let stranger = |nonce: &str| Key::new("first", Algorithm::ES256).sign(&ada(nonce));
    assert_eq!(browser.go_with(street, stranger).await, token, "another key under the same name");
    let unknown = |nonce: &str| Key::new("unknown", Algorithm::ES256).sign(&ada(nonce));
    assert_eq!(browser.go_with(street, unknown).await, token);
    let shared = |nonce: &str| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("first".to_owned());
        encode(&header, &ada(nonce), &EncodingKey::from_secret(CLIENT_ID.as_bytes())).unwrap()
    };
    assert_eq!(browser.go_with(street, shared).await, token);
    let unsigned = |nonce: &str| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({ "alg": "none", "kid": "first" })), part(&ada(nonce)))
    };
    assert_eq!(browser.go_with(street, unsigned).await, token);
    assert_eq!((browser.who(street).await, street.people().await), (String::new(), 0));
    assert_eq!(street.details(Action::LoginFailed).await, json!({ "way": "google", "reason": "token" }));
}

#[tokio::test]
async fn an_answer_of_another_provider_is_not_taken_for_googles() {
    let (street, browser) = (Street::open().await, Browser::default());
    let issuer = street.provider.issuer.clone();
    let with_issuer = async |issuer: Option<&str>| {
        let address = browser.start_login(&street, "/login/google").await;
        let answer = street.provider.consent(street.now(), &address, &person("ada"));
        let issuer = issuer.map(|issuer| format!("&iss={}", issuer.replace(':', "%3A").replace('/', "%2F")));
        browser.come_back(&street, &(answer + &issuer.unwrap_or_default())).await
    };
    assert_eq!(with_issuer(Some("https://elsewhere.example")).await, refused(GoogleRefusal::State));
    assert_eq!(with_issuer(Some(&issuer)).await, "/");
    street.provider.say("authorization_response_iss_parameter_supported", json!(true));
    street.shop.clock.advance(24 * 60 * MINUTE);
    assert_eq!(with_issuer(None).await, refused(GoogleRefusal::State), "it says that it always tells");
    assert_eq!(with_issuer(Some(&issuer)).await, "/");
}

#[tokio::test]
async fn while_google_is_away_the_page_says_so() {
    let (street, browser) = (Street::open().await, Browser::default());
    let away = refused(GoogleRefusal::Away);
    street.provider.answer_instead("discovery", Some((StatusCode::SERVICE_UNAVAILABLE, "")));
    assert_eq!(browser.get(&street, "/login/google").await.header("location"), away);
    street.provider.answer_instead("discovery", None);
    street.shop.clock.advance(5_000);
    for (address, body) in [("token", "nonsense"), ("token", "{}"), ("keys", "nonsense")] {
        for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK] {
            street.provider.answer_instead(address, Some((status, body)));
            let came = browser.go(&street, "/login/google", &person("ada")).await;
            assert_eq!(came, away, "{address} {status} {body}");
            street.provider.answer_instead(address, None);
            street.shop.clock.advance(5_000);
        }
    }
    let refusal = Some((StatusCode::UNAUTHORIZED, r#"{"error":"invalid_client"}"#));
    street.provider.answer_instead("token", refusal);
    assert_eq!(browser.go(&street, "/login/google", &person("ada")).await, away, "the secret is wrong");
    street.provider.answer_instead("token", None);
    assert_eq!(browser.go(&street, "/login/google", &person("ada")).await, "/");
}

#[tokio::test]
async fn an_address_that_google_has_not_confirmed_opens_no_account() {
    let (street, browser) = (Street::open().await, Browser::default());
    let mut ada = person("ada");
    for value in [json!(false), Value::Null] {
        ada["email_verified"] = value;
        let page = browser.go(&street, "/login/google", &ada).await;
        assert_eq!(page, refused(GoogleRefusal::Unconfirmed));
        assert!(browser.get(&street, &page).await.text().contains("has not confirmed that your address is yours"));
    }
    ada["email_verified"] = json!(true);
    ada["email"] = json!("no address");
    assert_eq!(browser.go(&street, "/login/google", &ada).await, refused(GoogleRefusal::Unconfirmed));
    assert_eq!(street.people().await, 0);
}

#[tokio::test]
async fn a_closed_account_stays_closed() {
    let (street, browser) = (Street::open().await, Browser::default());
    browser.go(&street, "/login/google", &person("ada")).await;
    street.register_confirmed("bea").await;
    let close =
        users::Entity::update_many().col_expr(users::Column::DisabledAt, sea_orm::sea_query::Expr::value(1_i64));
    close.exec(street.shop.db.read()).await.unwrap();
    for name in ["ada", "bea"] {
        let page = Browser::default().go(&street, "/login/google", &person(name)).await;
        assert_eq!(page, refused(GoogleRefusal::Closed), "{name}");
    }
}

#[tokio::test]
async fn who_goes_there_too_often_is_told_to_wait() {
    let street = Street::open_with(|config| config.limits.set(Rule::Google, "3/1m")).await;
    let browser = Browser::default();
    assert_eq!(browser.go(&street, "/login/google", &person("ada")).await, "/");
    let address = browser.start_login(&street, "/login/google?next=%2Fcart").await;
    let answer = street.provider.consent(street.now(), &address, &person("ada"));
    assert_eq!(browser.come_back(&street, &answer).await, refused(GoogleRefusal::TooMany));
    assert_eq!(browser.start_login(&street, "/login/google?next=%2Fcart").await, "/login?google=too-many&next=%2Fcart");
}
