//! What people look at, hear, put into carts, finish and search for: counted in memory, and written to the rows of the day
//! many at once. A page view writes nothing.

use super::{adding, spans};
use crate::db::BATCH;
use crate::entities::{audiobooks, day_interest, day_searches, title_interest};
use crate::{Day, Db, Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Titles, and searches, that are counted between two times of writing; others are not.
const MOST: usize = 5_000;
/// Different searches that are kept of a day.
pub const SEARCHES_A_DAY: usize = 500;
/// Days for which searches are kept.
pub const SEARCHES_KEPT: i32 = 366;
/// Longest search that is kept, in characters.
const SEARCH_MAX: usize = 60;
/// With so many digits it may be somebody's number.
const DIGITS_MAX: usize = 6;

/// What somebody did with a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    View,
    Hear,
    PutIntoCart,
    Finish,
}

/// How often each was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Interest {
    views: i64,
    samples: i64,
    carts: i64,
    finished: i64,
}

impl Interest {
    fn add(&mut self, other: Self) {
        self.views += other.views;
        self.samples += other.samples;
        self.carts += other.carts;
        self.finished += other.finished;
    }
}

impl From<Did> for Interest {
    fn from(did: Did) -> Self {
        let mut one = Self::default();
        match did {
            Did::View => one.views = 1,
            Did::Hear => one.samples = 1,
            Did::PutIntoCart => one.carts = 1,
            Did::Finish => one.finished = 1,
        }
        one
    }
}

/// How often something was searched for, and how often nothing was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Searches {
    asked: i64,
    empty: i64,
}

/// What is not written yet: titles by their slugs.
#[derive(Debug, Default)]
struct Counted {
    titles: HashMap<(Day, String), Interest>,
    searches: HashMap<(Day, String), Searches>,
}

impl Counted {
    fn title(&mut self, key: (Day, String), interest: Interest) {
        if self.titles.len() < MOST || self.titles.contains_key(&key) {
            self.titles.entry(key).or_default().add(interest);
        }
    }

    fn search(&mut self, key: (Day, String), more: Searches) {
        if self.searches.len() < MOST || self.searches.contains_key(&key) {
            let known = self.searches.entry(key).or_default();
            known.asked += more.asked;
            known.empty += more.empty;
        }
    }
}

#[derive(Default)]
struct Tally(Mutex<Counted>);

/// Counts what somebody did with a title that is in the shop.
pub fn did(db: &Db, slug: &str, did: Did) {
    let key = (Day::of(db.now()), slug.to_owned());
    db.remembered::<Tally>().0.lock().unwrap_or_else(PoisonError::into_inner).title(key, did.into());
}

/// Counts a search, unless it may be about a person.
pub fn searched(db: &Db, text: &str, found: bool) {
    if let Some(text) = kept_as(text) {
        let one = Searches { asked: 1, empty: i64::from(!found) };
        let key = (Day::of(db.now()), text);
        db.remembered::<Tally>().0.lock().unwrap_or_else(PoisonError::into_inner).search(key, one);
    }
}

/// A search as it is counted: small letters, one space between words. None for what is too short or too long to be a
/// search for a title, or looks like an address or a number of somebody's.
fn kept_as(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.contains('@') || digits > DIGITS_MAX {
        return None;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c.is_control() || c.is_ascii_punctuation())
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ");
    (2..=SEARCH_MAX).contains(&text.chars().count()).then_some(text)
}

/// Writes down what was counted since the last time.
///
/// # Errors
/// When the database fails: then it is counted still.
pub async fn flush(db: &Db) -> Result<()> {
    let tally = db.remembered::<Tally>();
    let counted = std::mem::take(&mut *tally.0.lock().unwrap_or_else(PoisonError::into_inner));
    if counted.titles.is_empty() && counted.searches.is_empty() {
        return Ok(());
    }
    let written = db
        .transaction(async |tx| {
            write_titles(&tx, &counted.titles).await?;
            write_searches(&tx, &counted.searches).await
        })
        .await;
    if written.is_err() {
        let mut since = tally.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.titles.into_iter().for_each(|(key, interest)| since.title(key, interest));
        counted.searches.into_iter().for_each(|(key, searches)| since.search(key, searches));
    }
    written
}

async fn write_titles(tx: &Tx, titles: &HashMap<(Day, String), Interest>) -> Result<()> {
    let slugs: Vec<&String> = titles.keys().map(|(_, slug)| slug).collect();
    let mut ids = HashMap::<String, Uuid>::new();
    for some in slugs.chunks(BATCH) {
        let found: Vec<(String, Uuid)> = audiobooks::Entity::find()
            .select_only()
            .column(audiobooks::Column::Slug)
            .column(audiobooks::Column::Id)
            .filter(audiobooks::Column::Slug.is_in(some.iter().map(|slug| slug.as_str())))
            .into_tuple()
            .all(tx)
            .await?;
        ids.extend(found);
    }
    // In order, so that two servers never wait for each other.
    let mut rows = BTreeMap::<(i32, Day, Uuid), Interest>::new();
    let mut days = BTreeMap::<Day, Interest>::new();
    for ((day, slug), interest) in titles {
        let Some(id) = ids.get(slug) else { continue };
        for (span, since) in spans::rows_of(*day) {
            rows.entry((span, since, *id)).or_default().add(*interest);
        }
        days.entry(*day).or_default().add(*interest);
    }
    let rows: Vec<title_interest::ActiveModel> = rows
        .into_iter()
        .map(|((span, since, audiobook_id), interest)| {
            let Interest { views, samples, carts, finished } = interest;
            title_interest::Model { span, since: since.0, audiobook_id, views, samples, carts, finished }
                .into_active_model()
        })
        .collect();
    for some in rows.chunks(BATCH) {
        use title_interest::Column::{AudiobookId, Carts, Finished, Samples, Since, Span, Views};
        let again = adding(tx.get_database_backend(), &[Span, Since, AudiobookId], &[Views, Samples, Carts, Finished]);
        title_interest::Entity::insert_many(some.iter().cloned()).on_conflict(again).exec_without_returning(tx).await?;
    }
    for (day, Interest { views, samples, carts, finished }) in days {
        use day_interest::Column;
        let row = day_interest::Model { day: day.0, views, samples, carts, finished };
        let sums = [Column::Views, Column::Samples, Column::Carts, Column::Finished];
        let again = adding(tx.get_database_backend(), &[Column::Day], &sums);
        day_interest::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn write_searches(tx: &Tx, searches: &HashMap<(Day, String), Searches>) -> Result<()> {
    let days: HashSet<Day> = searches.keys().map(|(day, _)| *day).collect();
    for day in days {
        let mut of_day: Vec<(&String, &Searches)> = searches
            .iter()
            .filter(|((known, _), _)| *known == day)
            .map(|((_, text), counted)| (text, counted))
            .collect();
        // What is searched for most comes in first while there is room.
        of_day.sort_by(|one, other| other.1.asked.cmp(&one.1.asked).then_with(|| one.0.cmp(other.0)));
        let mut known = HashSet::<String>::new();
        for some in of_day.chunks(BATCH) {
            let found: Vec<String> = day_searches::Entity::find()
                .select_only()
                .column(day_searches::Column::Text)
                .filter(day_searches::Column::Day.eq(day.0))
                .filter(day_searches::Column::Text.is_in(some.iter().map(|(text, _)| text.as_str())))
                .into_tuple()
                .all(tx)
                .await?;
            known.extend(found);
        }
        let there = day_searches::Entity::find().filter(day_searches::Column::Day.eq(day.0)).count(tx).await?;
        let mut room = SEARCHES_A_DAY.saturating_sub(usize::try_from(there).unwrap_or(usize::MAX));
        of_day.retain(|(text, _)| {
            let fits = known.contains(*text) || room > 0;
            if fits && !known.contains(*text) {
                room -= 1;
            }
            fits
        });
        // In order, so that two servers never wait for each other.
        of_day.sort_by_key(|(text, _)| *text);
        for some in of_day.chunks(BATCH) {
            use day_searches::Column;
            let again =
                adding(tx.get_database_backend(), &[Column::Day, Column::Text], &[Column::Asked, Column::Empty]);
            let rows = some.iter().map(|(text, Searches { asked, empty })| {
                let row = day_searches::Model { day: day.0, text: (*text).clone(), asked: *asked, empty: *empty };
                row.into_active_model()
            });
            day_searches::Entity::insert_many(rows).on_conflict(again).exec_without_returning(tx).await?;
        }
    }
    if !searches.is_empty() {
        let old = Day::of(tx.now()).plus(-SEARCHES_KEPT);
        day_searches::Entity::delete_many().filter(day_searches::Column::Day.lt(old.0)).exec(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_counted_alike_however_they_are_written() {
        assert_eq!(kept_as("  The   BELL, at sea! ").as_deref(), Some("the bell at sea"));
        assert_eq!(kept_as("Élan").as_deref(), Some("élan"));
        assert_eq!(kept_as("灯台守").as_deref(), Some("灯台守"));
        assert_eq!(kept_as("1984").as_deref(), Some("1984"));
    }

    #[test]
    fn what_may_be_about_a_person_is_not_counted() {
        for text in ["ada@post.example", "+43 660 1234567", "4242 4242 4242 4242", "", "a", &"word ".repeat(20)] {
            assert_eq!(kept_as(text), None, "{text}");
        }
    }

    #[test]
    fn however_many_are_searched_for_the_tally_stays_small() {
        let mut counted = Counted::default();
        for number in 0..MOST + 100 {
            counted.search((Day(1), number.to_string()), Searches { asked: 1, empty: 0 });
            counted.title((Day(1), number.to_string()), Did::View.into());
        }
        counted.search((Day(1), "1".to_owned()), Searches { asked: 1, empty: 1 });
        assert_eq!((counted.searches.len(), counted.titles.len()), (MOST, MOST));
        assert_eq!(counted.searches[&(Day(1), "1".to_owned())], Searches { asked: 2, empty: 1 });
    }
}
