//! Log-ins that are seen and ended, a new password, and an account that goes: on the whole shop.

use crate::http::testing::Shop;
use crate::http::tests::{LOG_IN, SECRET, ada, cookie, last, log_in, login_form, plain};
use domain::account::sessions::active_sessions;
use domain::account::{ActiveSession, Password, registration};
use domain::audit::Action;

#[tokio::test]
async fn people_see_where_they_are_logged_in_and_end_it() {
    let shop = Shop::open_whole(|config| config.proxies = "127.0.0.0/8".to_owned()).await;
    ada(&shop).await;
    let at = async |ip: &str, browser: &str| {
        let headers = [("user-agent", browser), ("x-forwarded-for", ip)];
        shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &headers).await.cookies()
    };
    let desk = at("198.51.100.9", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0").await;
    shop.clock.advance(60_000);
    let phone = at("203.0.113.5", "Mozilla/5.0 (Linux; Android 10; K) Chrome/142.0 Mobile Safari/537.36").await;
    let sessions = async |cookies: &str| -> Vec<ActiveSession> {
        serde_json::from_slice(&shop.get(cookies, "/api/account/sessions", &[]).await.body).unwrap()
    };
    let seen = sessions(&desk).await;
    let told: Vec<_> =
        seen.iter().map(|login| (login.device.as_str(), login.ip.as_deref().unwrap(), login.here)).collect();
    assert_eq!(told, [("Firefox on Linux", "198.51.100.9", true), ("Chrome on Android", "203.0.113.5", false)]);
    assert_eq!(seen[1].since.since_ms(seen[0].since), 60_000);

    let bea = Password::parse(SECRET).unwrap();
    registration::register(&shop.db, &"bea@example.com".parse().unwrap(), "Bea", &bea).await.unwrap();
    let stranger = log_in(&shop, "bea@example.com").await;
    let handle = format!("handle={}", seen[1].handle);
    let end = async |cookies: &str| shop.post(cookies, "/api/account/log-out-there", &handle, &[]).await;
    assert_eq!(end("").await.status, 401);
    assert!(end(&stranger).await.status.is_success(), "it does not tell whose it is");
    assert_eq!(sessions(&desk).await.len(), 2, "nobody ends somebody else's session");
    assert!(end(&desk).await.status.is_success());
    assert_eq!(shop.get(&phone, "/api/account/viewer", &[]).await.text(), "null");
    assert_eq!(sessions(&desk).await.len(), 1);

    let other = log_in(&shop, "ada@example.com").await;
    shop.post(&desk, "/api/account/log-out-elsewhere", "", &[]).await;
    assert_eq!(shop.get(&other, "/api/account/viewer", &[]).await.text(), "null");
    assert_eq!(sessions(&desk).await.len(), 1);
    let out = shop.post(&desk, "/api/account/log-out-everywhere", "", &[]).await;
    assert!(out.status.is_success() || out.status.is_redirection(), "{out:?}");
    assert_eq!(shop.get(&desk, "/api/account/viewer", &[]).await.text(), "null");
    assert!(shop.get(&stranger, "/api/account/viewer", &[]).await.text().contains("bea@example.com"));
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back_by_a_request_under_way() {
    let shop = Shop::open_whole(plain).await;
    let user = ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    shop.clock.advance(5 * 60_000);
    // A proof is noted in the session, while somebody ends it from elsewhere.
    let form = format!("password={}", SECRET.replace(' ', "+"));
    let proof = shop.post(&cookies, "/api/account/reauthenticate", &form, &[]);
    let (answer, ended) = tokio::join!(proof, active_sessions::end_all(&shop.db, user.id, None));
    assert!(ended.is_ok() && answer.status.as_u16() < 500, "{answer:?}");
    assert_eq!(shop.get(&cookies, "/api/account/viewer", &[]).await.text(), "null");
}

#[tokio::test]
async fn a_new_password_ends_what_was_open_but_here_in_a_session_of_another_name() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let (desk, phone) = (log_in(&shop, "ada@example.com").await, log_in(&shop, "ada@example.com").await);
    let change = async |current: &str, new: &str| {
        let words = |text: &str| text.replace(' ', "+");
        let form = format!("current_password={}&new_password={}", words(current), words(new));
        shop.post(&desk, "/api/account/change-password", &form, &[]).await
    };
    let refused = change("not the password", "eight green bottles").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("current_password"), "{}", refused.text());
    assert_eq!(last(&shop, Action::PasswordRefused).await.who, "ada@example.com");
    for weak in ["short", "password1234", "ada@example.com"] {
        let refused = change(SECRET, weak).await;
        assert!(refused.status == 422 && refused.text().contains("new_password"), "{weak}: {}", refused.text());
    }
    let changed = change(SECRET, "eight green bottles").await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let new = changed.cookies();
    assert_ne!(cookie(&new, "lectern"), cookie(&desk, "lectern"));
    let viewer = async |cookies: &str| shop.get(cookies, "/api/account/viewer", &[]).await;
    assert!(viewer(&new).await.text().contains("ada@example.com"));
    assert_eq!(viewer(&desk).await.text(), "null");
    assert_eq!(viewer(&phone).await.text(), "null");
}

#[tokio::test]
async fn a_deleted_account_is_out_at_once_and_its_address_is_free() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let delete = async |address: &str| {
        let form = format!("address={}", address.replace('@', "%40"));
        shop.post(&cookies, "/api/account/delete", &form, &[]).await
    };
    let refused = delete("bea@example.com").await;
    assert!(refused.status == 422 && refused.text().contains("\"address\""), "{}", refused.text());
    shop.clock.advance(10 * 60_000);
    let late = delete("ada@example.com").await;
    assert!(late.status == 403 && late.text().contains("ReauthRequired"), "{}", late.text());
    let form = format!("password={}", SECRET.replace(' ', "+"));
    shop.post(&cookies, "/api/account/reauthenticate", &form, &[]).await;
    let done = delete("Ada@Example.com").await;
    assert!(done.status.is_success() || done.status.is_redirection(), "{done:?}");
    assert_eq!(shop.get(&cookies, "/api/account/viewer", &[]).await.text(), "null");
    assert_eq!(shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &[]).await.status, 422);
    let again = "name=Ada&email=ada%40example.com&password=seven+green+bottles";
    let again = shop.post("", "/api/account/register", again, &[]).await;
    assert!(again.status.is_success() || again.status.is_redirection(), "{}", again.text());
}
