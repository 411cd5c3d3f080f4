//! Titles whose text was there before there was an index, or whose language has changed since: put there one by one.

use super::index;
use super::terms::MADE;
use crate::db::BATCH;
use crate::entities::{audiobooks, spoken_books};
use crate::transcript::segments;
use crate::{Db, Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    Select,
};
use uuid::Uuid;

/// Titles that are looked up at once.
const AT_ONCE: u64 = 100;

/// Puts every title into the index that is not there as it should be, and says how many. Each is a transaction of its own:
/// who is stopped half way goes on with the next, and people search in what is there already. One that fails stops no other.
///
/// # Errors
/// When the database fails; where that is with some titles only, once all others are there.
pub async fn catch_up(db: &Db) -> Result<u64> {
    let (mut after, mut done, mut failed) = (Uuid::nil(), 0, None);
    loop {
        let ids: Vec<Uuid> = behind()
            .select_only()
            .column(audiobooks::Column::Id)
            .filter(audiobooks::Column::Id.gt(after))
            .order_by_asc(audiobooks::Column::Id)
            .limit(AT_ONCE)
            .into_tuple()
            .all(db.read())
            .await?;
        let Some(last) = ids.last() else { return failed.map_or(Ok(done), Err) };
        after = *last;
        for id in ids {
            match db.transaction(async |tx| index::whole(&tx, id).await).await {
                Ok(()) => done += 1,
                // Somebody deleted it meanwhile.
                Err(Error::NotFound(_)) => {}
                Err(error) => {
                    tracing::warn!(%error, title = %id, "what is said in a title could not be put into the index");
                    failed = failed.or(Some(error));
                }
            }
        }
    }
}

/// How many of some titles have text that is not in the index yet.
///
/// # Errors
/// When the database fails.
pub async fn behind_among(db: &Db, audiobook_ids: &[Uuid]) -> Result<u64> {
    let mut number = 0;
    for some in audiobook_ids.chunks(BATCH) {
        let among = behind().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        number += among.count(db.read()).await?;
    }
    Ok(number)
}

/// Titles with text that are not in the index, or were put there by other rules or in another language.
fn behind() -> Select<audiobooks::Entity> {
    use spoken_books::Column::{Language, Made, Number};
    let of_title = |column: audiobooks::Column| Expr::col((audiobooks::Entity, column));
    let otherwise = Expr::col((spoken_books::Entity, Language)).ne(of_title(audiobooks::Column::Language));
    let said = segments::said(of_title(audiobooks::Column::Id), Expr::val(-1_i64), Expr::val(i64::MAX));
    audiobooks::Entity::find()
        .join(JoinType::LeftJoin, to_spoken())
        .filter(Condition::any().add(Number.is_null()).add(Made.ne(MADE)).add(otherwise))
        .filter(Expr::exists(said))
}

fn to_spoken() -> RelationDef {
    audiobooks::Entity::belongs_to(spoken_books::Entity)
        .from(audiobooks::Column::Id)
        .to(spoken_books::Column::AudiobookId)
        .into()
}
