//! The titles that fit a search, best first.

use super::narrow::{Access, MOST, condition};
use super::postings;
use crate::catalog::Browse;
use crate::catalog::search_terms::{Search, Sought};
use crate::entities::{audiobook_terms, audiobooks};
use crate::{Db, Result};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SubQueryStatement,
};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows of a word up to which all of them are looked at.
pub const RARE: u64 = 2_000;
/// Rows of the beginning of a common word that are looked at, at first and when that were too few titles: one may have
/// several words that begin so.
const OF_BEGINNING: [u64; 2] = [2 * MOST, 16 * MOST];

/// The rows of a word, for counting whether it is rare.
pub fn rows_of(word: &Sought) -> SelectStatement {
    let terms = Alias::new("terms");
    Query::select()
        .expr(Expr::val(1))
        .from_as(audiobook_terms::Entity, terms.clone())
        .cond_where(postings::fitting(&terms, word))
        .limit(RARE + 1)
        .to_owned()
}

/// The titles that fit every word and the filters, best first: at most [`MOST`] and one. `counts` are the rows of each
/// word, up to [`RARE`] and one.
pub async fn matching(db: &Db, search: &Search, counts: &[u64], wanted: &Browse) -> Result<Vec<Uuid>> {
    let Some(rarest) = (0..search.words.len()).min_by_key(|n| counts.get(*n).copied().unwrap_or(0)) else {
        return Ok(Vec::new());
    };
    if counts.get(rarest).copied().unwrap_or(0) <= RARE {
        return of_rare(db, search, rarest, wanted).await;
    }
    if wanted.narrowed() {
        let ids = filtered(db, wanted).await?;
        if ids.len() as u64 <= MOST {
            return among(db, search, ids, wanted).await;
        }
    }
    of_common(db, search, rarest, wanted).await
}

/// Titles that fit the filters, in no order: at most [`MOST`] and one.
pub async fn filtered(db: &Db, wanted: &Browse) -> Result<Vec<Uuid>> {
    Ok(audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(condition(db.backend(), wanted, db.now(), Access::Filters))
        .limit(MOST + 1)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// Goes by the word that the fewest titles have.
async fn of_rare(db: &Db, search: &Search, rarest: usize, wanted: &Browse) -> Result<Vec<Uuid>> {
    let (terms, found) = (Alias::new("terms"), Alias::new("word_found"));
    let word = &search.words[rarest];
    let holding = Query::select()
        .column((terms.clone(), audiobook_terms::Column::AudiobookId))
        .expr_as(Func::max(postings::score(&terms, word)), Alias::new("score"))
        .from_as(audiobook_terms::Entity, terms.clone())
        .cond_where(postings::fitting(&terms, word))
        .group_by_col((terms, audiobook_terms::Column::AudiobookId))
        .to_owned();
    let mut query = audiobooks::Entity::find().select_only().column(audiobooks::Column::Id);
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((found.clone(), audiobook_terms::Column::AudiobookId));
    QuerySelect::query(&mut query).join_subquery(JoinType::InnerJoin, holding, found.clone(), same);
    let score = Expr::col((found, Alias::new("score")));
    ranked(db, fitting(query, search, Some(rarest), wanted, db), score.add(scores(search, Some(rarest)))).await
}

/// Looks at the words of some titles.
async fn among(db: &Db, search: &Search, ids: Vec<Uuid>, wanted: &Browse) -> Result<Vec<Uuid>> {
    let query = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Id.is_in(ids));
    ranked(db, fitting(query, search, None, wanted, db), scores(search, None)).await
}

/// Every word stands in many titles. Those in which the rarest one weighs most are looked at first, in the order of an
/// index, until there are enough; then those in which a word only begins so.
async fn of_common(db: &Db, search: &Search, rarest: usize, wanted: &Browse) -> Result<Vec<Uuid>> {
    use audiobook_terms::Column;
    let terms = Alias::new("terms");
    let word = &search.words[rarest];
    let typed = postings::typed(&terms, word);
    let heaviest = lookups(db, search, rarest, wanted, typed.clone(), MOST + 1)
        .order_by((terms.clone(), Column::Weight), Order::Desc)
        .order_by((terms.clone(), Column::AudiobookId), Order::Desc)
        .to_owned();
    let mut ids = in_order(db, heaviest).await?;
    if (ids.len() as u64) <= MOST {
        let begun = Condition::all().add(postings::fitting(&terms, word)).add(typed.not());
        let heaviest = std::mem::take(&mut ids);
        for most in OF_BEGINNING {
            let mut rows = lookups(db, search, rarest, wanted, begun.clone(), most);
            // In the order of the index, which costs nothing: without one SQLite would take the best of all rows.
            for column in [Column::Term, Column::Weight, Column::AudiobookId] {
                rows.order_by((terms.clone(), column), Order::Desc);
            }
            let rows = in_order(db, rows).await?;
            let all_seen = (rows.len() as u64) < most;
            let mut seen = HashSet::new();
            ids = heaviest.iter().copied().chain(rows).filter(|id| seen.insert(*id)).collect();
            if all_seen || ids.len() as u64 > MOST {
                break;
            }
        }
        ids.truncate(usize::try_from(MOST + 1).unwrap_or(usize::MAX));
    }
    Ok(ids)
}

/// Rows of a word, one after the other, with what is asked of the title of each.
fn lookups(db: &Db, search: &Search, rarest: usize, wanted: &Browse, of_word: Condition, most: u64) -> SelectStatement {
    let terms = Alias::new("terms");
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((terms.clone(), audiobook_terms::Column::AudiobookId));
    let score = postings::score(&terms, &search.words[rarest]).add(scores(search, Some(rarest)));
    let mut rows = Query::select();
    rows.expr_as(Expr::col((audiobooks::Entity, audiobooks::Column::Id)), Alias::new("id"))
        .expr_as(Expr::col((audiobooks::Entity, audiobooks::Column::SoldCount)), Alias::new("sold"))
        .expr_as(score, Alias::new("score"))
        .from_as(audiobook_terms::Entity, terms.clone())
        .join(JoinType::InnerJoin, audiobooks::Entity, same)
        .cond_where(of_word)
        .cond_where(condition(db.backend(), wanted, db.now(), Access::Ids))
        .limit(most);
    for (n, word) in others(search, Some(rarest)) {
        rows.and_where(postings::has(&alias(n), word));
    }
    rows
}

async fn in_order(db: &Db, rows: SelectStatement) -> Result<Vec<Uuid>> {
    let found = Alias::new("found");
    let column = |name: &'static str| (found.clone(), Alias::new(name));
    let ordered = Query::select()
        .column(column("id"))
        .from_subquery(rows, found.clone())
        .order_by(column("score"), Order::Desc)
        .order_by(column("sold"), Order::Desc)
        .order_by(column("id"), Order::Desc)
        .to_owned();
    let rows = sea_orm::ConnectionTrait::query_all(db.read(), &ordered).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Keeps the titles that have every word, but for the one that they were found by.
fn fitting(
    query: Select<audiobooks::Entity>,
    search: &Search,
    driver: Option<usize>,
    wanted: &Browse,
    db: &Db,
) -> Select<audiobooks::Entity> {
    let query = query.filter(condition(db.backend(), wanted, db.now(), Access::Ids));
    others(search, driver).fold(query, |query, (n, word)| query.filter(postings::has(&alias(n), word)))
}

fn others(search: &Search, driver: Option<usize>) -> impl Iterator<Item = (usize, &Sought)> {
    search.words.iter().enumerate().filter(move |(n, _)| Some(*n) != driver)
}

/// What the words count for together, but for the one that the titles were found by.
fn scores(search: &Search, driver: Option<usize>) -> Expr {
    let words = others(search, driver).map(|(n, word)| postings::best(&alias(n), word));
    let wishes = search.letters.iter().map(|letter| postings::wish(&Alias::new("letter"), letter));
    words.chain(wishes).fold(Expr::val(0), |sum, one| sum.add(Expr::from(SubQueryStatement::from(one))))
}

async fn ranked(db: &Db, query: Select<audiobooks::Entity>, score: Expr) -> Result<Vec<Uuid>> {
    Ok(query
        .order_by(score, Order::Desc)
        .order_by_desc(audiobooks::Column::SoldCount)
        .order_by_desc(audiobooks::Column::Id)
        .limit(MOST + 1)
        .into_tuple()
        .all(db.read())
        .await?)
}

fn alias(n: usize) -> Alias {
    Alias::new(format!("word_{n}"))
}
