//! Looking for what was said: in one book, and in all that somebody owns, as far as the text rights go. Who owns what is asked
//! each time, so that what is paid back is found no more.

use super::{After, Quote, Quoted, Quotes, access};
use crate::account::User;
use crate::catalog::{TextRights, browse};
use crate::entities::{audiobooks, entitlements, spoken_books};
use crate::keyset::{Keys, Place, Walk};
use crate::limits::{Limits, Rule};
use crate::spoken::Spot;
use crate::spoken::catch_up::behind_among;
use crate::spoken::find::{self, Book, Found};
use crate::spoken::typed::Typed;
use crate::transcript::chapters::chapters_of_titles;
use crate::transcript::{Chapter, segments};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QuerySelect, RelationDef, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Books of somebody that are read from the list of them at once.
const BOOKS_AT_ONCE: u32 = 500;

/// The sentences of a book that have all of these words, phrases in quotation marks among them: those that begin after
/// `after_ms`, at most `most`. Nothing for no words.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear; `Forbidden` when its text may not be read;
/// `Conflict` while its text is still being put in order; `TooMany` beyond what [`Rule::SearchBook`] allows.
pub async fn in_book(
    db: &Db,
    limits: &Limits,
    viewer: &User,
    slug: &str,
    words: &str,
    after_ms: Option<i64>,
    most: usize,
) -> Result<Vec<Quote>> {
    let title = access::title_at(db, viewer, slug).await?;
    if !title.text_rights.may_be_read() {
        return Err(Error::Forbidden);
    }
    let typed = Typed::read(words);
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    limits.take(Rule::SearchBook, &[&viewer.id.to_string()]).await?;
    let Some(row) = find::indexed(db, title.id).await? else {
        let waits = segments::any(db, title.id).await?;
        return if waits { Err(Error::conflict("spoken.not-ready")) } else { Ok(Vec::new()) };
    };
    let book = Book { audiobook_id: title.id, number: row.number, language: row.language, after_ms, most };
    let found = find::find(db, &typed, &[book], most).await?;
    let chapters = chapters_of_titles(db, &[title.id]).await?.remove(&title.id).unwrap_or_default();
    Ok(found.into_iter().map(|found| quote(found.spot, &chapters)).collect())
}

/// The same in all books that somebody owns, the one bought last first; of each at most `each`.
///
/// # Errors
/// `TooMany` beyond what [`Rule::SearchBook`] allows.
pub async fn in_library(
    db: &Db,
    limits: &Limits,
    viewer: &User,
    words: &str,
    after: Option<After>,
    most: usize,
    each: usize,
) -> Result<Quotes> {
    let typed = Typed::read(words);
    if typed.is_empty() {
        return Ok(Quotes::default());
    }
    limits.take(Rule::SearchBook, &[&viewer.id.to_string()]).await?;
    // One more than is shown tells whether there are more.
    let (mut found, mut owned, mut unready) = (Vec::new(), Vec::new(), 0);
    if let Some(after) = after {
        let book = bought(viewer.id).filter(entitlements::Column::Id.eq(after.purchase));
        let book: Vec<Owned> = book.into_model::<Owned>().all(db.read()).await?;
        let left = each.saturating_sub(after.shown as usize);
        found = find_in(db, &typed, &book, Some(after.start_ms), most + 1, left).await?;
        owned.extend(book);
    }
    let mut place = after.map(|after| Place::at_number(after.bought_at, after.purchase));
    while found.len() <= most {
        let walk = Walk { after: place.as_ref(), limit: BOOKS_AT_ONCE };
        let books = walk.of(bought(viewer.id), &latest())?.into_model::<Owned>().all(db.read()).await?;
        let part = walk.part(books, |book| Place::at_number(book.granted_at.0, book.id));
        found.extend(find_in(db, &typed, &part.items, None, most + 1 - found.len(), each).await?);
        let waiting: Vec<Uuid> =
            part.items.iter().filter(|book| !book.is_ready()).map(|book| book.audiobook_id).collect();
        unready += behind_among(db, &waiting).await?;
        owned.extend(part.items);
        match part.next {
            Some(next) => place = Some(next),
            None => break,
        }
    }
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).and_then(|last| after_it(last, &found, &owned, after));
    let books = quoted(db, found, each).await?;
    Ok(Quotes { books, next, unready })
}

/// A book that somebody owns, and its number in the index where it is there.
#[derive(Clone, Debug, FromQueryResult)]
struct Owned {
    id: Uuid,
    granted_at: Timestamp,
    audiobook_id: Uuid,
    number: Option<i32>,
    spoken_language: Option<String>,
    made: Option<i32>,
}

impl Owned {
    /// Whether it is in the index as it should be.
    fn is_ready(&self) -> bool {
        self.made == Some(find::MADE)
    }
}

/// What somebody owns, as far as its text may be read.
fn bought(user_id: Uuid) -> Select<entitlements::Entity> {
    entitlements::Entity::find()
        .select_only()
        .columns([entitlements::Column::Id, entitlements::Column::GrantedAt, entitlements::Column::AudiobookId])
        .column_as(spoken_books::Column::Number, "number")
        .column_as(spoken_books::Column::Language, "spoken_language")
        .column_as(spoken_books::Column::Made, "made")
        .join(JoinType::InnerJoin, to_titles())
        .join(JoinType::LeftJoin, to_index())
        .filter(entitlements::Column::UserId.eq(user_id))
        .filter(entitlements::Column::RevokedAt.is_null())
        .filter(audiobooks::Column::TextRights.is_in([TextRights::ReadAlong, TextRights::Download]))
}

fn to_titles() -> RelationDef {
    entitlements::Entity::belongs_to(audiobooks::Entity)
        .from(entitlements::Column::AudiobookId)
        .to(audiobooks::Column::Id)
        .into()
}

fn to_index() -> RelationDef {
    entitlements::Entity::belongs_to(spoken_books::Entity)
        .from(entitlements::Column::AudiobookId)
        .to(spoken_books::Column::AudiobookId)
        .into()
}

fn latest() -> Keys {
    Keys::number(entitlements::Column::GrantedAt.into_expr(), entitlements::Column::Id.into_expr(), Order::Desc)
}

async fn find_in(
    db: &Db,
    typed: &Typed,
    owned: &[Owned],
    after_ms: Option<i64>,
    most: usize,
    each: usize,
) -> Result<Vec<Found>> {
    if each == 0 {
        return Ok(Vec::new());
    }
    let books = owned.iter().filter(|book| book.is_ready()).filter_map(|book| {
        let (number, language) = (book.number?, book.spoken_language.clone()?);
        Some(Book { audiobook_id: book.audiobook_id, number, language, after_ms, most: each })
    });
    find::find(db, typed, &books.collect::<Vec<_>>(), most).await
}

/// Where the list goes on after the last that is shown.
fn after_it(last: &Found, shown: &[Found], owned: &[Owned], before: Option<After>) -> Option<After> {
    let book = owned.iter().find(|book| book.audiobook_id == last.audiobook_id)?;
    let of_it = shown.iter().filter(|found| found.audiobook_id == last.audiobook_id).count();
    let earlier = before.filter(|before| before.purchase == book.id).map_or(0, |before| before.shown);
    Some(After {
        bought_at: book.granted_at.0,
        purchase: book.id,
        start_ms: last.spot.start_ms,
        shown: earlier.saturating_add(u32::try_from(of_it).unwrap_or(u32::MAX)),
    })
}

/// What was found book by book, with all that is shown beside it.
async fn quoted(db: &Db, found: Vec<Found>, each: usize) -> Result<Vec<Quoted>> {
    let mut ids: Vec<Uuid> = found.iter().map(|found| found.audiobook_id).collect();
    ids.dedup();
    let mut summaries = browse::summaries(db, &ids).await?;
    let chapters = chapters_of_titles(db, &ids).await?;
    let mut of_each: HashMap<Uuid, Vec<Quote>> = HashMap::new();
    for Found { audiobook_id, spot } in found {
        let chapters = chapters.get(&audiobook_id).map(Vec::as_slice).unwrap_or_default();
        of_each.entry(audiobook_id).or_default().push(quote(spot, chapters));
    }
    let book = |id: Uuid| {
        let quotes = of_each.remove(&id)?;
        Some(Quoted { summary: summaries.remove(&id)?, full: quotes.len() >= each, quotes })
    };
    Ok(ids.into_iter().filter_map(book).collect())
}

fn quote(spot: Spot, chapters: &[Chapter]) -> Quote {
    let begun = chapters.iter().rev().find(|chapter| chapter.start_ms <= spot.start_ms);
    Quote { chapter: begun.map(|chapter| chapter.title.clone()), spot }
}
