//! The title that the home page lets anyone hear and read along with.

use super::product_page::sample;
use super::{Sample, TextRights, search};
use crate::entities::audiobooks;
use crate::transcript::segments;
use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

/// The newest published title whose sample can be heard and read: of those that the shop puts forward, or else of all.
pub(super) async fn heard_first(db: &Db) -> Result<Option<audiobooks::Model>> {
    let mut both = first(newest(heard().filter(audiobooks::Column::Featured.eq(true))), "found_featured");
    both.union(UnionType::Distinct, first(newest(heard()), "found_new"));
    let found = Alias::new("found");
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id)).equals((found.clone(), audiobooks::Column::Id));
    let mut titles = audiobooks::Entity::find();
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, both, found, same);
    let titles = titles.all(db.read()).await?;
    Ok(titles.into_iter().max_by_key(|title| (title.featured, title.published_at, title.id)))
}

/// What can be heard and read of it.
pub(super) async fn sample_of(db: &Db, title: &audiobooks::Model) -> Result<Option<Sample>> {
    Ok(sample(db, title).await?.filter(|sample| !sample.segments.is_empty()))
}

/// The id of the first title, as a part of a union: in SQLite that has no limit of its own.
fn first(titles: Select<audiobooks::Entity>, name: &'static str) -> SelectStatement {
    let first = titles.select_only().column(audiobooks::Column::Id).limit(1).into_query();
    Query::select().column((Alias::new(name), audiobooks::Column::Id)).from_subquery(first, Alias::new(name)).to_owned()
}

fn newest(titles: Select<audiobooks::Entity>) -> Select<audiobooks::Entity> {
    titles.order_by_desc(audiobooks::Column::PublishedAt).order_by_desc(audiobooks::Column::Id)
}

/// Published titles with a sample in which something is said that may be read.
fn heard() -> Select<audiobooks::Entity> {
    use audiobooks::Column;
    let of_title = |column: Column| Expr::col((audiobooks::Entity, column));
    let said = segments::said(of_title(Column::Id), of_title(Column::SampleStartMs), of_title(Column::SampleEndMs));
    search::published()
        .filter(Column::SampleKey.is_not_null())
        .filter(Column::TextRights.ne(TextRights::None))
        .filter(Expr::exists(said))
}
