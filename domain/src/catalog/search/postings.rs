//! Words of a search, as conditions on the table of terms.

use crate::catalog::search_terms::{Sought, after};
use crate::entities::{audiobook_terms, audiobooks};
use sea_orm::sea_query::{
    Alias, CaseStatement, Condition, Expr, ExprTrait, Func, Query, SelectStatement, SubQueryStatement,
};

/// What the weight of a term counts for when it is the word, when it only begins so, and when it is nearly the word.
const WHOLE: i32 = 6;
const BEGINNING: i32 = 2;
const NEARLY: i32 = 1;

/// Terms that fit a word. A beginning becomes a range of the index.
pub fn fitting(table: &Alias, word: &Sought) -> Condition {
    let term = || Expr::col((table.clone(), audiobook_terms::Column::Term));
    let mut any = Condition::any();
    for beginning in &word.beginnings {
        any = any.add(term().gte(beginning.as_str()).and(term().lt(after(beginning))));
    }
    for whole in word.whole.iter().chain(&word.nearly) {
        any = any.add(term().eq(whole.as_str()));
    }
    any
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

/// Whether the title in hand has a word: one look at the title's own terms. Not `EXISTS`, from which PostgreSQL and
/// MariaDB make a join, and go through every title with the word.
pub fn has(table: &Alias, word: &Sought) -> Expr {
    let mut probe = of_title(table);
    let probe = probe.expr(Expr::val(1)).cond_where(fitting(table, word)).limit(1).to_owned();
    Expr::from(SubQueryStatement::from(probe)).is_not_null()
}

/// What a word counts for in the title in hand: its best term.
pub fn best(table: &Alias, word: &Sought) -> SelectStatement {
    let mut probe = of_title(table);
    probe.expr(Func::max(score(table, word))).cond_where(fitting(table, word)).to_owned()
}

/// What a single letter counts for in the title in hand; 0 where it is not.
pub fn wish(table: &Alias, letter: &str) -> SelectStatement {
    let weight = Expr::col((table.clone(), audiobook_terms::Column::Weight));
    let term = Expr::col((table.clone(), audiobook_terms::Column::Term));
    let mut probe = of_title(table);
    probe
        .expr(Func::coalesce([Func::max(weight.mul(WHOLE)).into(), Expr::val(0)]))
        .and_where(term.eq(letter))
        .to_owned()
}

fn of_title(table: &Alias) -> SelectStatement {
    Query::select()
        .from_as(audiobook_terms::Entity, table.clone())
        .and_where(
            Expr::col((table.clone(), audiobook_terms::Column::AudiobookId))
                .equals((audiobooks::Entity, audiobooks::Column::Id)),
        )
        .to_owned()
}
