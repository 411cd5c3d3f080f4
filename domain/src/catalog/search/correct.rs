//! Words that somebody meant, for those that were mistyped.

use super::counts::bounded;
use super::narrow::for_sale;
use super::vocabulary::{self, Near};
use crate::catalog::search_terms::Search;
use crate::entities::{audiobook_terms, audiobooks};
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, DbBackend};

/// Most words that stand in for one that was mistyped.
const MOST: usize = 8;
/// Titles of a word that are counted, to take the more common one of two.
const COUNTED: u64 = 50;

/// Lets words fit what is nearly them as well: those of `which`. Says whether any word has something like it in a
/// published title; what only drafts say stays unsaid.
pub async fn correct(db: &Db, search: &mut Search, which: impl Fn(usize) -> bool) -> Result<bool> {
    let mut near: Vec<(usize, Vec<Near>)> = Vec::new();
    for (n, word) in search.words.iter().enumerate().filter(|(n, _)| which(*n)) {
        if !word.beginnings.is_empty() && !word.initials && vocabulary::forgiven(word.typed()) > 0 {
            near.push((n, Vec::new()));
        }
    }
    if near.is_empty() {
        return Ok(false);
    }
    let words = vocabulary::words(db).await?;
    for (n, found) in &mut near {
        *found = vocabulary::near(&words, search.words[*n].typed());
    }
    let candidates = near.iter().flat_map(|(_, found)| found.iter().map(|near| titles_with(db.backend(), &near.term)));
    let mut counts = bounded(db, candidates.collect()).await?.into_iter();
    let mut corrected = false;
    for (n, found) in near {
        let mut there: Vec<(u64, Near)> = found.into_iter().map(|near| (counts.next().unwrap_or(0), near)).collect();
        there.retain(|(titles, _)| *titles > 0);
        let word = &mut search.words[n];
        word.nearly = nearest(there);
        corrected |= !word.nearly.is_empty();
    }
    Ok(corrected)
}

/// The words that are as near as the nearest, the most common first.
fn nearest(mut found: Vec<(u64, Near)>) -> Vec<String> {
    let Some(least) = found.iter().map(|(_, near)| near.errors).min() else { return Vec::new() };
    found.retain(|(_, near)| near.errors == least);
    found.sort_by_key(|(titles, _)| std::cmp::Reverse(*titles));
    found.into_iter().take(MOST).map(|(_, near)| near.term).collect()
}

fn titles_with(backend: DbBackend, term: &str) -> SelectStatement {
    let title = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((audiobook_terms::Entity, audiobook_terms::Column::AudiobookId));
    Query::select()
        .column((audiobooks::Entity, audiobooks::Column::Id))
        .from(audiobook_terms::Entity)
        .join(JoinType::InnerJoin, audiobooks::Entity, title)
        .and_where(audiobook_terms::Column::Term.eq(term))
        .and_where(for_sale(backend))
        .limit(COUNTED)
        .to_owned()
}
