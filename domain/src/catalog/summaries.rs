//! Titles as they stand in lists: whatever their number, the people, categories and series of all of them come in one
//! query, and their sales in another.

use super::links::{Links, links_of};
use super::{AudiobookSummary, ContributorRole, Cover, Link, Rating, SeriesPlace, licences};
use crate::db::BATCH;
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, people};
use crate::pricing::listed::Listed;
use crate::pricing::offers::Offers;
use crate::{Db, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What a summary needs of a title: all but the description.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
pub(super) struct SummaryRow {
    pub id: Uuid,
    #[sea_orm(nested)]
    pub listed: Listed,
    pub slug: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub language: String,
    pub licences_total: Option<i32>,
    pub licences_sold: i32,
    pub series_position: Option<i32>,
    pub duration_ms: i64,
    pub published_at: Option<Timestamp>,
    pub cover_made: Option<String>,
    pub rating_count: i32,
    pub rating_mean: i32,
    pub updated_at: Timestamp,
}

impl From<&audiobooks::Model> for SummaryRow {
    fn from(title: &audiobooks::Model) -> Self {
        Self {
            id: title.id,
            listed: title.into(),
            slug: title.slug.clone(),
            title: title.title.clone(),
            subtitle: title.subtitle.clone(),
            language: title.language.clone(),
            licences_total: title.licences_total,
            licences_sold: title.licences_sold,
            series_position: title.series_position,
            duration_ms: title.duration_ms,
            published_at: title.published_at,
            cover_made: title.cover_made.clone(),
            rating_count: title.rating_count,
            rating_mean: title.rating_mean,
            updated_at: title.updated_at,
        }
    }
}

/// Makes summaries of rows, in their order, with two queries for each [`BATCH`]: the sales that they are in, and what they
/// lead to.
pub(super) async fn assemble(db: &Db, rows: Vec<SummaryRow>) -> Result<Vec<AudiobookSummary>> {
    let now = db.now();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let offers = Offers::to_come(db.read(), &ids, now).await?;
    db.changes_at(rows.iter().flat_map(|row| offers.changes(&row.listed)));
    let mut links = links_of(db.read(), &ids).await?;

    let mut summaries = Vec::with_capacity(rows.len());
    for row in rows {
        let price = offers.price(&row.listed, now)?;
        let Links { authors, narrators, categories, series } = links.remove(&row.id).unwrap_or_default();
        summaries.push(AudiobookSummary {
            id: row.id,
            cover: Cover { uploaded: row.cover_made.is_some(), version: row.updated_at },
            authors,
            narrators,
            categories,
            series: series.map(|series| SeriesPlace { series, position: row.series_position }),
            price,
            licences_left: licences::left(row.licences_total, row.licences_sold),
            rating: Rating::kept(row.rating_count, row.rating_mean),
            slug: row.slug,
            title: row.title,
            subtitle: row.subtitle,
            duration_ms: row.duration_ms,
            language: row.language,
            published_at: row.published_at,
        });
    }
    Ok(summaries)
}

/// Summaries by id, whatever the titles' status: what a library or an order holds stays visible there. Unknown ids are
/// left out.
pub async fn summaries(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, AudiobookSummary>> {
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let rows = audiobooks::Entity::find()
            .filter(audiobooks::Column::Id.is_in(batch.iter().copied()))
            .into_partial_model::<SummaryRow>()
            .all(db.read())
            .await?;
        found.extend(assemble(db, rows).await?.into_iter().map(|summary| (summary.id, summary)));
    }
    Ok(found)
}

/// Authors and narrators of each title, in their order on the cover.
pub(crate) async fn contributors_of(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (Vec<Link>, Vec<Link>)>> {
    let mut found: HashMap<Uuid, (Vec<Link>, Vec<Link>)> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let mut query = audiobook_people::Entity::find()
            .select_only()
            .column(audiobook_people::Column::AudiobookId)
            .column(audiobook_people::Column::Role)
            .column(people::Column::Slug)
            .column(people::Column::Name)
            .filter(audiobook_people::Column::AudiobookId.is_in(batch.iter().copied()))
            .order_by_asc(audiobook_people::Column::Position)
            .order_by_asc(audiobook_people::Column::PersonId);
        let same = Expr::col((people::Entity, people::Column::Id))
            .equals((audiobook_people::Entity, audiobook_people::Column::PersonId));
        QuerySelect::query(&mut query).join(JoinType::InnerJoin, people::Entity, same);
        let rows: Vec<(Uuid, ContributorRole, String, String)> = query.into_tuple().all(connection).await?;
        for (id, role, slug, name) in rows {
            let (authors, narrators) = found.entry(id).or_default();
            match role {
                ContributorRole::Author => authors.push(Link { slug, name }),
                ContributorRole::Narrator => narrators.push(Link { slug, name }),
            }
        }
    }
    Ok(found)
}

/// Categories of each title, best first.
pub(crate) async fn categories_of(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Link>>> {
    let mut found: HashMap<Uuid, Vec<Link>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let mut query = audiobook_categories::Entity::find()
            .select_only()
            .column(audiobook_categories::Column::AudiobookId)
            .column(categories::Column::Slug)
            .column(categories::Column::Name)
            .filter(audiobook_categories::Column::AudiobookId.is_in(batch.iter().copied()))
            .order_by_asc(audiobook_categories::Column::Position)
            .order_by_asc(audiobook_categories::Column::CategoryId);
        let same = Expr::col((categories::Entity, categories::Column::Id))
            .equals((audiobook_categories::Entity, audiobook_categories::Column::CategoryId));
        QuerySelect::query(&mut query).join(JoinType::InnerJoin, categories::Entity, same);
        let rows: Vec<(Uuid, String, String)> = query.into_tuple().all(connection).await?;
        for (id, slug, name) in rows {
            found.entry(id).or_default().push(Link { slug, name });
        }
    }
    Ok(found)
}
