//! What a list shows: how many titles fit, and those of one stretch.

use super::correct::correct;
use super::counts::bounded;
use super::many::few;
use super::matching::matching;
use super::narrow::MOST;
use super::page;
use super::postings::rows_of;
use super::stretch::{Picked, Stretch};
use crate::catalog::search_terms::{Search, searched};
use crate::catalog::{Browse, Filters, Sort};
use crate::{Db, Result};
use uuid::Uuid;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Titles that fit, counted up to [`MOST`].
    pub total: u64,
    /// There are more than those.
    pub more: bool,
    pub picked: Picked,
    pub correction: Option<Correction>,
}

/// Words that were taken for others.
#[derive(Clone, Debug)]
pub struct Correction {
    pub search: Search,
    /// The title that fits best.
    pub best: Uuid,
    /// What it finds is shown; else it is only offered, because the words were to be taken as they are.
    pub shown: bool,
}

/// Finds what is asked for.
pub async fn find(db: &Db, wanted: &Browse, stretch: Stretch<'_>) -> Result<Found> {
    if wanted.text.trim().is_empty() {
        return unsearched(db, wanted, stretch).await;
    }
    let Matched { search, ids, more, correction } = match stretch {
        // The parts of a list are asked for one after the other, and the same search goes before each.
        Stretch::Part(_) if !wanted.filters.by_price() => {
            let Browse { text, category, filters, exact, .. } = wanted.clone();
            db.alike(Words { text, category, filters, exact }, || matched(db, wanted)).await?
        }
        _ => matched(db, wanted).await?,
    };
    let total = ids.len() as u64;
    let picked = match wanted.sort {
        Sort::Relevance => Picked::at_hand(&ids, more, stretch)?,
        sort if more => page::walk(db, &search.words, wanted, sort, stretch).await?,
        sort => page::sorted(db, ids, sort, stretch).await?,
    };
    Ok(Found { total, more, picked, correction })
}

/// What a search is remembered by, whatever the order of what it finds.
#[derive(PartialEq, Eq, Hash)]
struct Words {
    text: String,
    category: String,
    filters: Filters,
    exact: bool,
}

/// What words find.
#[derive(Clone)]
struct Matched {
    search: Search,
    /// The best first, at most [`MOST`].
    ids: Vec<Uuid>,
    /// There are more than those.
    more: bool,
    correction: Option<Correction>,
}

async fn matched(db: &Db, wanted: &Browse) -> Result<Matched> {
    let (mut search, counts) = known(db, searched(&wanted.text)).await?;
    // A word that no title has: nothing can fit.
    let unknown = counts.contains(&0);
    let mut ids = if unknown { Vec::new() } else { matching(db, &search, &counts, wanted).await? };
    let mut correction = None;
    if ids.is_empty()
        && let Some((meant, found)) = corrected(db, &search, &counts, wanted).await?
    {
        correction = found.first().map(|best| Correction { search: meant.clone(), best: *best, shown: !wanted.exact });
        if !wanted.exact {
            (search, ids) = (meant, found);
        }
    }
    let more = ids.len() as u64 > MOST;
    ids.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(Matched { search, ids, more, correction })
}

/// What the number of titles for sale is remembered by.
#[derive(PartialEq, Eq, Hash)]
struct Everything;

/// A list without words: everything, or what the filters leave.
async fn unsearched(db: &Db, wanted: &Browse, stretch: Stretch<'_>) -> Result<Found> {
    let ids = if wanted.narrowed() { few(db, wanted).await? } else { None };
    let total = match &ids {
        Some(ids) => ids.len() as u64,
        None if wanted.narrowed() => MOST + 1,
        None => {
            db.alike(Everything, || async { Ok(bounded(db, vec![page::everything()]).await?.into_iter().sum()) })
                .await?
        }
    };
    let more = total > MOST;
    let picked = match ids {
        _ if stretch.offset() >= total => Picked::nothing(),
        Some(ids) => page::sorted(db, ids, wanted.sort, stretch).await?,
        _ => page::walk(db, &[], wanted, wanted.sort, stretch).await?,
    };
    Ok(Found { total: total.min(MOST), more, picked, correction: None })
}

/// A search and how many rows each of its words has. Initials that nothing has are passed over where there are words.
async fn known(db: &Db, mut search: Search) -> Result<(Search, Vec<u64>)> {
    let counts = bounded(db, search.words.iter().map(rows_of).collect()).await?;
    let others = search.words.iter().any(|word| !word.initials);
    let kept: Vec<bool> =
        search.words.iter().zip(&counts).map(|(word, count)| !(word.initials && *count == 0 && others)).collect();
    let mut keep = kept.iter();
    search.words.retain(|_| keep.next().copied().unwrap_or(true));
    let counts = counts.into_iter().zip(kept).filter_map(|(count, kept)| kept.then_some(count)).collect();
    Ok((search, counts))
}

/// What nearly fits, when nothing does: first with other words for those alone that no title has, then for every word.
async fn corrected(db: &Db, search: &Search, counts: &[u64], wanted: &Browse) -> Result<Option<(Search, Vec<Uuid>)>> {
    let unknown: Vec<bool> = counts.iter().map(|count| *count == 0).collect();
    let some_known = unknown.iter().any(|unknown| !unknown);
    for all in [false, true] {
        if all && !some_known || !all && !unknown.contains(&true) {
            continue;
        }
        let mut meant = search.clone();
        if correct(db, &mut meant, |n| all || unknown.get(n).copied().unwrap_or(false)).await? {
            let sought = taken_for(&meant, &unknown);
            let counts = bounded(db, sought.words.iter().map(rows_of).collect()).await?;
            if !counts.contains(&0) {
                let ids = matching(db, &sought, &counts, wanted).await?;
                if !ids.is_empty() {
                    return Ok(Some((meant, ids)));
                }
            }
        }
    }
    Ok(None)
}

/// A word that no title has, and that is nearly a single other one, is looked for as that one: by its rows in their order.
fn taken_for(meant: &Search, unknown: &[bool]) -> Search {
    let mut sought = meant.clone();
    for (word, unknown) in sought.words.iter_mut().zip(unknown) {
        if *unknown && word.nearly.len() == 1 {
            word.beginnings.clear();
            word.whole = std::mem::take(&mut word.nearly);
        }
    }
    sought
}
