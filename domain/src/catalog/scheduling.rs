//! Publishing at a time: chosen, changed, called off, and done when it is due.

use super::scheduled::{self, PublishDue};
use super::titles::{entry, locked};
use super::{Status, form, publish};
use crate::audit::{self, Action};
use crate::entities::audiobooks::{Column, Entity};
use crate::jobs::{self, Claim};
use crate::{Db, Error, Result};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Lets a title go on sale at a time, written in UTC as `2026-11-20T09:30`; another time that it had is forgotten. It has
/// to be ready now, and is looked at again when it is due.
///
/// # Errors
/// [`Error::Invalid`] when the time has passed or the title lacks something, [`Error::Conflict`] when it is on sale,
/// [`Error::NotFound`].
pub async fn schedule(db: &Db, id: Uuid, at: &str) -> Result<()> {
    let at = form::moment("publish_at", at)?.ok_or_else(|| Error::invalid("publish_at", "schedule.no-time"))?;
    if at <= db.now() {
        return Err(Error::invalid("publish_at", "schedule.past"));
    }
    db.transaction(async |tx| {
        let title = locked(&tx, id).await?;
        if title.status == Status::Published {
            return Err(Error::conflict("title.on-sale-already"));
        }
        publish::check(&tx, id, "title.not-ready").await?;
        scheduled::forget(&tx, id).await?;
        Entity::update_many()
            .col_expr(Column::PublishAt, Expr::value(at))
            .col_expr(Column::PublishFailure, Expr::value(None::<String>))
            .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
            .filter(Column::Id.eq(id))
            .exec(&tx)
            .await?;
        jobs::enqueue_at(&tx, &PublishDue { audiobook_id: id, at }, at).await?;
        let details = json!({ "title": title.title, "at": at.rfc3339() });
        audit::record(&tx, entry(Action::TitleScheduled, id, "").with(details)).await
    })
    .await
}

/// Calls it off: the title stays where it is.
///
/// # Errors
/// [`Error::Conflict`] when no time is set, such as when it went on sale a moment ago; [`Error::NotFound`].
pub async fn unschedule(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let title = locked(&tx, id).await?;
        if title.publish_at.is_none() {
            return Err(Error::conflict("schedule.none"));
        }
        scheduled::clear(&tx, id).await?;
        audit::record(&tx, entry(Action::TitleUnscheduled, id, &title.title)).await
    })
    .await
}

/// Does a [`PublishDue`]; says whether the title went on sale. One whose time was changed or called off, that somebody
/// published meanwhile or deleted, is left alone. However late it is done, the title was published when it was due.
///
/// # Errors
/// [`Error::Invalid`] with what the title lacks, [`Error::LeaseLost`] when the claim no longer stands.
pub async fn publish_due(db: &Db, claim: &Claim, job: &PublishDue) -> Result<bool> {
    db.transaction(async |tx| {
        jobs::complete(&tx, claim).await?;
        let title = match locked(&tx, job.audiobook_id).await {
            Err(Error::NotFound(_)) => return Ok(false),
            title => title?,
        };
        if title.publish_at != Some(job.at) {
            return Ok(false);
        }
        let Some(name) = publish::publish_dated(&tx, title.id, job.at).await? else { return Ok(false) };
        let details = json!({ "title": name, "due": job.at.rfc3339() });
        audit::record(&tx, entry(Action::TitlePublished, title.id, "").with(details)).await?;
        Ok(true)
    })
    .await
}
