//! From what was asked for to the mail: also when the server is away, or a runner dies.

use super::post::{Post, closed_port, settings};
use super::{BASE, Desk, LEASE_MS, PASSWORD, address, desk, send_next, token};
use crate::Config;
use crate::config::SmtpTls;
use crate::mail::{MailRenderer, Mailer, Smtp};
use domain::account::email::{mail, verification};
use domain::account::{Password, login, recovery, registration};
use domain::entities::jobs as job_rows;
use domain::job_kinds;
use domain::jobs::{self, Claim, JobStatus, Queue, Retry};
use domain::production::jobs::FinishUpload;
use domain::settings::ShopSettings;
use domain::settings::legal::Seller;
use sea_orm::EntityTrait;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

async fn reset(desk: &Desk, token: &str) -> domain::Result<()> {
    recovery::reset(&desk.db, token, &Password::parse("another long walk").unwrap()).await.map(|_| ())
}

async fn opens(desk: &Desk, password: &str) -> bool {
    login::authenticate(&desk.db, "ada@example.com", password).await.unwrap().is_some()
}

/// A mail that a runner has taken which is killed then.
async fn claimed(desk: &Desk) -> Claim {
    jobs::claim(&desk.db, job_kinds::all(), Queue::Mail, "killed", LEASE_MS, 1).await.unwrap().remove(0)
}

async fn prepare(desk: &Desk, claim: &Claim) -> domain::Result<Option<mail::Letter>> {
    mail::prepare(&desk.db, claim, &serde_json::from_str(&claim.payload).unwrap()).await
}

async fn the_job(desk: &Desk) -> job_rows::Model {
    let mut jobs = job_rows::Entity::find().all(desk.db.read()).await.unwrap();
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

#[tokio::test]
async fn who_registers_gets_a_mail_whose_link_confirms_the_address() {
    let desk = desk().await;
    let ada = desk.register("ada").await;
    desk.send_all(&desk.runner()).await;
    let mails = desk.delivered().await;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), ("ada@example.com", "Confirm your address"));
    assert_eq!(mails[0].from, "Lectern <no-reply@shop.example>");
    verification::confirm(&desk.db, token(&mails[0], "verify-email")).await.unwrap();
    assert!(verification::email_status(&desk.db, ada.id).await.unwrap().confirmed);
}

#[tokio::test]
async fn a_forgotten_password_takes_two_mails() {
    let desk = desk().await;
    desk.register("ada").await;
    let runner = desk.runner();
    desk.send_all(&runner).await;
    recovery::ask_reset(&desk.db, &address("ada")).await.unwrap();
    recovery::ask_reset(&desk.db, &address("nobody")).await.unwrap();
    desk.send_all(&runner).await;
    let mails = desk.delivered().await;
    assert_eq!(mails.len(), 2, "none to nobody");
    reset(&desk, token(&mails[0], "reset-password")).await.unwrap();
    assert!(opens(&desk, "another long walk").await && !opens(&desk, PASSWORD).await);
    desk.send_all(&runner).await;
    let told = &desk.delivered().await[0];
    assert_eq!(told.subject, "Your password was changed");
    assert!(told.text.contains("Hello ada,"), "the address is confirmed by now: {}", told.text);
    assert!(told.text.contains(&format!("{BASE}/forgot-password")));
}

#[tokio::test]
async fn an_account_moves_with_three_mails() {
    let desk = desk().await;
    let ada = desk.register("ada").await;
    let runner = desk.runner();
    desk.send_all(&runner).await;
    verification::ask_move(&desk.db, ada.id, &address("countess"), PASSWORD).await.unwrap();
    desk.send_all(&runner).await;
    let mails = desk.delivered().await;
    let to = |name: &str| mails.iter().find(|mail| mail.to == address(name).as_str()).unwrap();
    assert!(to("ada").text.contains("countess@example.com"), "the old address is told where to");
    verification::confirm(&desk.db, token(to("countess"), "verify-email")).await.unwrap();
    desk.send_all(&runner).await;
    let told = &desk.delivered().await[0];
    assert_eq!((told.to.as_str(), told.subject.as_str()), ("ada@example.com", "Your account has a new address"));
}

#[tokio::test]
async fn a_mail_fetches_nothing_and_each_has_an_id_of_its_own() {
    let desk = desk().await;
    desk.register("ada").await;
    desk.register("ben").await;
    desk.send_all(&desk.runner()).await;
    let mails = desk.delivered().await;
    assert_ne!(mails[0].message_id, mails[1].message_id);
    for mail in mails {
        assert!(mail.message_id.ends_with("@shop.example"));
        for fetched in ["<img", "<link", "<script", "src=", "url("] {
            assert!(!mail.html.contains(fetched), "{fetched} in {}", mail.html);
        }
    }
}

#[tokio::test]
async fn a_mail_waits_while_the_server_is_away_and_leaves_when_it_is_back() {
    let desk = desk().await;
    desk.register("ada").await;
    let port = closed_port().await;
    let runner = desk.runner_by(Arc::new(Smtp::open(&settings(port, SmtpTls::None)).unwrap()));
    for failures in 1..=3 {
        assert!(send_next(&runner).await);
        let job = the_job(&desk).await;
        assert_eq!((job.status, job.failures), (JobStatus::Queued, failures));
        assert!(!send_next(&runner).await, "not before its time");
        desk.clock.advance(job.run_at.since_ms(desk.db.now()));
    }
    let mut post = Post::open(json!({ "port": port })).await;
    assert!(send_next(&runner).await);
    let arrived = post.next().await;
    assert_eq!(arrived["to"][0]["address"], "ada@example.com");
    let text = arrived["text"].as_str().unwrap();
    let token = text.split_once("token=").unwrap().1.split_whitespace().next().unwrap();
    verification::confirm(&desk.db, token).await.unwrap();
    assert_eq!(the_job(&desk).await.status, JobStatus::Done);
}

#[tokio::test]
async fn a_mail_that_nobody_takes_for_an_hour_is_given_up_with_the_reason() {
    let desk = desk().await;
    desk.register("ada").await;
    let runner = desk.runner_by(Arc::new(Smtp::open(&settings(closed_port().await, SmtpTls::None)).unwrap()));
    let begun = desk.db.now();
    while send_next(&runner).await {
        let job = the_job(&desk).await;
        desk.clock.advance(job.run_at.since_ms(desk.db.now()).max(0));
    }
    let job = the_job(&desk).await;
    assert_eq!((job.status, job.failures), (JobStatus::Dead, 12));
    assert!(job.last_error.unwrap().contains("did not take the mail"));
    let waited = desk.db.now().since_ms(begun);
    assert!((30 * 60_000..90 * 60_000).contains(&waited), "{waited} ms");
}

#[tokio::test]
async fn a_refused_mailbox_is_not_tried_again() {
    let desk = desk().await;
    desk.register("ada").await;
    let post = Post::open(json!({ "refuse": { "ada@example.com": 550 } })).await;
    let runner = desk.runner_by(Arc::new(Smtp::open(&settings(post.port, SmtpTls::None)).unwrap()));
    desk.send_all(&runner).await;
    assert_eq!(the_job(&desk).await.status, JobStatus::Dead);
}

#[tokio::test]
async fn a_runner_killed_between_making_a_link_and_sending_it_loses_no_mail() {
    let desk = desk().await;
    desk.register("ada").await;
    desk.send_all(&desk.runner()).await;
    recovery::ask_reset(&desk.db, &address("ada")).await.unwrap();
    // As far as a runner comes that is killed there: the digest is kept, the mail is not sent.
    let claim = claimed(&desk).await;
    assert!(prepare(&desk, &claim).await.unwrap().is_some());
    let runner = desk.runner();
    assert!(!send_next(&runner).await, "its lease still runs");
    desk.clock.advance(LEASE_MS + 1);
    assert!(send_next(&runner).await);
    reset(&desk, token(&desk.delivered().await[0], "reset-password")).await.unwrap();
    assert!(opens(&desk, "another long walk").await);
}

#[tokio::test]
async fn a_runner_killed_between_sending_and_saying_so_sends_again_and_the_last_link_works() {
    let desk = desk().await;
    desk.register("ada").await;
    desk.send_all(&desk.runner()).await;
    recovery::ask_reset(&desk.db, &address("ada")).await.unwrap();
    let claim = claimed(&desk).await;
    let letter = prepare(&desk, &claim).await.unwrap().unwrap();
    desk.mails
        .send(&super::renderer().write(&letter, &ShopSettings::default(), &Seller::default(), desk.db.now()))
        .await
        .unwrap();
    desk.clock.advance(LEASE_MS + 1);
    desk.send_all(&desk.runner()).await;
    let mails = desk.delivered().await;
    assert_eq!(mails.len(), 3);
    assert!(reset(&desk, token(&mails[1], "reset-password")).await.is_err());
    reset(&desk, token(&mails[0], "reset-password")).await.unwrap();
}

#[tokio::test]
async fn admins_are_told_once_when_work_is_given_up_that_a_person_must_look_at() {
    let desk = desk().await;
    desk.register("ada").await;
    let password = Password::parse(PASSWORD).unwrap();
    registration::create_admin(&desk.db, &address("root"), "Root", &password).await.unwrap();
    desk.send_all(&desk.runner()).await;
    for _ in 0..3 {
        let job = FinishUpload { upload: Uuid::now_v7() };
        desk.db.transaction(async |tx| jobs::enqueue(&tx, &job).await).await.unwrap();
        let kinds = job_kinds::all();
        let claim = jobs::claim(&desk.db, kinds, Queue::Storage, "one", LEASE_MS, 1).await.unwrap().remove(0);
        jobs::fail(&desk.db, kinds, &claim, "The disk is full.", Retry::Fatal).await.unwrap();
    }
    let before = desk.delivered().await.len();
    desk.clock.advance(30_000);
    desk.send_all(&desk.runner()).await;
    let mails = desk.delivered().await;
    assert_eq!(mails.len(), before + 1, "one mail for all of a kind, and none to shoppers");
    assert_eq!(
        (mails[0].to.as_str(), mails[0].subject.as_str()),
        ("root@example.com", "Work in the background was given up")
    );
    assert!(
        mails[0].text.contains("uploads.finish") && mails[0].text.contains("The disk is full."),
        "{}",
        mails[0].text
    );
    assert!(mails[0].text.contains(&format!("{BASE}/admin/jobs?status=dead")));
}

#[tokio::test]
async fn two_runners_send_each_mail_once() {
    let desk = desk().await;
    for n in 0..8 {
        desk.register(&format!("listener{n}")).await;
    }
    let (one, other) = (desk.runner(), desk.runner());
    tokio::join!(desk.send_all(&one), desk.send_all(&other));
    let mut to: Vec<_> = desk.delivered().await.into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), 8);
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 8, "each once");
}

#[tokio::test]
async fn a_runner_sends_in_the_background_until_asked_to_stop() {
    let desk = desk().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (runner, stop) = (desk.runner(), stop.clone());
        async move { runner.run(Vec::new(), stop).await }
    });
    desk.register("ada").await;
    let delivered = async {
        while desk.delivered().await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), delivered).await.unwrap();
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(20), running).await.unwrap().unwrap();
}

#[test]
fn mails_are_from_the_configured_address_or_else_from_the_shop_s_host() {
    let mut config = Config::load(None).unwrap();
    assert!(MailRenderer::new(&config, "http://127.0.0.1:3000".into()).is_ok());
    config.mail.from = "no address".into();
    let refused = MailRenderer::new(&config, BASE.into()).unwrap_err();
    assert!(refused.to_string().contains("mail.from"), "{refused}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_mail_in_the_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk().await;
    desk.register("ada").await;
    desk.send_all(&desk.runner()).await;
    let file = std::fs::read_dir(desk.folder.path().join("mail")).unwrap().next().unwrap().unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
