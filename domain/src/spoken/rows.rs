//! The index itself: a row for each passage, by a number that says which it is. It is the same table everywhere, of a kind
//! of its own in each database, with words in it that all of them read alike.

use super::sought::Wanted;
use crate::{Db, Result, Tx};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
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

const TABLE: &str = "spoken";
/// The name that a table for full texts has for it on SQLite.
const ROW: &str = "rowid";
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
            let mut words = terms.iter().cloned().collect::<Vec<_>>().join(" ");
            if backend != DbBackend::Sqlite {
                words = format!("{} {words}", book_term(number));
            }
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

/// By which the passages of a title are found where the index of the words is used alone: on MariaDB and MySQL it is never
/// used with another one, and PostgreSQL takes reading all words of a title for cheaper than it is. No other term has such a
/// letter.
fn book_term(number: i32) -> String {
    format!("zz{number}")
}

/// Which passages of a title are asked for, and how many.
pub struct Asked<'a> {
    pub number: i32,
    /// The first.
    pub from: i64,
    pub most: u64,
    pub wanted: &'a Wanted,
}

/// The passages of some titles that have what is wanted, in order: of each title a list, all in one look.
pub async fn passages(db: &Db, asked: &[Asked<'_>]) -> Result<Vec<Vec<i64>>> {
    let backend = db.backend();
    let parts = asked.iter().map(|asked| {
        let rows = (row_of(asked.number, asked.from), row_of(asked.number, LAST));
        matching(backend, asked.wanted, Some(asked.number))
            .and_where(row(backend).between(rows.0, rows.1))
            .order_by_expr(row(backend), Order::Asc)
            .limit(asked.most)
            .to_owned()
    });
    let found = all_of(db, parts.collect()).await?;
    let mut of_each: Vec<Vec<i64>> = asked.iter().map(|_| Vec::new()).collect();
    for row in found {
        let (number, passage) = place_of(row);
        let place = asked.iter().position(|asked| i64::from(asked.number) == number);
        if let Some(passages) = place.and_then(|place| of_each.get_mut(place)) {
            passages.push(passage);
        }
    }
    of_each.iter_mut().for_each(|passages| passages.sort_unstable());
    Ok(of_each)
}

/// The numbers of all titles with a passage that has what is wanted, where there are no more such passages than `most`.
pub async fn titles(db: &Db, wanted: &[&Wanted], most: u64) -> Result<Option<BTreeSet<i64>>> {
    let parts = wanted.iter().map(|wanted| matching(db.backend(), wanted, None).limit(most + 1).to_owned());
    let found = all_of(db, parts.collect()).await?;
    let all = found.len() as u64 <= most;
    Ok(all.then(|| found.into_iter().map(|row| place_of(row).0).collect()))
}

async fn all_of(db: &Db, parts: Vec<SelectStatement>) -> Result<Vec<i64>> {
    let mut parts = parts.into_iter().enumerate().map(|(n, part)| {
        let name = Alias::new(format!("found_{n}"));
        // A part of a union may have no limit of its own in SQLite, but what it selects from may.
        Query::select().column((name.clone(), Alias::new(ROW))).from_subquery(part, name).to_owned()
    });
    let Some(mut all) = parts.next() else { return Ok(Vec::new()) };
    for part in parts {
        all.union(UnionType::All, part);
    }
    let rows = db.read().query_all(&all).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The number of a row: on SQLite its index leads to the rows of a title, elsewhere only that of the words is to be used.
fn row(backend: DbBackend) -> Expr {
    if backend == DbBackend::Sqlite { Expr::col(Alias::new(ROW)) } else { Expr::cust("rowid + 0") }
}

/// The rows that have what is wanted.
fn matching(backend: DbBackend, wanted: &Wanted, number: Option<i32>) -> SelectStatement {
    let any = |terms: &Vec<String>, or: &str| terms.join(or);
    // What is narrowest goes first: the others are then read only where it is.
    let book = number.map(book_term);
    let has = match backend {
        DbBackend::Postgres => {
            let all = wanted.iter().map(|terms| format!("({})", any(terms, " | ")));
            let all: Vec<_> = book.into_iter().chain(all).collect();
            let query = all.join(" & ");
            match number {
                Some(_) => Expr::cust_with_values("terms @@ CAST($1 AS tsquery)", [query]),
                // It does not see the words, and thinks them rare: of common ones it would read the table, and unpack each row.
                None => Expr::cust_with_values("terms @@ (SELECT CAST($1 AS tsquery))", [query]),
            }
        }
        DbBackend::MySql => {
            let all = wanted.iter().map(|terms| format!("+({})", any(terms, " ")));
            let all: Vec<_> = book.map(|book| format!("+{book}")).into_iter().chain(all).collect();
            Expr::cust_with_values("MATCH (terms) AGAINST (? IN BOOLEAN MODE)", [all.join(" ")])
        }
        _ => {
            let all: Vec<_> = wanted.iter().map(|terms| format!("({})", any(terms, " OR "))).collect();
            Expr::cust_with_values("spoken MATCH ?", [all.join(" AND ")])
        }
    };
    Query::select().column(Alias::new(ROW)).from(Alias::new(TABLE)).and_where(has).to_owned()
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
