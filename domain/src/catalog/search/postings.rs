//! Words of a search, as conditions on the table of terms.

use crate::catalog::search_terms::{Sought, after};
use crate::entities::{audiobook_terms, audiobooks};
use sea_orm::DbBackend;
use sea_orm::sea_query::{
    Alias, CaseStatement, Condition, Expr, ExprTrait, Func, Query, SelectStatement, SubQueryStatement, UnionType,
};

/// Rows of a word up to which all of them are looked at.
pub const RARE: u64 = 2_000;

/// The rows of a word, for counting how rare it is: stretch by stretch, since PostgreSQL reads the whole table for an `OR`.
pub fn rows_of(word: &Sought) -> SelectStatement {
    let terms = Alias::new("terms");
    let term = || Expr::col((terms.clone(), audiobook_terms::Column::Term));
    let rows = |range: Expr| {
        let mut rows = Query::select();
        rows.expr(Expr::val(1)).from_as(audiobook_terms::Entity, terms.clone()).and_where(range).to_owned()
    };
    let mut stretches = ranges(term, word).into_iter().map(rows);
    let mut all = stretches.next().unwrap_or_else(|| rows(Expr::val(1).eq(0)));
    for stretch in stretches {
        all.union(UnionType::All, stretch);
    }
    all.limit(RARE + 1).to_owned()
}

/// What the weight of a term counts for when it is the word, when it only begins so, and when it is nearly the word.
const WHOLE: i32 = 6;
const BEGINNING: i32 = 2;
const NEARLY: i32 = 1;

/// Terms that fit a word. A beginning becomes a range of the index.
pub fn fitting(table: &Alias, word: &Sought) -> Condition {
    fits(|| Expr::col((table.clone(), audiobook_terms::Column::Term)), word)
}

/// The same of the few terms of one title. PostgreSQL takes every range of terms for a narrow one and would read all titles
/// of the word from its index. There a single stretch is written as a range of titles and terms together, which begins and
/// ends within the title in the index by both; of several, only the title's own terms are read.
fn fitting_of_title(backend: DbBackend, table: &Alias, word: &Sought, title: &Expr) -> Condition {
    if backend != DbBackend::Postgres {
        return fitting(table, word);
    }
    let of = |column: audiobook_terms::Column| Expr::col((table.clone(), column));
    if let ([begun], [], []) = (word.beginnings.as_slice(), word.whole.as_slice(), word.nearly.as_slice()) {
        let place = || Expr::tuple([of(audiobook_terms::Column::AudiobookId), of(audiobook_terms::Column::Term)]);
        let at = |term: &str| Expr::tuple([title.clone(), Expr::val(term)]);
        return Condition::all().add(place().gte(at(begun))).add(place().lt(at(&after(begun))));
    }
    fits(|| Func::coalesce([of(audiobook_terms::Column::Term), Expr::val("")]).into(), word)
}

fn fits(term: impl Fn() -> Expr, word: &Sought) -> Condition {
    ranges(term, word).into_iter().fold(Condition::any(), Condition::add)
}

/// The stretches of the index in which the terms lie that fit a word.
pub fn ranges(term: impl Fn() -> Expr, word: &Sought) -> Vec<Expr> {
    let begun = word.beginnings.iter().map(|begun| term().gte(begun.as_str()).and(term().lt(after(begun))));
    let whole = word.whole.iter().chain(&word.nearly).map(|whole| term().eq(whole.as_str()));
    begun.chain(whole).collect()
}

/// Terms that are a word as it was typed.
pub fn typed(table: &Alias, word: &Sought) -> Condition {
    let term = || Expr::col((table.clone(), audiobook_terms::Column::Term));
    word.beginnings.iter().chain(&word.whole).fold(Condition::any(), |any, typed| any.add(term().eq(typed.as_str())))
}

/// How much a term that fits counts for.
pub fn score(table: &Alias, word: &Sought) -> Expr {
    let term = || Expr::col((table.clone(), audiobook_terms::Column::Term));
    let weight = || Expr::col((table.clone(), audiobook_terms::Column::Weight));
    let mut score = CaseStatement::new().case(typed(table, word), weight().mul(WHOLE));
    for nearly in &word.nearly {
        score = score.case(term().eq(nearly.as_str()), weight().mul(NEARLY));
    }
    score.finally(weight().mul(BEGINNING)).into()
}

/// The id of a title that is at hand by its row.
pub fn at_hand() -> Expr {
    Expr::col((audiobooks::Entity, audiobooks::Column::Id))
}

/// Whether the title with an id has a word: one look at the title's own terms. Not `EXISTS`, from which PostgreSQL and
/// MariaDB make a join, and go through every title with the word.
pub fn has(backend: DbBackend, table: &Alias, word: &Sought, title: Expr) -> Expr {
    let fitting = fitting_of_title(backend, table, word, &title);
    let probe = of_title(table, title).expr(Expr::val(1)).cond_where(fitting).limit(1).to_owned();
    Expr::from(SubQueryStatement::from(probe)).is_not_null()
}

/// What a word counts for in a title: its best term.
pub fn best(backend: DbBackend, table: &Alias, word: &Sought, title: Expr) -> SelectStatement {
    let fitting = fitting_of_title(backend, table, word, &title);
    of_title(table, title).expr(Func::max(score(table, word))).cond_where(fitting).to_owned()
}

/// What a single letter counts for in a title; 0 where it is not.
pub fn wish(table: &Alias, letter: &str, title: Expr) -> SelectStatement {
    let weight = Expr::col((table.clone(), audiobook_terms::Column::Weight));
    let term = Expr::col((table.clone(), audiobook_terms::Column::Term));
    let mut probe = of_title(table, title);
    probe
        .expr(Func::coalesce([Func::max(weight.mul(WHOLE)).into(), Expr::val(0)]))
        .and_where(term.eq(letter))
        .to_owned()
}

fn of_title(table: &Alias, title: Expr) -> SelectStatement {
    Query::select()
        .from_as(audiobook_terms::Entity, table.clone())
        .and_where(Expr::col((table.clone(), audiobook_terms::Column::AudiobookId)).eq(title))
        .to_owned()
}
