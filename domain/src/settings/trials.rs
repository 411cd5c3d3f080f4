//! Trials of what a shop needs besides its database: mails and models. A trial is a job like the work that it tries, so
//! that it meets what that will meet; what it found out is kept until the next one.

use super::rows::{self, Setting};
use super::{Finding, Trial};
use crate::account::email::mail::{Content, Letter};
use crate::account::users;
use crate::audit::{self, Action, Entry};
use crate::jobs::{self, Change, Claim, Job, Queue, Unique};
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Tx};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Sends a mail to an admin, to their own address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TryMail {
    pub user_id: Uuid,
}

impl Job for TryMail {
    const KIND: &'static str = "mail.try";
    const QUEUE: Queue = Queue::Mail;
    /// Somebody waits for it.
    const PRIORITY: i32 = -1;
    const MAX_ATTEMPTS: i32 = 2;
    const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("mail.try:{}", self.user_id))
    }

    async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
        given_up(tx, Setting::MailTrial, change).await
    }
}

/// Loads each model that is used, and lets it do a little.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TryModels {}

impl Job for TryModels {
    const KIND: &'static str = "models.try";
    const QUEUE: Queue = Queue::Engines;
    const PRIORITY: i32 = -1;
    const MAX_ATTEMPTS: i32 = 2;
    const TIME_LIMIT: Duration = Duration::from_secs(30 * 60);
    const FINISH_ON_STOP: bool = false;

    fn unique(&self) -> Unique {
        Unique::Unfinished("models.try".to_owned())
    }

    async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
        given_up(tx, Setting::ModelTrial, change).await
    }
}

/// Asks for a trial of mails: one to the admin who asks, as often as [`Rule::Reauth`] allows them.
///
/// # Errors
/// `TooMany`.
pub async fn ask_for_mail(db: &Db, limits: &Limits, user_id: Uuid) -> Result<()> {
    limits.take(Rule::Reauth, &[&user_id.to_string()]).await?;
    db.transaction(async |tx| begin(&tx, Setting::MailTrial, "mail", &TryMail { user_id }).await).await
}

/// Asks for a trial of the models.
pub async fn ask_for_models(db: &Db) -> Result<()> {
    db.transaction(async |tx| begin(&tx, Setting::ModelTrial, "models", &TryModels {}).await).await
}

async fn begin(tx: &Tx, setting: Setting, what: &'static str, job: &impl Job) -> Result<()> {
    jobs::enqueue(tx, job).await?;
    let trial = Trial { asked_at: tx.now(), done_at: None, findings: Vec::new() };
    rows::put(tx, [(setting, serde_json::to_string(&trial)?)]).await?;
    audit::record(tx, Entry::new(Action::TrialAsked).on("settings", what).with(json!({ "of": what }))).await?;
    Ok(())
}

/// The letter of a trial of mails; `None` when its admin is gone.
pub async fn letter(db: &Db, job: &TryMail) -> Result<Option<Letter>> {
    let Some(account) = users::account(db, job.user_id).await? else { return Ok(None) };
    let user = account.user;
    let language = crate::account::profile::language(db, user.id).await?;
    Ok(Some(Letter { to: user.email, name: Some(user.name), language, content: Content::Trial }))
}

/// Keeps what a trial of mails found out.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn mail_tried(db: &Db, claim: &Claim, finding: Finding) -> Result<()> {
    finish(db, claim, Setting::MailTrial, vec![finding]).await
}

/// Keeps what a trial of models found out.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn models_tried(db: &Db, claim: &Claim, findings: Vec<Finding>) -> Result<()> {
    finish(db, claim, Setting::ModelTrial, findings).await
}

/// A trial that could not be made is over as well.
async fn given_up(tx: &Tx, setting: Setting, change: &Change) -> Result<()> {
    let words = match change {
        Change::Died { reason, .. } => reason.clone(),
        Change::Cancelled => "It was called off.".to_owned(),
        _ => return Ok(()),
    };
    conclude(tx, setting, vec![Finding { good: false, words }]).await
}

async fn finish(db: &Db, claim: &Claim, setting: Setting, findings: Vec<Finding>) -> Result<()> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        conclude(&tx, setting, findings.clone()).await
    })
    .await
}

async fn conclude(tx: &Tx, setting: Setting, findings: Vec<Finding>) -> Result<()> {
    let asked_at = kept(tx, setting).await?.map_or(tx.now(), |trial| trial.asked_at);
    let trial = Trial { asked_at, done_at: Some(tx.now()), findings };
    rows::put(tx, [(setting, serde_json::to_string(&trial)?)]).await
}

/// The last trial of a kind.
pub(super) async fn kept(db: &impl ConnectionTrait, setting: Setting) -> Result<Option<Trial>> {
    let Some(json) = rows::values(db, &[setting]).await?.remove(setting.name()) else { return Ok(None) };
    let read = serde_json::from_str(&json);
    read.map(Some).map_err(|_| Error::Damaged(format!("the setting {}", setting.name())))
}
