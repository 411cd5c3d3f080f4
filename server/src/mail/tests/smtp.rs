//! What the SMTP mailer sends, to whom, and what it makes of refusals.

use super::post::{Certificates, Post, closed_port, settings};
use crate::config::{self, SmtpTls};
use crate::mail::{Mail, Mailer, SendError, Smtp};
use domain::Timestamp;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn mail() -> Mail {
    Mail {
        message_id: "unique@shop.example".into(),
        date: Timestamp(1_795_165_200_000),
        from: "Bücherei <no-reply@shop.example>".into(),
        to: "ada@example.com".into(),
        subject: "Your books — and more".into(),
        text: "Hello Zoë,\n\nhttps://shop.example/reset-password?token=0123456789\n".into(),
        html: "<p>Hello Zo\u{eb},</p><p><a href=\"https://shop.example/reset-password?token=0123456789\">Go</a></p>"
            .into(),
    }
}

async fn send(settings: &config::Smtp) -> Result<(), SendError> {
    Smtp::open(settings).unwrap().send(&mail()).await.map(|_| ())
}

fn with(mut wishes: Value, more: Value) -> Value {
    wishes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    wishes
}

fn is_again(outcome: &Result<(), SendError>) -> bool {
    matches!(outcome, Err(SendError::Again(_)))
}

#[tokio::test]
async fn a_mail_arrives_encrypted_from_who_is_known_to_the_server() {
    let folder = TempDir::new().unwrap();
    let certificates = Certificates::make(folder.path());
    let wishes = with(certificates.wishes(), json!({ "user": "shop", "password": "open sesame" }));
    let mut post = Post::open(wishes).await;
    let mut settings = settings(post.port, SmtpTls::StartTls);
    (settings.user, settings.password) = ("shop".into(), "open sesame".into());
    settings.ca = certificates.ca;
    send(&settings).await.unwrap();

    let arrived = post.next().await;
    assert_eq!((&arrived["secure"], &arrived["user"]), (&json!(true), &json!("shop")));
    assert_eq!(arrived["envelope"], json!({ "from": "no-reply@shop.example", "to": ["ada@example.com"] }));
    assert_eq!(arrived["from"]["name"], "Bücherei");
    assert_eq!(arrived["to"][0]["address"], "ada@example.com");
    assert_eq!(arrived["subject"], "Your books — and more");
    assert_eq!(arrived["text"].as_str().unwrap().trim_end(), mail().text.trim_end());
    assert_eq!(arrived["html"].as_str().unwrap().trim_end(), mail().html);
    let headers = &arrived["headers"];
    assert_eq!(headers["message-id"], "<unique@shop.example>");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert!(headers["date"].as_str().unwrap().starts_with("Fri, 20 Nov 2026 09:00:00"), "{headers}");
}

#[tokio::test]
async fn a_mail_arrives_over_a_line_that_is_encrypted_from_the_first_byte() {
    let folder = TempDir::new().unwrap();
    let certificates = Certificates::make(folder.path());
    let mut post = Post::open(with(certificates.wishes(), json!({ "implicit": true }))).await;
    let mut settings = settings(post.port, SmtpTls::Implicit);
    settings.ca = certificates.ca;
    send(&settings).await.unwrap();
    assert_eq!(post.next().await["secure"], true);
}

#[tokio::test]
async fn a_mail_arrives_in_the_clear_within_a_machine() {
    let mut post = Post::open(json!({})).await;
    send(&settings(post.port, SmtpTls::None)).await.unwrap();
    assert_eq!(post.next().await["secure"], false);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_sent_nothing() {
    let folder = TempDir::new().unwrap();
    let mut post = Post::open(Certificates::make(folder.path()).wishes()).await;
    let outcome = send(&settings(post.port, SmtpTls::StartTls)).await;
    assert!(is_again(&outcome), "{outcome:?}");
    assert!(post.is_empty().await);
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_sent_nothing_unless_that_was_asked_for() {
    let mut post = Post::open(json!({})).await;
    let outcome = send(&settings(post.port, SmtpTls::StartTls)).await;
    assert!(is_again(&outcome), "{outcome:?}");
    assert!(post.is_empty().await);
}

#[tokio::test]
async fn a_refused_recipient_is_final_and_a_refused_log_in_is_not() {
    let mut post = Post::open(json!({ "refuse": { "ada@example.com": 550 } })).await;
    let outcome = send(&settings(post.port, SmtpTls::None)).await;
    assert!(matches!(outcome, Err(SendError::Never(_))), "{outcome:?}");

    let mut later = Post::open(json!({ "refuse": { "ada@example.com": 451 } })).await;
    let outcome = send(&settings(later.port, SmtpTls::None)).await;
    assert!(is_again(&outcome), "{outcome:?}");

    let folder = TempDir::new().unwrap();
    let certificates = Certificates::make(folder.path());
    let known = with(certificates.wishes(), json!({ "user": "shop", "password": "open sesame" }));
    let mut guarded = Post::open(known).await;
    let mut settings = settings(guarded.port, SmtpTls::StartTls);
    (settings.user, settings.password) = ("shop".into(), "wrong".into());
    settings.ca = certificates.ca;
    let outcome = send(&settings).await;
    assert!(is_again(&outcome), "{outcome:?}");
    assert!(post.is_empty().await && later.is_empty().await && guarded.is_empty().await);
}

#[tokio::test]
async fn a_server_that_is_away_or_says_nothing_is_tried_another_time() {
    let outcome = send(&settings(closed_port().await, SmtpTls::None)).await;
    assert!(is_again(&outcome), "{outcome:?}");

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(silent.local_addr().unwrap().port(), SmtpTls::None);
    (settings.host, settings.timeout_seconds) = ("127.0.0.1".into(), 1);
    let begun = Instant::now();
    let outcome = send(&settings).await;
    assert!(is_again(&outcome), "{outcome:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn settings_that_do_not_fit_together_are_refused_at_the_start() {
    let mut nowhere = settings(25, SmtpTls::None);
    nowhere.host = String::new();
    assert!(Smtp::open(&nowhere).unwrap_err().to_string().contains("mail.smtp.host"));

    let mut clear = settings(25, SmtpTls::None);
    (clear.host, clear.user) = ("mail.example".into(), "shop".into());
    assert!(Smtp::open(&clear).unwrap_err().to_string().contains("mail.smtp.tls"));

    let mut untrusted = settings(25, SmtpTls::StartTls);
    untrusted.ca = "/nowhere/ca.pem".into();
    assert!(Smtp::open(&untrusted).unwrap_err().to_string().contains("mail.smtp.ca"));
}

#[test]
fn the_usual_port_goes_with_the_encryption() {
    let ports = [SmtpTls::StartTls, SmtpTls::Implicit, SmtpTls::None].map(|tls| settings(0, tls).port());
    assert_eq!(ports, [587, 465, 25]);
    assert_eq!(settings(2525, SmtpTls::None).port(), 2525);
}
