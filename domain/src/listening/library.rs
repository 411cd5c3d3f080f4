//! A person's books.

use super::{LibraryFilter, LibraryItem, Position};
use crate::catalog::search::postings;
use crate::catalog::{browse, search_terms};
use crate::entities::{audiobook_terms, entitlements, positions};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Page, PageRequest, Result, Timestamp};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, DerivePartialModel, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

/// A page of a person's books, bought last first. Each word of `text` has to begin a word that the title is found by.
pub async fn library(
    db: &Db,
    user_id: Uuid,
    filter: LibraryFilter,
    text: &str,
    page: PageRequest,
) -> Result<Page<LibraryItem>> {
    let books = with_words(heard(bought(user_id), filter), text);
    let total = books.clone().count(db.read()).await?;
    let rows = read(db, latest().order(books).offset(page.offset()).limit(u64::from(page.size))).await?;
    Ok(Page::new(items(db, user_id, rows).await?, total, page))
}

/// A part of the same list, for programs.
///
/// # Errors
/// [`crate::Error::Invalid`] for a place of another list.
pub async fn walk(
    db: &Db,
    user_id: Uuid,
    filter: LibraryFilter,
    text: &str,
    walk: Walk<'_>,
) -> Result<Part<LibraryItem>> {
    let books = with_words(heard(bought(user_id), filter), text);
    let part =
        walk.part(read(db, walk.of(books, &latest())?).await?, |book| Place::at_number(book.granted_at.0, book.id));
    Ok(Part { items: items(db, user_id, part.items).await?, next: part.next })
}

fn latest() -> Keys {
    Keys::number(entitlements::Column::GrantedAt.into_expr(), entitlements::Column::Id.into_expr(), Order::Desc)
}

/// What a list of books needs of a purchase.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "entitlements::Entity")]
struct Bought {
    id: Uuid,
    audiobook_id: Uuid,
    granted_at: Timestamp,
}

async fn read(db: &Db, books: Select<entitlements::Entity>) -> Result<Vec<Bought>> {
    Ok(books.into_partial_model::<Bought>().all(db.read()).await?)
}

async fn items(db: &Db, user_id: Uuid, books: Vec<Bought>) -> Result<Vec<LibraryItem>> {
    let ids: Vec<Uuid> = books.iter().map(|book| book.audiobook_id).collect();
    let mut summaries = browse::summaries(db, &ids).await?;
    let places = positions::Entity::find()
        .filter(positions::Column::UserId.eq(user_id))
        .filter(positions::Column::AudiobookId.is_in(ids))
        .all(db.read())
        .await?;
    let items = books.into_iter().filter_map(|book| {
        let position = places.iter().find(|place| place.audiobook_id == book.audiobook_id).map(Position::from);
        Some(LibraryItem { summary: summaries.remove(&book.audiobook_id)?, position, bought_at: book.granted_at })
    });
    Ok(items.collect())
}

fn bought(user_id: Uuid) -> Select<entitlements::Entity> {
    entitlements::Entity::find()
        .join(JoinType::LeftJoin, to_positions())
        .filter(entitlements::Column::UserId.eq(user_id))
        .filter(entitlements::Column::RevokedAt.is_null())
}

fn heard(books: Select<entitlements::Entity>, filter: LibraryFilter) -> Select<entitlements::Entity> {
    use positions::Column::{FinishedAt, PositionMs};
    match filter {
        LibraryFilter::All => books,
        // Without a position these are null as well.
        LibraryFilter::Unheard => books.filter(FinishedAt.is_null()).filter(PositionMs.is_null().or(PositionMs.eq(0))),
        LibraryFilter::InProgress => books.filter(FinishedAt.is_null()).filter(PositionMs.gt(0)),
        LibraryFilter::Finished => books.filter(FinishedAt.is_not_null()),
    }
}

fn with_words(books: Select<entitlements::Entity>, text: &str) -> Select<entitlements::Entity> {
    let terms = Alias::new("terms");
    search_terms::searched(text).words.iter().fold(books, |books, word| {
        let holds = Query::select()
            .expr(Expr::val(1))
            .from_as(audiobook_terms::Entity, terms.clone())
            .and_where(
                Expr::col((terms.clone(), audiobook_terms::Column::AudiobookId))
                    .equals((entitlements::Entity, entitlements::Column::AudiobookId)),
            )
            .cond_where(postings::fitting(&terms, word))
            .to_owned();
        books.filter(Expr::exists(holds))
    })
}

fn to_positions() -> RelationDef {
    entitlements::Entity::belongs_to(positions::Entity)
        .from((entitlements::Column::UserId, entitlements::Column::AudiobookId))
        .to((positions::Column::UserId, positions::Column::AudiobookId))
        .into()
}
