//! The reviews of a title, as its page shows them: newest first, a page after the other by the id where it ended.

use super::keep::{own, small};
use super::{Review, ReviewPage, ReviewViewer, tally};
use crate::account::User;
use crate::account::users::names_of;
use crate::catalog::product_page::visible;
use crate::entities::reviews::{Column, Entity, Model};
use crate::entitlements::{owners_among, owns};
use crate::{Db, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Reviews on a page.
pub const PAGE_SIZE: u64 = 10;

/// A page of the reviews of a title, from the newest on, or from those before `before`.
///
/// # Errors
/// `NotFound` when there is no such title, or not for this viewer.
pub async fn reviews(db: &Db, slug: &str, viewer: Option<&User>, before: Option<Uuid>) -> Result<ReviewPage> {
    let title = visible(db, slug, viewer).await?;
    // One more than is shown tells whether there are more.
    let mut rows = shown(db, title.id, before, PAGE_SIZE + 1).await?;
    let more = rows.len() as u64 > PAGE_SIZE;
    rows.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let older = rows.last().filter(|_| more).map(|row| row.id);
    let viewer = match viewer {
        Some(user) => ReviewViewer {
            logged_in: true,
            may_rate: owns(db, user.id, title.id).await?,
            own: own(db, user.id, title.id).await?,
        },
        None => ReviewViewer::default(),
    };
    Ok(ReviewPage { breakdown: tally::breakdown(&title), reviews: read(db, rows).await?, older, viewer })
}

/// The newest reviews of a title that say something.
pub async fn newest(db: &Db, audiobook_id: Uuid, most: usize) -> Result<Vec<Review>> {
    let mut rows = shown(db, audiobook_id, None, PAGE_SIZE).await?;
    rows.retain(|row| !row.text.is_empty());
    rows.truncate(most);
    read(db, rows).await
}

async fn shown(db: &Db, audiobook_id: Uuid, before: Option<Uuid>, most: u64) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::Hidden.eq(false));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.order_by_desc(Column::Id).limit(most).all(db.read()).await?)
}

/// Rows with the names of their authors, in their order.
pub(super) async fn read(db: &Db, rows: Vec<Model>) -> Result<Vec<Review>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let authors: Vec<Uuid> = rows.iter().map(|row| row.user_id).collect();
    let titles: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    let names: HashMap<Uuid, String> = names_of(db, &authors).await?;
    let owners: HashSet<(Uuid, Uuid)> = owners_among(db, &titles, &authors).await?;
    let review = |row: Model| {
        let name = names.get(&row.user_id).map(|name| name.trim().to_owned());
        Review {
            id: row.id,
            by: name.filter(|name| !name.is_empty()),
            owned: owners.contains(&(row.user_id, row.audiobook_id)),
            story: small(row.story),
            performance: small(row.performance),
            text: row.text,
            at: row.created_at,
            edited: row.updated_at > row.created_at,
        }
    };
    Ok(rows.into_iter().map(review).collect())
}
