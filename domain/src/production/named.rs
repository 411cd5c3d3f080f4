//! Every file that the database names: what a copy of the shop has to hold.

use crate::catalog::covers::{SIDES, naming};
use crate::entities::{audiobooks, file_copies, files, people};
use crate::{Db, Result};
use futures::stream::{self, Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Rows looked at in one statement.
const AT_ONCE: u64 = 500;
/// The kinds in which each size of a picture is stored.
const KINDS: [&str; 2] = ["webp", "jpg"];

#[derive(Clone, Copy)]
enum By {
    Files,
    Copies,
    Titles,
    People,
}

/// The keys, page after page; one that is named twice comes twice.
pub fn all(db: &Db) -> impl Stream<Item = Result<Vec<String>>> + '_ {
    stream::iter([By::Files, By::Copies, By::Titles, By::People]).flat_map(move |by| {
        stream::try_unfold(Uuid::nil(), move |after| async move {
            let rows = rows(db, by, after).await?;
            let Some((last, ..)) = rows.last() else { return Ok(None) };
            let last = *last;
            Ok(Some((rows.into_iter().flat_map(keys).collect(), last)))
        })
    })
}

/// A row: two files that it names by their keys, and one by what the keys of its sizes begin with.
type Row = (Uuid, Option<String>, Option<String>, Option<String>);

fn keys((_, one, other, base): Row) -> impl Iterator<Item = String> {
    let size = |base: &str| SIDES.map(|side| KINDS.map(|kind| naming::size(base, side, kind)));
    let sizes = base.as_deref().map(size).into_iter().flatten().flatten().collect::<Vec<_>>();
    one.into_iter().chain(other).chain(sizes)
}

async fn rows(db: &Db, by: By, after: Uuid) -> Result<Vec<Row>> {
    match by {
        By::Files => {
            use files::Column;
            let page = files::Entity::find().select_only().columns([Column::Id, Column::StorageKey, Column::CoverKey]);
            let page = page.filter(Column::Id.gt(after)).order_by_asc(Column::Id).limit(AT_ONCE);
            let rows: Vec<(Uuid, String, Option<String>)> = page.into_tuple().all(db.read()).await?;
            Ok(rows.into_iter().map(|(id, key, cover)| (id, Some(key), cover, None)).collect())
        }
        By::Copies => {
            use file_copies::Column;
            let page = file_copies::Entity::find().select_only().columns([Column::FileId, Column::StorageKey]);
            let page = page.filter(Column::FileId.gt(after)).order_by_asc(Column::FileId).limit(AT_ONCE);
            let rows: Vec<(Uuid, Option<String>)> = page.into_tuple().all(db.read()).await?;
            Ok(rows.into_iter().map(|(id, key)| (id, key, None, None)).collect())
        }
        By::Titles => {
            use audiobooks::Column;
            let columns = [Column::Id, Column::SampleKey, Column::CoverKey, Column::CoverMade];
            let page = audiobooks::Entity::find().select_only().columns(columns);
            let page = page.filter(Column::Id.gt(after)).order_by_asc(Column::Id).limit(AT_ONCE);
            Ok(page.into_tuple().all(db.read()).await?)
        }
        By::People => {
            use people::Column;
            let columns = [Column::Id, Column::PortraitKey, Column::PortraitMade];
            let page = people::Entity::find().select_only().columns(columns);
            let page = page.filter(Column::Id.gt(after)).order_by_asc(Column::Id).limit(AT_ONCE);
            let rows: Vec<(Uuid, Option<String>, Option<String>)> = page.into_tuple().all(db.read()).await?;
            Ok(rows.into_iter().map(|(id, portrait, made)| (id, portrait, None, made)).collect())
        }
    }
}
