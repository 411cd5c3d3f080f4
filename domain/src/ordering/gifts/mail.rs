//! The mail of a gift. Its job says which gift, never to whom: that is found out when it is sent, as is whether the gift is
//! still to be given.

use super::code::open;
use crate::account::email::email_tokens::LinkToken;
use crate::account::email::mail::{Content, GiftWords, Letter};
use crate::account::{InvalidEmail, Language};
use crate::entities::gifts::{Column, Entity};
use crate::entities::{audiobooks, orders};
use crate::jobs::{self, Claim, Job, Queue, Unique};
use crate::ordering::{OrderEventKind, events};
use crate::{Db, Error, Result, Timestamp, Tx, Vault};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Sends the mail of a gift: which of its mails it is, for one to an address that was corrected since says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendGift {
    pub gift_id: Uuid,
    pub mailing: i32,
}

impl Job for SendGift {
    const KIND: &'static str = "ordering.send-gift";
    const QUEUE: Queue = Queue::Mail;
    /// With the queue's growing waits, about an hour; then somebody is told.
    const MAX_ATTEMPTS: i32 = 12;
    const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("{}:{}:{}", Self::KIND, self.gift_id, self.mailing))
    }
}

/// Asks for the mail of a gift, not before a time.
pub(super) async fn ask(tx: &Tx, job: SendGift, at: Timestamp) -> Result<()> {
    jobs::enqueue_at(tx, &job, at).await.map(|_| ())
}

/// Finds out what to send; `None` when nothing is: it was sent, accepted or paid back.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn prepare(db: &Db, vault: &dyn Vault, claim: &Claim, job: &SendGift) -> Result<Option<Letter>> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        letter(&tx, vault, job).await
    })
    .await
}

async fn letter(tx: &Tx, vault: &dyn Vault, job: &SendGift) -> Result<Option<Letter>> {
    let Some(gift) = Entity::find_by_id(job.gift_id).one(tx).await? else { return Ok(None) };
    // Held, so that it is not paid back while its mail is written.
    let order = orders::Entity::find_by_id(gift.order_id).lock_exclusive().one(tx).await?;
    if gift.mailing != job.mailing || gift.sent_at.is_some() || gift.redeemed_at.is_some() {
        return Ok(None);
    }
    let Some(recipient) = gift.recipient.filter(|_| order.is_some_and(|order| order.status.is_paid())) else {
        return Ok(None);
    };
    let title = audiobooks::Entity::find_by_id(gift.audiobook_id).one(tx).await?.ok_or(Error::NotFound("title"))?;
    let words = GiftWords {
        title: title.title,
        sender: gift.sender_name,
        message: gift.message,
        code: LinkToken::new(open(vault, gift.id, &gift.code_sealed)?),
    };
    Ok(Some(Letter {
        to: recipient.parse().map_err(|error: InvalidEmail| Error::Damaged(error.to_string()))?,
        name: gift.recipient_name,
        language: Language::default(),
        content: Content::Gift(words),
    }))
}

/// Writes down that the mail of a gift has left, once: its buyer sees it.
///
/// # Errors
/// When the database fails.
pub async fn left(db: &Db, job: &SendGift) -> Result<()> {
    db.transaction(async |tx| {
        let sent = Entity::update_many()
            .col_expr(Column::SentAt, Expr::value(tx.now()))
            .filter(Column::Id.eq(job.gift_id))
            .filter(Column::Mailing.eq(job.mailing))
            .filter(Column::SentAt.is_null())
            .exec(&tx)
            .await?;
        if sent.rows_affected == 0 {
            return Ok(());
        }
        let Some(gift) = Entity::find_by_id(job.gift_id).one(&tx).await? else { return Ok(()) };
        events::record(&tx, gift.order_id, OrderEventKind::GiftSent, "Job: its day has come").await?;
        if gift.forget { forget(&tx, &[gift.id]).await } else { Ok(()) }
    })
    .await
}

/// Forgets whom gifts are for, who gave them and what was said.
pub(super) async fn forget(tx: &Tx, gifts: &[Uuid]) -> Result<()> {
    if gifts.is_empty() {
        return Ok(());
    }
    let nothing = || Expr::value(None::<String>);
    Entity::update_many()
        .col_expr(Column::Recipient, nothing())
        .col_expr(Column::RecipientName, nothing())
        .col_expr(Column::SenderName, nothing())
        .col_expr(Column::Message, nothing())
        .filter(Column::Id.is_in(gifts.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}
