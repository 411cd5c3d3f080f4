//! The titles that fit a search, best first.

use super::narrow::{Access, MOST, condition};
use super::postings::{self, RARE};
use super::spread::rarest_first;
use crate::catalog::Browse;
use crate::catalog::search_terms::{Search, Sought};
use crate::entities::{audiobook_terms, audiobooks};
use crate::{Db, Result};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SubQueryStatement,
};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows of the beginning of a common word that are looked at, at first and when that were too few titles: one may have
/// several words that begin so.
const OF_BEGINNING: [u64; 2] = [2 * MOST, 16 * MOST];
/// The same of a word that stands for one that was mistyped: a title seldom has two of those.
const OF_NEARLY: [u64; 2] = [MOST + 1, 16 * MOST];

/// The titles that fit every word and the filters, best first: at most [`MOST`] and one. `counts` are the rows of each
/// word, up to [`RARE`] and one.
pub async fn matching(db: &Db, search: &Search, counts: &[u64], wanted: &Browse) -> Result<Vec<Uuid>> {
    let (search, rows) = rarest_first(db, search, counts).await?;
    let Some((rarest, others)) = search.words.split_first() else { return Ok(Vec::new()) };
    let asked = Asked { rarest, others, letters: &search.letters, wanted };
    if rows <= RARE {
        return of_rare(db, &asked).await;
    }
    if wanted.narrowed() {
        let ids = filtered(db, wanted).await?;
        if ids.len() as u64 <= MOST {
            return among(db, &asked, ids).await;
        }
    }
    of_common(db, &asked).await
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

/// What is asked of a title, the word that is in the fewest apart.
struct Asked<'a> {
    rarest: &'a Sought,
    /// The rarer first.
    others: &'a [Sought],
    letters: &'a [String],
    wanted: &'a Browse,
}

/// Goes by the word that the fewest titles have.
async fn of_rare(db: &Db, asked: &Asked<'_>) -> Result<Vec<Uuid>> {
    let (terms, found) = (Alias::new("terms"), Alias::new("word_found"));
    let holding = Query::select()
        .column((terms.clone(), audiobook_terms::Column::AudiobookId))
        .expr_as(Func::max(postings::score(&terms, asked.rarest)), Alias::new("score"))
        .from_as(audiobook_terms::Entity, terms.clone())
        .cond_where(postings::fitting(&terms, asked.rarest))
        .group_by_col((terms, audiobook_terms::Column::AudiobookId))
        .to_owned();
    let mut query = audiobooks::Entity::find().select_only().column(audiobooks::Column::Id);
    let title = Expr::col((found.clone(), audiobook_terms::Column::AudiobookId));
    let same = title.clone().eq(postings::at_hand());
    QuerySelect::query(&mut query).join_subquery(JoinType::InnerJoin, holding, found.clone(), same);
    let others = words(asked.others);
    let score = Expr::col((found, Alias::new("score"))).add(scores(db.backend(), &others, asked.letters, &title));
    ranked(db, fitting(query, &others, &title, asked.wanted, db), score).await
}

/// Looks at the words of some titles.
async fn among(db: &Db, asked: &Asked<'_>, ids: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let query = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Id.is_in(ids));
    let mut all = vec![(asked.others.len(), asked.rarest)];
    all.extend(words(asked.others));
    let title = postings::at_hand();
    let score = scores(db.backend(), &all, asked.letters, &title);
    ranked(db, fitting(query, &all, &title, asked.wanted, db), score).await
}

/// Every word stands in many titles. Those in which the rarest one weighs most are looked at first, in the order of an
/// index, until there are enough; then those in which a word only begins so.
async fn of_common(db: &Db, asked: &Asked<'_>) -> Result<Vec<Uuid>> {
    use audiobook_terms::Column;
    let terms = Alias::new("terms");
    let word = asked.rarest;
    let typed = postings::typed(&terms, word);
    let heaviest = lookups(db, asked, typed.clone(), MOST + 1)
        .order_by((terms.clone(), Column::Weight), Order::Desc)
        .order_by((terms.clone(), Column::AudiobookId), Order::Desc)
        .to_owned();
    let mut ids = in_order(db, heaviest).await?;
    if (ids.len() as u64) <= MOST {
        let begun = Condition::all().add(postings::fitting(&terms, word)).add(typed.not());
        let heaviest = std::mem::take(&mut ids);
        for most in if word.nearly.is_empty() { OF_BEGINNING } else { OF_NEARLY } {
            let mut rows = lookups(db, asked, begun.clone(), most);
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

/// Rows of a word, one after the other, with what is asked of the title of each. The other words are looked for by the id
/// in the row, before the title is: most rows end there.
fn lookups(db: &Db, asked: &Asked<'_>, of_word: Condition, most: u64) -> SelectStatement {
    let terms = Alias::new("terms");
    let title = Expr::col((terms.clone(), audiobook_terms::Column::AudiobookId));
    let others = words(asked.others);
    let score = postings::score(&terms, asked.rarest).add(scores(db.backend(), &others, asked.letters, &title));
    let mut rows = Query::select();
    rows.expr_as(postings::at_hand(), Alias::new("id"))
        .expr_as(Expr::col((audiobooks::Entity, audiobooks::Column::SoldCount)), Alias::new("sold"))
        .expr_as(score, Alias::new("score"))
        .from_as(audiobook_terms::Entity, terms.clone())
        .join(JoinType::InnerJoin, audiobooks::Entity, postings::at_hand().eq(title.clone()))
        .cond_where(of_word)
        .cond_where(condition(db.backend(), asked.wanted, db.now(), Access::Ids))
        .limit(most);
    for (n, word) in others {
        rows.and_where(postings::has(db.backend(), &alias(n), word, title.clone()));
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

/// Keeps the titles that have these words.
fn fitting(
    query: Select<audiobooks::Entity>,
    words: &[(usize, &Sought)],
    title: &Expr,
    wanted: &Browse,
    db: &Db,
) -> Select<audiobooks::Entity> {
    let query = query.filter(condition(db.backend(), wanted, db.now(), Access::Ids));
    words
        .iter()
        .fold(query, |query, (n, word)| query.filter(postings::has(db.backend(), &alias(*n), word, title.clone())))
}

/// Words, each with a number for its table.
fn words(words: &[Sought]) -> Vec<(usize, &Sought)> {
    words.iter().enumerate().collect()
}

/// What words and letters count for together.
fn scores(backend: DbBackend, words: &[(usize, &Sought)], letters: &[String], title: &Expr) -> Expr {
    let words = words.iter().map(|(n, word)| postings::best(backend, &alias(*n), word, title.clone()));
    let wishes = letters.iter().map(|letter| postings::wish(&Alias::new("letter"), letter, title.clone()));
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
