//! Databases, storages and servers that fail.

use super::{Shop, State, wrong};
use crate::config::{MailKind, RateKind, SmtpTls, StorageKind};
use crate::doctor::{clock, database, mail, storage};
use axum::Router;
use axum::http::header::DATE;
use sea_orm::ConnectionTrait;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// A port that nobody listens on.
async fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_database_that_is_not_there_is_not_made() {
    let shop = Shop::new();
    let found = database::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("no database") && wrong(&found).advice.contains("lectern migrate"));
    assert!(!shop.config.database_file().unwrap().exists());
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    let mut shop = Shop::new();
    shop.config.database.url = format!("postgres://shop:hunter2@127.0.0.1:{}/lectern", closed_port().await);
    let found = database::examine(&shop.config).await;
    let words = &wrong(&found).words;
    assert!(words.contains("cannot be reached") && !words.contains("hunter2"), "{words}");
}

#[tokio::test]
async fn a_schema_that_is_too_old_or_too_new_is_named() {
    let (shop, state) = Shop::opened().await;
    migrations::down_before(state.db.read(), "m0045_webhooks").await.unwrap();
    let found = database::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("m0045_webhooks"), "{found:?}");
    migrations::up(state.db.read()).await.unwrap();
    let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
    state.db.read().execute_unprepared(later).await.unwrap();
    let found = database::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("m9999_later"), "{found:?}");
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_named() {
    let (mut shop, _state) = Shop::opened().await;
    shop.config.database.url = format!("{}?mode=ro", shop.config.database_url());
    let found = database::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("takes no writes"), "{found:?}");
}

#[tokio::test]
async fn a_storage_that_is_not_there_or_takes_nothing_is_named() {
    let shop = Shop::new();
    let found = storage::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("no folder"), "{found:?}");
    assert!(!shop.config.storage_path().exists());
    std::fs::create_dir_all(shop.config.storage_path()).unwrap();
    std::fs::write(shop.config.storage_path().join("staging"), "no folder").unwrap();
    let found = storage::examine(&shop.config).await;
    assert!(wrong(&found).advice.contains("storage.path"), "{found:?}");
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_is_named() {
    let mut shop = Shop::new();
    shop.config.storage.kind = StorageKind::S3;
    shop.config.storage.s3.endpoint = format!("http://127.0.0.1:{}", closed_port().await);
    (shop.config.storage.s3.access_key, shop.config.storage.s3.secret_key) = ("test".to_owned(), "testtest".to_owned());
    let found = storage::examine(&shop.config).await;
    assert!(wrong(&found).advice.contains("storage.s3.endpoint"), "{found:?}");
    let words = &wrong(&found).words;
    assert!(words.contains("its server cannot be reached (") && words.to_lowercase().contains("refused"), "{words}");
    assert!(!words.contains("DispatchFailure"), "what the client keeps to itself is for the log: {words}");
}

/// A mail server of few words; what it is told is kept.
async fn post_office(first: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = told.clone();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let (reading, mut writing) = line.split();
            writing.write_all(first.as_bytes()).await.unwrap();
            let mut commands = BufReader::new(reading).lines();
            while let Ok(Some(command)) = commands.next_line().await {
                kept.lock().unwrap().push(command);
                if writing.write_all(b"250 well\r\n").await.is_err() {
                    break;
                }
            }
        }
    });
    (port, told)
}

fn by_smtp(port: u16) -> Shop {
    let mut shop = Shop::new();
    shop.config.mail.kind = MailKind::Smtp;
    shop.config.mail.smtp.host = "127.0.0.1".to_owned();
    shop.config.mail.smtp.port = port;
    shop.config.mail.smtp.tls = SmtpTls::None;
    shop.config.mail.smtp.timeout_seconds = 1;
    shop
}

#[tokio::test]
async fn a_mail_server_is_greeted_and_given_no_mail() {
    let (port, told) = post_office("220 here\r\n").await;
    let found = mail::examine(&by_smtp(port).config).await;
    assert_eq!(found[0].state, State::Good, "{found:?}");
    let told = told.lock().unwrap();
    assert!(told[0].starts_with("EHLO"), "{told:?}");
    assert!(!told.iter().any(|command| command.starts_with("MAIL") || command.starts_with("DATA")), "{told:?}");
}

#[tokio::test]
async fn a_mail_server_that_is_away_mute_or_refuses_is_named() {
    let found = mail::examine(&by_smtp(closed_port().await).config).await;
    assert!(wrong(&found).advice.contains("mail.smtp.host"), "{found:?}");
    for first in ["", "554 not today\r\n"] {
        let (port, _) = post_office(first).await;
        let found = mail::examine(&by_smtp(port).config).await;
        assert!(wrong(&found).words.contains(&port.to_string()), "{found:?}");
    }
    let mut shop = by_smtp(1);
    shop.config.mail.smtp.host = String::new();
    let found = mail::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("mail.smtp.host is empty"), "{found:?}");
}

#[tokio::test]
async fn a_clock_is_held_against_that_of_a_server_which_the_shop_asks_anyway() {
    let app = Router::new().fallback(|| async { [(DATE, "Sun, 06 Nov 1994 08:49:37 GMT")] });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut shop = Shop::new();
    shop.config.rates.from = RateKind::Ecb;
    shop.config.rates.bank = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let found = clock::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("ahead of that of http://127.0.0.1"), "{found:?}");
    shop.config.rates.bank = format!("http://127.0.0.1:{}", closed_port().await);
    let found = clock::examine(&shop.config).await;
    assert_eq!(found[0].state, State::Doubtful, "{found:?}");
}
