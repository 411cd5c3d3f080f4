//! The index itself: a row for each passage, by a number that says which it is. It is the same table everywhere, of a kind
//! of its own in each database, with words in it that all of them read alike.

use crate::{Result, Tx};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbBackend};
use std::collections::{BTreeMap, BTreeSet};

/// How long a passage is, in milliseconds: a search for a word that a book has everywhere looks at a few of them, and one
/// for two words that are seldom near each other is not led to many in vain.
pub const PASSAGE_MS: i64 = 120_000;
/// Passages that a title may have, in bits: four years of two minutes each.
const BITS: u32 = 20;
/// The last passage of a title.
const LAST: i64 = (1 << BITS) - 1;
/// Rows written at once: each has some kilobytes.
const AT_ONCE: usize = 100;

pub const TABLE: &str = "spoken";
/// The name that a table for full texts has for it on SQLite.
pub const ROW: &str = "rowid";
const TERMS: &str = "terms";

/// The row of a passage of a title that has this number.
pub fn row_of(number: i32, passage: i64) -> i64 {
    (i64::from(number) << BITS) | passage.clamp(0, LAST)
}

/// The number of the title that a row is of, and which passage.
pub fn place_of(row: i64) -> (i64, i64) {
    (row >> BITS, row & LAST)
}

/// The passage in which something begins.
pub fn passage_at(start_ms: i64) -> i64 {
    (start_ms / PASSAGE_MS).clamp(0, LAST)
}

/// Takes passages of a title out, from one to another.
pub async fn remove(tx: &Tx, number: i32, from: i64, to: i64) -> Result<()> {
    let rows = Expr::col(Alias::new(ROW)).between(row_of(number, from), row_of(number, to));
    let delete = Query::delete().from_table(Alias::new(TABLE)).and_where(rows).to_owned();
    tx.execute(&delete).await?;
    Ok(())
}

/// Takes all passages of a title out.
pub async fn remove_all(tx: &Tx, number: i32) -> Result<()> {
    remove(tx, number, 0, LAST).await
}

/// Puts passages of a title in that are not there.
pub async fn add(tx: &Tx, number: i32, passages: &BTreeMap<i64, BTreeSet<String>>) -> Result<()> {
    let backend = tx.get_database_backend();
    let passages: Vec<_> = passages.iter().collect();
    for some in passages.chunks(AT_ONCE) {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(TABLE)).columns([Alias::new(ROW), Alias::new(TERMS)]);
        for (passage, terms) in some {
            let mut words: Vec<String> = terms.iter().map(|term| word(backend, term, number)).collect();
            if backend == DbBackend::Postgres {
                words.push(book_word(number));
            }
            let words = words.join(" ");
            let words = match backend {
                DbBackend::Postgres => Expr::cust_with_values("array_to_tsvector(string_to_array($1, ' '))", [words]),
                _ => Expr::val(words),
            };
            insert.values_panic([Expr::val(row_of(number, **passage)), words]);
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// A term as the index has it of a title. On MariaDB and MySQL each title has words of its own: they read all that they know
/// of a word, however few rows are asked for, so that one that is everywhere would take seconds.
pub fn word(backend: DbBackend, term: &str, number: i32) -> String {
    if backend == DbBackend::MySql { format!("{term}z{number}") } else { term.to_owned() }
}

/// A word that all passages of a title have on PostgreSQL, which takes reading all that is said in a title for cheaper than it
/// is. No term has such a letter.
pub fn book_word(number: i32) -> String {
    format!("zz{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_which_passage_of_which_title_it_is() {
        for (number, passage) in [(1, 0), (7, 299), (i32::MAX, LAST)] {
            assert_eq!(place_of(row_of(number, passage)), (i64::from(number), passage));
        }
        assert!(row_of(1, LAST) < row_of(2, 0));
        assert_eq!(place_of(row_of(3, i64::MAX)), (3, LAST), "what is beyond all is in the last");
        assert_eq!((passage_at(0), passage_at(119_999), passage_at(120_000)), (0, 0, 1));
    }
}
