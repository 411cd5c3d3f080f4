//! Sessions of which there are copies in Redis, on two servers of a shop.

use crate::http::testing::Shop;
use crate::http::tests::{LOG_IN, SECRET, ada, log_in, login_form, plain};
use crate::redis_server::testing::{Server, until};
use crate::redis_server::{Redis, Use};
use domain::account::sessions::active_sessions;
use domain::account::{Password, registration};
use domain::testing;

/// Two servers of a shop with one Redis, which has so many milliseconds to answer.
async fn two(server: &Server, answer_ms: u64) -> (Shop, Shop) {
    let mut redis = server.config();
    redis.answer_ms = answer_ms;
    let shop = Shop::open_whole(|config| config.redis = redis.clone()).await;
    let other = shop.another_server(|config| config.redis = redis).await;
    (shop, other)
}

/// Who is logged in, in the eyes of a server; `null` for nobody.
async fn viewer(shop: &Shop, cookies: &str) -> String {
    shop.get(cookies, "/api/account/viewer", &[]).await.text().to_owned()
}

async fn is_nobodys(shop: &Shop, cookies: &str) -> bool {
    viewer(shop, cookies).await == "null"
}

/// Statements that it takes to find that out.
async fn asked(shop: &Shop, cookies: &str) -> usize {
    shop.statements.take();
    assert!(viewer(shop, cookies).await.contains("ada@example.com"));
    let asked = shop.statements.take();
    asked.iter().filter(|sql| sql.contains("sessions") || sql.contains("users")).count()
}

/// The copies, by their names.
async fn copies(kept: &Redis) -> Vec<(String, String)> {
    let names: Vec<String> = kept.ask(Use::Sessions, redis::cmd("KEYS").arg(kept.key("session:*"))).await.unwrap();
    let mut found = Vec::new();
    for name in names {
        let text: Option<String> = kept.ask(Use::Sessions, redis::cmd("GET").arg(&name)).await.unwrap();
        found.extend(text.map(|text| (name, text)));
    }
    found
}

async fn put(kept: &Redis, name: &str, text: &str) {
    kept.ask::<()>(Use::Sessions, redis::cmd("SET").arg(name).arg(text)).await.unwrap();
}

fn is_up(shop: &Shop) -> bool {
    shop.state.redis.as_ref().is_some_and(Redis::is_up)
}

#[tokio::test]
async fn a_request_of_somebody_who_is_logged_in_asks_once_who_it_is_where_there_is_a_copy() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    assert_eq!((asked(&shop, &cookies).await, asked(&shop, &cookies).await), (2, 2), "without Redis as ever");

    let server = Server::start().await;
    let (shop, other) = two(&server, 10_000).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    assert_eq!((asked(&shop, &cookies).await, asked(&shop, &cookies).await), (2, 1));
    assert_eq!(asked(&other, &cookies).await, 1, "the copy is everybody's");
    let id = cookies.split("lectern=").nth(1).unwrap().split(';').next().unwrap();
    let kept = copies(&server.open()).await;
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").contains(id), "the id of a session is not in there");

    // It is noted that the session is in use, and the next request makes a new copy.
    shop.clock.advance(5 * 60_000);
    assert!(asked(&other, &cookies).await > 1);
    assert_eq!((asked(&shop, &cookies).await, asked(&other, &cookies).await), (2, 1));
    assert_ne!(copies(&server.open()).await, kept);
}

#[tokio::test]
async fn a_session_that_was_ended_while_redis_was_frozen_is_refused_after_it_thaws() {
    let server = Server::start().await;
    let (shop, other) = two(&server, 500).await;
    let user = ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let kept = server.open();
    until("there is a copy", async || {
        viewer(&other, &cookies).await.contains("ada@example.com") && copies(&kept).await.len() == 1
    })
    .await;
    server.freeze();
    active_sessions::end_all(&shop.db, user.id, None).await.unwrap();
    assert!(is_nobodys(&shop, &cookies).await, "at once, also where Redis says nothing");
    server.thaw();
    until("Redis is taken up again", async || is_up(&shop) && is_up(&other)).await;
    assert_eq!(copies(&kept).await.len(), 1, "it came back as it was");
    assert!(is_nobodys(&shop, &cookies).await && is_nobodys(&other, &cookies).await);
}

#[tokio::test]
async fn whatever_ends_a_session_ends_it_on_every_server_however_old_the_copies_are() {
    let server = Server::start().await;
    let (shop, other) = two(&server, 10_000).await;
    ada(&shop).await;
    let kept = server.open();
    let words = |text: &str| text.replace(' ', "+");
    let change = format!("current_password={}&new_password={}", words(SECRET), words("eight green bottles"));
    for (path, form) in [
        ("/api/account/logout", ""),
        ("/api/account/log-out-everywhere", ""),
        ("/api/account/change-password", change.as_str()),
    ] {
        let cookies = log_in(&shop, "ada@example.com").await;
        for one in [&shop, &other] {
            assert!(viewer(one, &cookies).await.contains("ada@example.com"), "{path}");
        }
        let before = copies(&kept).await;
        let ended = shop.post(&cookies, path, form, &[]).await;
        assert!(ended.status.is_success() || ended.status.is_redirection(), "{path}: {ended:?}");
        // As if Redis had heard nothing of it.
        for (name, text) in &before {
            put(&kept, name, text).await;
        }
        assert!(is_nobodys(&other, &cookies).await && is_nobodys(&shop, &cookies).await, "{path}");
    }
    let answer = shop.post("", LOG_IN, &login_form("ada@example.com", "eight green bottles"), &[]).await;
    assert!(viewer(&other, &answer.cookies()).await.contains("ada@example.com"));
}

#[tokio::test]
async fn what_the_database_does_not_have_is_not_believed_whoever_wrote_it() {
    let server = Server::start().await;
    let (shop, other) = two(&server, 10_000).await;
    ada(&shop).await;
    let bea = Password::parse(SECRET).unwrap();
    registration::register(&shop.db, &"bea@example.com".parse().unwrap(), "Bea", &bea).await.unwrap();
    let kept = server.open();
    let cookies = log_in(&shop, "ada@example.com").await;
    assert!(viewer(&shop, &cookies).await.contains("ada@example.com"));
    let (name, hers) = copies(&kept).await.remove(0);
    for garbage in
        ["", "{", "null", "{}", r#"{"user_id":"","data":"","expires_at":0}"#, &hers.replace("expires", "ends")]
    {
        put(&kept, &name, garbage).await;
        assert!(viewer(&other, &cookies).await.contains("ada@example.com"), "{garbage:?}");
        assert_eq!(copies(&kept).await, [(name.clone(), hers.clone())], "it is made anew");
    }
    // Of another kind than text.
    kept.ask::<()>(Use::Sessions, redis::cmd("DEL").arg(&name)).await.unwrap();
    kept.ask::<()>(Use::Sessions, redis::cmd("RPUSH").arg(&name).arg("x")).await.unwrap();
    assert!(viewer(&other, &cookies).await.contains("ada@example.com"));

    // Ada's session, under the name of Bea's.
    let beas = log_in(&shop, "bea@example.com").await;
    assert!(viewer(&shop, &beas).await.contains("bea@example.com"));
    let (name, _) = copies(&kept).await.into_iter().find(|(other, _)| *other != name).unwrap();
    put(&kept, &name, &hers).await;
    for one in [&shop, &other] {
        assert!(viewer(one, &beas).await.contains("bea@example.com"));
    }
}

#[tokio::test]
async fn a_redis_that_is_emptied_or_goes_away_loses_nobodys_session_or_cart() {
    let mut server = Server::start().await;
    let (shop, other) = two(&server, 10_000).await;
    testing::title(&shop.db, "The Bell").published().await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let add = async |cookies: &str| shop.post(cookies, "/api/cart/add", "slug=the-bell", &[]).await;
    assert!(add(&cookies).await.status.is_success());
    let guest = add("").await.cookies();
    let all_is_there = async |when: &str| {
        for one in [&shop, &other] {
            assert!(viewer(one, &cookies).await.contains("ada@example.com"), "{when}");
            for cookies in [&cookies, &guest] {
                assert_eq!(one.get(cookies, "/api/cart/count", &[]).await.text(), "1", "{when}");
            }
            assert_eq!(one.get(&cookies, "/books/the-bell", &[]).await.status, 200, "{when}");
        }
    };
    all_is_there("with Redis").await;
    server.open().ask::<()>(Use::Sessions, &redis::cmd("FLUSHALL")).await.unwrap();
    all_is_there("after it was emptied").await;
    server.stop();
    all_is_there("without it").await;
    server.start_again().await;
    until("Redis is taken up again", async || is_up(&shop) && is_up(&other)).await;
    all_is_there("after it came back with nothing").await;
}
