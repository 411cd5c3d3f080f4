//! The words that titles are found by, made anew when a name that many of them carry has changed.

use super::associations;
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, vocabulary};
use crate::jobs::{Job, Queue, Unique};
use crate::{Db, Error, Result, jobs};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Titles read at a time.
const PAGE: u64 = 200;

/// Makes the words of some titles anew. Done again it makes the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub enum Reindex {
    /// All titles, because the shop makes other words than before.
    Everything,
    Category {
        id: Uuid,
    },
    Contributor {
        id: Uuid,
    },
    Series {
        id: Uuid,
    },
    Titles {
        ids: Vec<Uuid>,
    },
}

impl Job for Reindex {
    const KIND: &'static str = "catalog.reindex";
    const QUEUE: Queue = Queue::Maintenance;
    const TIME_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);
    const FINISH_ON_STOP: bool = false;

    fn unique(&self) -> Unique {
        match self {
            Self::Category { id } | Self::Contributor { id } | Self::Series { id } => {
                Unique::Waiting(format!("catalog.reindex:{id}"))
            }
            Self::Everything => Unique::Waiting("catalog.reindex:everything".to_owned()),
            Self::Titles { .. } => Unique::No,
        }
    }
}

/// Asks for new words for all titles when none has any as this version makes them: after an update from an older one. Says
/// whether it asked.
pub async fn catch_up(db: &Db) -> Result<bool> {
    let known = vocabulary::Entity::find().one(db.read()).await?.is_some();
    if known || audiobooks::Entity::find().one(db.read()).await?.is_none() {
        return Ok(false);
    }
    db.transaction(async |tx| jobs::enqueue(&tx, &Reindex::Everything).await.map(|_| true)).await
}

/// Does a [`Reindex`]; says of how many titles. Each title is a transaction of its own: searches go on meanwhile.
pub async fn run(db: &Db, job: &Reindex) -> Result<u64> {
    let (mut after, mut done) = (Uuid::nil(), 0);
    loop {
        let ids: Vec<Uuid> = titles(job)
            .select_only()
            .column(audiobooks::Column::Id)
            .filter(audiobooks::Column::Id.gt(after))
            .order_by_asc(audiobooks::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db.read())
            .await?;
        let Some(last) = ids.last() else { return Ok(done) };
        after = *last;
        for id in ids {
            let made = db.transaction(async |tx| associations::reindex(&tx, id).await).await;
            match made {
                Ok(()) => done += 1,
                // Somebody deleted it meanwhile.
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn titles(job: &Reindex) -> sea_orm::Select<audiobooks::Entity> {
    let all = audiobooks::Entity::find();
    match job {
        Reindex::Everything => all,
        Reindex::Category { id } => all.filter(
            audiobooks::Column::Id.in_subquery(
                Query::select()
                    .column(audiobook_categories::Column::AudiobookId)
                    .from(audiobook_categories::Entity)
                    .and_where(audiobook_categories::Column::CategoryId.eq(*id))
                    .to_owned(),
            ),
        ),
        Reindex::Contributor { id } => all.filter(
            audiobooks::Column::Id.in_subquery(
                Query::select()
                    .column(audiobook_people::Column::AudiobookId)
                    .from(audiobook_people::Entity)
                    .and_where(audiobook_people::Column::PersonId.eq(*id))
                    .to_owned(),
            ),
        ),
        Reindex::Series { id } => all.filter(audiobooks::Column::SeriesId.eq(*id)),
        Reindex::Titles { ids } => all.filter(audiobooks::Column::Id.is_in(ids.iter().copied())),
    }
}
