//! What admins do about reviews.

use super::form::reason;
use super::report::held;
use super::{ModeratedReview, page, tally};
use crate::audit::{self, Action, Entry};
use crate::catalog::Link;
use crate::catalog::titles::{locked, names_of};
use crate::entities::reviews::{Column, Entity, Model};
use crate::{Db, Error, Result};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Where a page of the admins' list ended: `3.0192…`, the open reports and the id of its last review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    open_reports: i32,
    id: Uuid,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.open_reports, self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (reports, id) = text.split_once('.').ok_or(())?;
        Ok(Self { open_reports: reports.parse().map_err(drop)?, id: id.parse().map_err(drop)? })
    }
}

/// Reviews, those with the most open reports first, then the newest: at most `most`, after `place`; and where they go on.
pub async fn list(db: &Db, place: Option<Place>, most: u64) -> Result<(Vec<ModeratedReview>, Option<Place>)> {
    let mut query = Entity::find();
    if let Some(Place { open_reports, id }) = place {
        let later = Column::OpenReports.eq(open_reports).and(Column::Id.lt(id));
        query =
            query.filter(Column::OpenReports.lte(open_reports)).filter(Column::OpenReports.lt(open_reports).or(later));
    }
    let query = query.order_by_desc(Column::OpenReports).order_by_desc(Column::Id);
    // One more than is shown tells whether there are more.
    let mut rows = page::read(db, query.limit(most + 1)).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more).map(|row| &row.review);
    let next = last.map(|review| Place { open_reports: review.open_reports, id: review.id });
    let titles: Vec<Uuid> = rows.iter().map(|row| row.review.audiobook_id).collect();
    let titles = names_of(db, &titles).await?;
    let moderated = rows.into_iter().map(|row| {
        let (slug, name) = titles.get(&row.review.audiobook_id).cloned().unwrap_or_default();
        ModeratedReview {
            title: Link { slug, name },
            open_reports: u32::try_from(row.review.open_reports).unwrap_or_default(),
            hidden: row.review.hidden.then(|| row.review.hidden_reason.clone().unwrap_or_default()),
            review: row.into(),
        }
    });
    Ok((moderated.collect(), next))
}

/// Hides a review from everybody but its author, who is shown the reason. It counts no more.
///
/// # Errors
/// `Invalid` on the field `reason`; `NotFound` when there is no such review.
pub async fn hide(db: &Db, id: Uuid, typed: &str) -> Result<()> {
    let reason = reason(typed)?;
    decide(db, id, Some(reason)).await
}

/// Shows a review, whether it was hidden or only reported: its reports are done with.
///
/// # Errors
/// `NotFound` when there is no such review.
pub async fn show(db: &Db, id: Uuid) -> Result<()> {
    decide(db, id, None).await
}

async fn decide(db: &Db, id: Uuid, reason: Option<String>) -> Result<()> {
    let found = Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("review"))?;
    db.transaction(async |tx| {
        // The title first, as everywhere: whoever holds both took them in this order.
        let title = locked(&tx, found.audiobook_id).await?;
        let before = held(&tx, id).await?;
        let after =
            Model { hidden: reason.is_some(), hidden_reason: reason.clone(), open_reports: 0, ..before.clone() };
        tally::change(&tx, &title, Some(&before), Some(&after)).await?;
        let mut row = before.clone().into_active_model();
        row.hidden = Set(after.hidden);
        row.hidden_reason = Set(after.hidden_reason);
        row.open_reports = Set(0);
        row.update(&tx).await?;
        let action = if reason.is_some() { Action::ReviewHidden } else { Action::ReviewShown };
        let details = json!({ "title": title.slug, "reports": before.open_reports, "reason": reason });
        audit::record(&tx, Entry::new(action).on("review", id).with(details)).await
    })
    .await
}
