//! The mail that shows whether mails leave.

use super::post::{Post, closed_port, settings};
use super::{Desk, desk, send_next};
use crate::config::SmtpTls;
use crate::mail::{Mailer, Smtp};
use domain::account::Role;
use domain::limits::Limits;
use domain::settings::opening::opening;
use domain::settings::{SettingsForm, Trial, trials};
use domain::testing;
use serde_json::json;
use std::sync::Arc;

/// Asks for a trial, makes it by a mailer, and gives what is told of it.
async fn tried(desk: &Desk, mailer: Arc<dyn Mailer>) -> Trial {
    let limits = Limits::in_memory(Default::default(), Arc::new(domain::SystemClock));
    let root = testing::user(&desk.db, "root", Role::Admin).await;
    trials::ask_for_mail(&desk.db, &limits, root.id).await.unwrap();
    assert!(send_next(&desk.runner_by(mailer)).await);
    opening(&desk.db).await.unwrap().mail.unwrap()
}

#[tokio::test]
async fn a_mail_that_stays_in_a_folder_says_in_which() {
    let desk = desk().await;
    let form = SettingsForm {
        name: "The Reading Room".into(),
        currency: "USD".into(),
        contact: "desk@shop.example".into(),
        language: "en".into(),
        ..SettingsForm::default()
    };
    desk.settings.save(&desk.db, &form).await.unwrap();
    let trial = tried(&desk, Arc::new(desk.mails.clone())).await;
    assert!(trial.went_well(), "{trial:?}");
    let folder = desk.folder.path().join("mail").display().to_string();
    assert!(trial.findings[0].words.contains(&folder), "{trial:?}");
    let mail = desk.delivered().await.remove(0);
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("root@example.com", "Mails from your shop arrive"));
    assert_eq!(mail.from, "The Reading Room <no-reply@shop.example>", "in the name that the shop has now");
    assert!(mail.text.contains("The Reading Room, https://shop.example, desk@shop.example"), "{}", mail.text);
}

#[tokio::test]
async fn a_mail_server_that_takes_it_is_quoted() {
    let desk = desk().await;
    let mut post = Post::open(json!({})).await;
    let trial = tried(&desk, Arc::new(Smtp::open(&settings(post.port, SmtpTls::None)).unwrap())).await;
    assert!(trial.went_well() && trial.findings[0].words.contains("took it and said: 250"), "{trial:?}");
    post.next().await;
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_told_and_the_trial_is_over() {
    let desk = desk().await;
    let smtp = Smtp::open(&settings(closed_port().await, SmtpTls::None)).unwrap();
    let trial = tried(&desk, Arc::new(smtp)).await;
    assert!(trial.done_at.is_some() && !trial.went_well());
    assert!(trial.findings[0].words.contains("did not leave"), "{trial:?}");
}
