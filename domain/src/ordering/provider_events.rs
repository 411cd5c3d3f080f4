//! What a provider tells the shop by itself. It is written down once, and a job then asks the provider how things stand: so
//! it does not matter how often, and in which order, events come.

use super::attempts::{self, Looked};
use super::elsewhere::{self, Followed};
use super::events::Occasion;
use super::payment::{Payments, Unreachable};
use super::refunds::{self, Tried};
use crate::entities::payment_events as rows;
use crate::jobs::{self, Change, Job, Queue, Unique};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, UpdateMany};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long events are remembered, in milliseconds: far longer than a provider repeats them.
const REMEMBERED_MS: i64 = 30 * Timestamp::DAY_MS;
/// Longest names that are kept, in bytes.
const EVENT_ID_MAX: usize = 255;
const KIND_MAX: usize = 64;
/// How a person is told of a refund whose money came back.
const BOUNCED: &str = "A refund did not reach the buyer";
/// Why the shop does not give money anew that a person gave already.
const IN_OTHER_AMOUNTS: &str =
    "What did not reach the buyer was given at the provider in other amounts; the shop gives nothing.";

/// Something that a provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    pub provider: &'static str,
    /// What the provider calls it; the same one may come again.
    pub id: String,
    /// As the provider names it.
    pub kind: String,
    pub about: About,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// An attempt, by its id: something happened to it.
    Payment(Uuid),
    /// A refund, by its id: its money may not have reached the buyer.
    Refund(Uuid),
    /// A charge, by the provider's own name of it: money went back there, or is to.
    Charge(String),
}

/// Brings the books up to date after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HearProvider {
    pub event: Uuid,
}

impl Job for HearProvider {
    const KIND: &'static str = "ordering.hear-provider";
    const QUEUE: Queue = Queue::Maintenance;
    /// People wait for it.
    const PRIORITY: i32 = -10;
    const MAX_ATTEMPTS: i32 = 12;
    const TIME_LIMIT: Duration = Duration::from_secs(2 * 60);
    const NEEDS_PERSON: bool = true;
    const KEEP_DONE_MS: i64 = 60 * 60 * 1000;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("{}:{}", Self::KIND, self.event))
    }

    /// That a person is told of a refund that came back is written together with the end of the job: so one that is cut off
    /// before says it again, and only one that a person has put back gives the money anew.
    async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
        match change {
            Change::Died { reason, .. } if reason.starts_with(BOUNCED) => {
                done(self.event, tx.now()).exec(tx).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The books are up to date with an event, or a person was told what they lack.
fn done(event: Uuid, at: Timestamp) -> UpdateMany<rows::Entity> {
    rows::Entity::update_many().col_expr(rows::Column::DoneAt, Expr::value(at)).filter(rows::Column::Id.eq(event))
}

/// Writes an event down, and the job that follows it; `false` for one that came before.
///
/// # Errors
/// When the database fails, or a name is too long to be kept.
pub async fn note(db: &Db, event: &ProviderEvent) -> Result<bool> {
    if event.id.is_empty() || event.id.len() > EVENT_ID_MAX || event.kind.len() > KIND_MAX {
        return Err(Error::Damaged("an event of a payment provider has no name that can be kept".to_owned()));
    }
    let (payment_id, refund_id, charge) = match &event.about {
        About::Payment(id) => (Some(*id), None, None),
        About::Refund(id) => (None, Some(*id), None),
        About::Charge(name) => (None, None, Some(name)),
    };
    if charge.is_some_and(|name| name.is_empty() || name.len() > EVENT_ID_MAX) {
        return Err(Error::Damaged("a charge has no name that can be kept".to_owned()));
    }
    let noted = db
        .transaction(async |tx| {
            let known = rows::Entity::find()
                .filter(rows::Column::Provider.eq(event.provider))
                .filter(rows::Column::EventId.eq(&event.id))
                .one(&tx)
                .await?;
            if known.is_some() {
                return Ok(false);
            }
            let id = Uuid::now_v7();
            let row = rows::Model {
                id,
                provider: event.provider.to_owned(),
                event_id: event.id.clone(),
                kind: event.kind.clone(),
                payment_id,
                refund_id,
                first_to_tell: false,
                charge: charge.cloned(),
                received_at: tx.now(),
                done_at: None,
            };
            rows::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
            jobs::enqueue(&tx, &HearProvider { event: id }).await?;
            Ok(true)
        })
        .await;
    match noted {
        // It came twice at one moment.
        Err(error) if error.is_unique_violation() => Ok(false),
        noted => noted,
    }
}

/// What became of following an event.
#[derive(Clone, Debug)]
pub enum Heard {
    Done,
    /// The provider has to be asked again.
    NotYet(Unreachable),
    /// It is written down, and a person has to look at it.
    NeedsPerson(String),
}

/// Follows an event. May be cut off at any place and done again.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "provider_event", skip_all, fields(id = %job.event))]
pub async fn hear(db: &Db, payments: &Payments, job: &HearProvider) -> Result<Heard> {
    let Some(event) = rows::Entity::find_by_id(job.event).one(db.read()).await? else { return Ok(Heard::Done) };
    if event.done_at.is_some() {
        // Its job was given up and put back: whoever did so has looked at the refund.
        let Some(id) = event.refund_id else { return Ok(Heard::Done) };
        let charge = match &event.charge {
            Some(charge) => Ok(Some(charge.clone())),
            None => refunds::charge(db, payments, id).await?,
        };
        let charge = match charge {
            Ok(charge) => charge,
            Err(error) => return Ok(Heard::NotYet(error)),
        };
        if let Some(charge) = charge {
            match elsewhere::is_lacking(db, payments, &event.provider, &charge, id).await? {
                Ok(true) => {}
                Ok(false) => return Ok(Heard::NeedsPerson(IN_OTHER_AMOUNTS.to_owned())),
                Err(error) => return Ok(Heard::NotYet(error)),
            }
        }
        let tried = refunds::try_again(db, payments, id).await?;
        return Ok(heard_of_refund(elsewhere::overtaken(db, payments, id, tried).await?));
    }
    let heard = match (event.payment_id, event.refund_id, &event.charge) {
        (_, _, Some(charge)) => match elsewhere::follow(db, payments, &event.provider, charge, Some(&event)).await? {
            Followed::Done => Heard::Done,
            Followed::NotYet(error) => Heard::NotYet(error),
            Followed::Bounced(why) => heard_of_refund(Tried::Refused(why)),
            Followed::Foreign(error) => return Err(error),
        },
        (_, Some(refund), None) => heard_of_refund(refunds::check(db, payments, &event, refund).await?),
        (Some(payment), None, None) => about_payment(db, payments, payment).await?,
        (None, None, None) => Heard::Done,
    };
    if matches!(heard, Heard::Done) {
        done(event.id, db.now()).exec(db.read()).await?;
    }
    Ok(heard)
}

async fn about_payment(db: &Db, payments: &Payments, id: Uuid) -> Result<Heard> {
    let attempt = match attempts::find(db, id).await {
        // Of another shop with the same account.
        Err(Error::NotFound(_)) => return Ok(Heard::Done),
        attempt => attempt?,
    };
    Ok(match attempts::look(db, payments, &attempt, Occasion::Webhook).await? {
        Looked::Unreachable(error) => Heard::NotYet(error),
        // What is still open has an event to come, and its own job.
        Looked::Known | Looked::Waits | Looked::Unseen => Heard::Done,
    })
}

fn heard_of_refund(tried: Tried) -> Heard {
    match tried {
        // Whoever looks finds where the money went: it is written down by then.
        Tried::Done | Tried::Elsewhere { .. } => Heard::Done,
        Tried::NotYet(error) => Heard::NotYet(error),
        Tried::Refused(why) => Heard::NeedsPerson(format!("{BOUNCED}: {why}")),
    }
}

/// Forgets events that are too old to come again. Says how many.
pub async fn forget_old(db: &Db) -> Result<u64> {
    db.transaction(async |tx| {
        let gone = rows::Entity::delete_many()
            .filter(rows::Column::ReceivedAt.lt(tx.now().plus_ms(-REMEMBERED_MS)))
            .exec(&tx)
            .await?;
        Ok(gone.rows_affected)
    })
    .await
}
