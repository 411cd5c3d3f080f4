//! The admin's list of titles.

use super::TitleRow;
use crate::catalog::{Status, search, summaries};
use crate::entities::{audiobooks, production_steps};
use crate::production::{Step, StepStatus};
use crate::{Db, Error, Money, Page, PageRequest, Result};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// A page of all titles, drafts too, newest first: those that hold the words of `text` and have that status.
pub async fn list(db: &Db, text: &str, status: Option<Status>, request: PageRequest) -> Result<Page<TitleRow>> {
    let mut fitting = search::with_words(audiobooks::Entity::find(), text);
    if let Some(status) = status {
        fitting = fitting.filter(audiobooks::Column::Status.eq(status));
    }
    rows_of(db, fitting, request).await
}

/// A page of the titles with a step that failed or waits for a person, newest first.
pub async fn needing_attention(db: &Db, text: &str, request: PageRequest) -> Result<Page<TitleRow>> {
    let stuck = production_steps::Entity::find()
        .select_only()
        .column(production_steps::Column::AudiobookId)
        .filter(production_steps::Column::Status.is_in([StepStatus::Failed, StepStatus::Blocked]))
        .into_query();
    let fitting = search::with_words(audiobooks::Entity::find(), text);
    rows_of(db, fitting.filter(audiobooks::Column::Id.in_subquery(stuck)), request).await
}

async fn rows_of(db: &Db, fitting: Select<audiobooks::Entity>, request: PageRequest) -> Result<Page<TitleRow>> {
    let total = fitting.clone().select_only().column(audiobooks::Column::Id).count(db.read()).await?;
    let titles = fitting
        .order_by_desc(audiobooks::Column::CreatedAt)
        .order_by_desc(audiobooks::Column::Id)
        .offset(request.offset())
        .limit(u64::from(request.size))
        .all(db.read())
        .await?;
    let ids: Vec<Uuid> = titles.iter().map(|title| title.id).collect();
    let mut people = summaries::contributors_of(db.read(), &ids).await?;
    let mut steps = steps_of(db, &ids).await?;
    let mut rows = Vec::with_capacity(titles.len());
    for title in titles {
        let currency = title.currency.parse().map_err(|error| Error::Damaged(format!("{error}")))?;
        let (authors, _) = people.remove(&title.id).unwrap_or_default();
        rows.push(TitleRow {
            id: title.id,
            slug: title.slug,
            title: title.title,
            authors: authors.into_iter().map(|author| author.name).collect(),
            status: title.status,
            price: Money::new(title.price_minor, currency),
            duration_ms: title.duration_ms,
            sold: title.sold_count,
            updated_at: title.updated_at,
            step: steps.remove(&title.id).and_then(|steps| current_step(&steps)),
        });
    }
    Ok(Page::new(rows, total, request))
}

async fn steps_of(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<(Step, StepStatus)>>> {
    let mut found: HashMap<Uuid, Vec<(Step, StepStatus)>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(Uuid, Step, StepStatus)> = production_steps::Entity::find()
        .select_only()
        .column(production_steps::Column::AudiobookId)
        .column(production_steps::Column::Step)
        .column(production_steps::Column::Status)
        .filter(production_steps::Column::AudiobookId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db.read())
        .await?;
    for (id, step, status) in rows {
        found.entry(id).or_default().push((step, status));
    }
    Ok(found)
}

/// The first step that is not done, or the last one when all are.
fn current_step(steps: &[(Step, StepStatus)]) -> Option<(Step, StepStatus)> {
    let in_order = Step::ALL.iter().filter_map(|step| steps.iter().find(|(known, _)| known == step));
    let mut last = None;
    for (step, status) in in_order {
        last = Some((*step, *status));
        if *status != StepStatus::Done {
            break;
        }
    }
    last
}
