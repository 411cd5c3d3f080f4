//! Finding what was said in some titles: where the index says that it may be, the text is read and looked through.

use super::Spot;
use super::lookup::{self, Asked};
use super::rows::{PASSAGE_MS, passage_at};
use super::sought::{Sought, Wanted};
pub use super::terms::MADE;
use super::typed::Typed;
use crate::entities::spoken_books::{Column, Entity};
use crate::transcript::segments::{self, Sentence, Within};
use crate::{Db, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// Titles that are looked through first: a word that is everywhere fills a page from them.
const FIRST: usize = 16;
/// Titles that are looked through at once after that.
const THEN: usize = 64;
/// Passages up to which all titles of a word are found at once.
const RARE: usize = 500;
/// Most passages whose text is read at once.
const READ_AT_ONCE: usize = 24;
/// Passages of a title that are asked for beyond what is shown of it, as one may turn out to have nothing.
const SPARE: usize = 2;
/// Passages in a row that are read in vain, forty hours of sound: two words that are everywhere and never in one sentence would
/// have all that somebody owns read.
const IN_VAIN: usize = 1_200;

/// A title in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    pub audiobook_id: Uuid,
    pub number: i32,
    pub language: String,
    /// Only what begins after this is looked for, in milliseconds from the start.
    pub after_ms: Option<i64>,
    /// Sentences of it that are wanted at most.
    pub most: usize,
}

/// The number of a title in the index and the language that it is there in, if it is there.
///
/// # Errors
/// When the database fails.
pub async fn indexed(db: &Db, audiobook_id: Uuid) -> Result<Option<Indexed>> {
    let row = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::Made.eq(MADE));
    let row = row.one(db.read()).await?;
    Ok(row.map(|row| Indexed { number: row.number, language: row.language }))
}

/// By which a title is looked up in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    pub number: i32,
    pub language: String,
}

/// What was found in a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub audiobook_id: Uuid,
    pub spot: Spot,
}

/// The sentences of some titles that have all that is looked for: title by title in the order given, at most `most`. It ends
/// where so much is read in vain that nobody would wait for the rest.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, typed: &Typed, books: &[Book], most: usize) -> Result<Vec<Found>> {
    find_with(db, typed, books, most, IN_VAIN).await
}

/// As [`find`], with so many passages in a row that may be read in vain.
///
/// # Errors
/// As that.
pub async fn find_with(db: &Db, typed: &Typed, books: &[Book], most: usize, patience: usize) -> Result<Vec<Found>> {
    let mut search = Search { db, most, found: Vec::new(), languages: HashMap::new(), patience, in_vain: 0 };
    for book in books {
        search.languages.entry(book.language.as_str()).or_insert_with(|| InLanguage::new(typed, &book.language));
    }
    let mut rest: Vec<&Book> = books.iter().filter(|book| search.looks_for_something(book)).collect();
    let mut size = FIRST;
    while !rest.is_empty() && search.goes_on() {
        let later = rest.split_off(size.min(rest.len()));
        search.look_through(&rest).await?;
        rest = later;
        if size == FIRST && !rest.is_empty() && search.goes_on() {
            rest = search.narrowed(rest).await?;
        }
        size = THEN;
    }
    Ok(search.found)
}

/// The sentences of passages, by the numbers of title and passage.
type Texts = HashMap<(i32, i64), Vec<Sentence>>;

struct InLanguage {
    sought: Sought,
    wanted: Wanted,
}

impl InLanguage {
    fn new(typed: &Typed, tag: &str) -> Self {
        let sought = Sought::new(typed, tag);
        let wanted = sought.wanted();
        Self { sought, wanted }
    }
}

struct Search<'a> {
    db: &'a Db,
    most: usize,
    found: Vec<Found>,
    languages: HashMap<&'a str, InLanguage>,
    /// Passages in a row that may have nothing.
    patience: usize,
    /// Passages since the last one that had something.
    in_vain: usize,
}

impl Search<'_> {
    fn goes_on(&self) -> bool {
        self.found.len() < self.most && self.in_vain < self.patience
    }

    fn looks_for_something(&self, book: &Book) -> bool {
        self.languages.get(book.language.as_str()).is_some_and(|language| !language.wanted.is_empty())
    }

    /// Those of some titles that have such a passage, where there are few such passages; else all of them.
    async fn narrowed<'b>(&self, books: Vec<&'b Book>) -> Result<Vec<&'b Book>> {
        let nothing = Wanted::new();
        let asked: Vec<_> = books.iter().map(|book| self.asked(book, 0, &nothing)).collect();
        let Some(titles) = lookup::titles(self.db, &asked, RARE).await? else { return Ok(books) };
        Ok(books.into_iter().filter(|book| titles.contains(&i64::from(book.number))).collect())
    }

    async fn look_through(&mut self, books: &[&Book]) -> Result<()> {
        let first: Vec<i64> = books.iter().map(|book| book.after_ms.map_or(0, passage_at)).collect();
        let mut passages = self.passages(books, &first).await?;
        let mut texts = Texts::new();
        for (place, book) in books.iter().enumerate() {
            let mut of_book = 0;
            loop {
                let there = std::mem::take(&mut passages[place]);
                let asked = self.at_most(book);
                for (number, passage) in there.iter().enumerate() {
                    if !texts.contains_key(&(book.number, *passage)) {
                        let later =
                            books.iter().zip(&passages).skip(place + 1).map(|(book, there)| (*book, &there[..]));
                        let all = std::iter::once((*book, &there[number..])).chain(later);
                        let next = self.next_to_read(all, &texts);
                        texts.extend(self.read(next).await?);
                    }
                    let sentences = texts.remove(&(book.number, *passage)).unwrap_or_default();
                    let taken = self.take(book, sentences, book.most.saturating_sub(of_book));
                    of_book += taken;
                    self.in_vain = if taken == 0 { self.in_vain + 1 } else { 0 };
                    if !self.goes_on() {
                        return Ok(());
                    }
                    if of_book >= book.most {
                        break;
                    }
                }
                // Where all that was asked for was there, more may be.
                let Some(last) = there.last().filter(|_| there.len() >= asked && of_book < book.most) else { break };
                let next = self.passages(&[book], &[last + 1]).await?;
                passages[place] = next.into_iter().flatten().collect();
            }
        }
        Ok(())
    }

    /// How many passages of a title are asked for at once.
    fn at_most(&self, book: &Book) -> usize {
        book.most.min(self.most).saturating_add(SPARE).min(READ_AT_ONCE)
    }

    fn asked<'b>(&'b self, book: &Book, from: i64, nothing: &'b Wanted) -> Asked<'b> {
        let language = self.languages.get(book.language.as_str());
        let wanted = language.map_or(nothing, |language| &language.wanted);
        Asked { number: book.number, from, most: self.at_most(book), wanted }
    }

    /// The next passages of some titles, from those given on.
    async fn passages(&self, books: &[&Book], from: &[i64]) -> Result<Vec<Vec<i64>>> {
        let nothing = Wanted::new();
        let asked: Vec<_> = books.iter().zip(from).map(|(book, from)| self.asked(book, *from, &nothing)).collect();
        lookup::passages(self.db, &asked).await
    }

    /// As many passages as may fill the list, of those that were not read yet.
    fn next_to_read<'b, 'c>(
        &self,
        passages: impl Iterator<Item = (&'b Book, &'c [i64])>,
        known: &Texts,
    ) -> Vec<(&'b Book, i64)> {
        let missing = self.most.saturating_sub(self.found.len()).clamp(1, READ_AT_ONCE);
        let each = passages.flat_map(|(book, there)| there.iter().map(move |passage| (book, *passage)));
        each.filter(|(book, passage)| !known.contains_key(&(book.number, *passage))).take(missing).collect()
    }

    async fn read(&self, passages: Vec<(&Book, i64)>) -> Result<Texts> {
        let stretches: Vec<_> = passages
            .iter()
            .map(|(book, passage)| Within {
                audiobook_id: book.audiobook_id,
                from_ms: passage * PASSAGE_MS,
                to_ms: (passage + 1) * PASSAGE_MS,
            })
            .collect();
        let sentences = segments::beginning(self.db.read(), &stretches).await?;
        Ok(passages.into_iter().map(|(book, passage)| (book.number, passage)).zip(sentences).collect())
    }

    /// Takes the sentences that fit, at most `most`; says how many.
    fn take(&mut self, book: &Book, sentences: Vec<Sentence>, most: usize) -> usize {
        let Some(language) = self.languages.get(book.language.as_str()) else { return 0 };
        let later = |sentence: &Sentence| book.after_ms.is_none_or(|after_ms| sentence.start_ms > after_ms);
        let spots = sentences.into_iter().filter(later).filter_map(|sentence| {
            let pieces = language.sought.found(&sentence.text)?;
            Some(Spot { start_ms: sentence.start_ms, end_ms: sentence.end_ms, pieces })
        });
        let most = most.min(self.most.saturating_sub(self.found.len()));
        let before = self.found.len();
        self.found.extend(spots.take(most).map(|spot| Found { audiobook_id: book.audiobook_id, spot }));
        self.found.len() - before
    }
}
