//! An author and their review.

use super::form::Given;
use super::{OwnReview, ReviewForm, tally};
use crate::account::users;
use crate::audit::{self, Action, Entry};
use crate::catalog::Status;
use crate::catalog::titles::{id_of, locked};
use crate::entities::reviews::{Column, Entity, Model};
use crate::entitlements::owned_among;
use crate::flags::{Flag, live};
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Tx};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Keeps what somebody thinks of a title that is theirs: their first review of it, or another instead of it. One that is
/// hidden stays so. As often as [`Rule::Rate`] allows one person.
///
/// # Errors
/// `Invalid` on the field `story`, `performance` or `text`; `Conflict` when the title is not theirs, or [`Flag::Reviews`] is off; `NotFound` when there is
/// no such title for them; `TooMany`.
pub async fn rate(db: &Db, limits: &Limits, user_id: Uuid, slug: &str, form: &ReviewForm) -> Result<()> {
    limits.take(Rule::Rate, &[&user_id.to_string()]).await?;
    let id = id_of(db, slug).await?;
    let taken = live::rule(db, Flag::Reviews).await?;
    db.transaction(async |tx| {
        // The person first: whoever leaves at this moment leaves no review behind.
        let role = users::locked_role(&tx, user_id).await?;
        if !live::is_on_for(Flag::Reviews, taken, user_id, role) {
            return Err(Error::conflict("review.not-taken"));
        }
        let title = locked(&tx, id).await?;
        if !owned_among(&tx, user_id, &[id]).await?.contains(&id) {
            let shown = title.status == Status::Published;
            return Err(if shown { Error::conflict("review.not-owned") } else { Error::NotFound("title") });
        }
        let Given { story, performance, text } = Given::parse(form)?;
        let before = of(&tx, user_id, id).await?;
        let after = match before.clone() {
            Some(review) => Model { story, performance, text, updated_at: tx.now(), ..review },
            None => Model {
                id: Uuid::now_v7(),
                audiobook_id: id,
                user_id,
                story,
                performance,
                text,
                hidden: false,
                hidden_reason: None,
                open_reports: 0,
                created_at: tx.now(),
                updated_at: tx.now(),
            },
        };
        tally::change(&tx, &title, before.as_ref(), Some(&after)).await?;
        told(&tx, Action::ReviewWritten, &after, &title.title).await?;
        let row = after.into_active_model();
        if before.is_some() {
            row.reset_all().update(&tx).await?;
        } else {
            Entity::insert(row).exec_without_returning(&tx).await?;
        }
        Ok(())
    })
    .await
}

/// Takes one's review of a title away, whoever owns the title now. Doing it again changes nothing.
///
/// # Errors
/// `NotFound` when there is no such title.
pub async fn remove(db: &Db, user_id: Uuid, slug: &str) -> Result<()> {
    let id = id_of(db, slug).await?;
    db.transaction(async |tx| {
        let title = locked(&tx, id).await?;
        let Some(review) = of(&tx, user_id, id).await? else { return Ok(()) };
        tally::change(&tx, &title, Some(&review), None).await?;
        Entity::delete_by_id(review.id).exec(&tx).await?;
        told(&tx, Action::ReviewTakenBack, &review, &title.title).await
    })
    .await
}

/// Everybody reads it, so the trail says who wrote it and when, also once it is gone; not what stood there.
async fn told(tx: &Tx, action: Action, review: &Model, title: &str) -> Result<()> {
    audit::record(tx, Entry::new(action).on("review", review.id).with(json!({ "title": title }))).await
}

/// What somebody wrote of a title, for themselves.
pub(super) async fn own(db: &Db, user_id: Uuid, audiobook_id: Uuid) -> Result<Option<OwnReview>> {
    let review = of(db.read(), user_id, audiobook_id).await?;
    Ok(review.map(|review| OwnReview {
        id: review.id,
        form: ReviewForm { story: small(review.story), performance: small(review.performance), text: review.text },
        hidden: review.hidden.then(|| review.hidden_reason.unwrap_or_default()),
    }))
}

pub(super) fn small(stars: i32) -> u8 {
    u8::try_from(stars).unwrap_or_default()
}

async fn of(connection: &impl ConnectionTrait, user_id: Uuid, audiobook_id: Uuid) -> Result<Option<Model>> {
    let own = Entity::find().filter(Column::UserId.eq(user_id)).filter(Column::AudiobookId.eq(audiobook_id));
    Ok(own.one(connection).await?)
}
