//! The way of a message: taken up by a job, sent by the server, and what follows from the answer.

use super::address::without_path;
use super::{DeliveryStatus, OffWhy, SigningSecret, keep};
use crate::account::email::mail;
use crate::audit::{self, Action, Entry};
use crate::entities::{webhook_deliveries as messages, webhooks};
use crate::jobs::{self, Claim, Job, Queue};
use crate::vault::Vault;
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// The waits between the tries, in seconds: ten tries in all, over three days and some hours.
const WAITS_S: [i64; 9] =
    [5, 5 * 60, 30 * 60, 2 * 60 * 60, 5 * 60 * 60, 10 * 60 * 60, 14 * 60 * 60, 20 * 60 * 60, 24 * 60 * 60];
/// After so many days without a message that arrived, an address is switched off.
const PATIENCE_DAYS: i64 = 5;
/// How much of an answer is kept, in characters.
const ANSWER_MAX: usize = 1000;
/// Why there was no answer from an address that is off.
const OFF: &str = "Its time came while the address was switched off.";

/// A message is to be sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SendWebhook {
    pub delivery_id: Uuid,
}

impl Job for SendWebhook {
    const KIND: &'static str = "webhooks.send";
    const QUEUE: Queue = Queue::Webhooks;
    const TIME_LIMIT: Duration = Duration::from_secs(60);
    const KEEP_DONE_MS: i64 = 60 * 60 * 1000;
}

/// A message as it is sent.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: Uuid,
    pub address: String,
    pub body: String,
    /// What signs it: the secret, and for a day the one of before.
    pub secrets: Vec<SigningSecret>,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The HTTP status; `None` where there was no answer.
    pub status: Option<u16>,
    /// The beginning of the answer, or why there was none.
    pub answer: String,
    pub took_ms: i64,
}

impl Tried {
    fn arrived(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}

/// What a job has to send; `None` when it is needless by now: it arrived, or somebody had it sent again and its time is
/// another. While its address is off it is given up.
///
/// # Errors
/// When a secret was sealed with another key.
pub async fn prepare(db: &Db, vault: &dyn Vault, job: &SendWebhook) -> Result<Option<Message>> {
    let found = messages::Entity::find_by_id(job.delivery_id).one(db.read()).await?;
    let due = |message: &messages::Model| message.next_at.is_some_and(|at| at <= db.now());
    let Some(message) = found.filter(due) else { return Ok(None) };
    let Some(webhook) = webhooks::Entity::find_by_id(message.webhook_id).one(db.read()).await? else { return Ok(None) };
    if webhook.off_at.is_some() {
        return if give_up(db, &message).await? { Ok(None) } else { Err(Error::Busy) };
    }
    let old = webhook.old_secret.filter(|_| webhook.old_secret_until.is_some_and(|until| until > db.now()));
    let sealed = std::iter::once(webhook.secret).chain(old);
    let opened = |sealed: String| {
        let secret = vault.open(&keep::sealed_as(webhook.id), &sealed)?;
        let secret = String::from_utf8(secret).map_err(|_| Error::Damaged("the secret of a webhook".to_owned()))?;
        Ok(SigningSecret::from(secret))
    };
    let secrets = sealed.map(opened).collect::<Result<Vec<_>>>()?;
    Ok(Some(Message { id: message.id, address: webhook.address, body: message.body, secrets }))
}

/// Ends a message whose time has come while its address is off: it is sent no more when that is switched on again, unless
/// somebody has it sent. `false` when one of the two was changed at this moment.
async fn give_up(db: &Db, message: &messages::Model) -> Result<bool> {
    db.transaction(async |tx| {
        let webhook = keep::held(&tx, message.webhook_id).await?;
        let found = messages::Entity::find_by_id(message.id).lock_exclusive().one(&tx).await?;
        let same = found.is_some_and(|found| found.next_at == message.next_at);
        if !same || webhook.is_none_or(|webhook| webhook.off_at.is_none()) {
            return Ok(false);
        }
        let change = messages::ActiveModel {
            id: Set(message.id),
            status: Set(DeliveryStatus::Failed),
            next_at: Set(None),
            answer_status: Set(None),
            answer: Set(Some(OFF.to_owned())),
            ..Default::default()
        };
        change.update(&tx).await?;
        Ok(true)
    })
    .await
}

/// Keeps what came of a try, and ends the job: with the next one, where it is to be tried again.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn tried(db: &Db, claim: &Claim, id: Uuid, tried: &Tried) -> Result<()> {
    db.transaction(async |tx| {
        jobs::complete(&tx, claim).await?;
        let Some(message) = messages::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
        // The address first, always: whoever sends a message again holds it first too.
        let Some(webhook) = keep::held(&tx, message.webhook_id).await? else { return Ok(()) };
        let found = messages::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
        let Some(message) = found else { return Ok(()) };
        let off = follow(&tx, &webhook, tried).await?;
        let wait = usize::try_from(message.tries).ok().and_then(|tries| WAITS_S.get(tries));
        let next = wait.filter(|_| !tried.arrived() && !off).map(|wait_s| tx.now().plus_ms(wait_s * 1000));
        let status = match next {
            _ if tried.arrived() => DeliveryStatus::Arrived,
            Some(_) => DeliveryStatus::Waiting,
            None => DeliveryStatus::Failed,
        };
        let answer: String = tried.answer.chars().filter(|sign| *sign != '\0').take(ANSWER_MAX).collect();
        let change = messages::ActiveModel {
            id: Set(id),
            status: Set(status),
            tries: Set(message.tries + 1),
            tried_at: Set(Some(tx.now())),
            next_at: Set(next),
            answer_status: Set(tried.status.map(i32::from)),
            answer: Set(Some(answer)),
            took_ms: Set(i32::try_from(tried.took_ms).ok()),
            ..Default::default()
        };
        change.update(&tx).await?;
        if let Some(at) = next {
            jobs::enqueue_at(&tx, &SendWebhook { delivery_id: id }, at).await?;
        }
        Ok(())
    })
    .await
}

/// What an answer says of the address; true when it is told nothing any more.
async fn follow(tx: &Tx, webhook: &webhooks::Model, tried: &Tried) -> Result<bool> {
    let now = tx.now();
    let mut change = webhooks::ActiveModel { id: Set(webhook.id), ..Default::default() };
    if tried.arrived() {
        if webhook.failing_since.is_some() {
            change.failing_since = Set(None);
            change.update(tx).await?;
        }
        return Ok(false);
    }
    let since = webhook.failing_since.unwrap_or(now);
    let patient = now.since_ms(since) < PATIENCE_DAYS * Timestamp::DAY_MS;
    if webhook.off_at.is_some() {
        return Ok(true);
    }
    change.failing_since = Set(Some(since));
    if patient && !tried.is_gone() {
        if webhook.failing_since.is_none() {
            change.update(tx).await?;
        }
        return Ok(false);
    }
    let why = if tried.is_gone() { OffWhy::Gone } else { OffWhy::Failing };
    (change.off_at, change.off_why) = (Set(Some(now)), Set(Some(why)));
    change.version = Set(webhook.version + 1);
    change.update(tx).await?;
    let line = Entry::new(Action::WebhookOff).on("webhook", webhook.id);
    let address = without_path(&webhook.address);
    audit::record(tx, line.with(json!({ "address": address, "why": why }))).await?;
    mail::tell_of_webhook(tx, &address, why == OffWhy::Gone).await?;
    Ok(true)
}
