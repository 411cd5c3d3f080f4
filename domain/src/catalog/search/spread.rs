//! How many rows words have that all stand in very many titles, so that a search goes by the one in the fewest: `the
//! lighthouse` by `lighthouse`.

use super::counts::bounded;
use super::postings::{RARE, rows_of};
use crate::catalog::search_terms::{Search, Sought};
use crate::{Db, Result};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Rows up to which a common word is counted. Words of more are taken to be equally common.
const FAR: u64 = 32_000;
/// How long a count is remembered: what is found does not depend on it, only how soon.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);
/// Most words that are remembered.
const MOST_KEPT: usize = 2_000;

#[derive(Default)]
struct Kept(Mutex<HashMap<Sought, (u64, Instant)>>);

/// The search with its rarest word first, and the rows of that one: `counts` are those of each word, up to [`RARE`] and
/// one.
pub async fn rarest_first(db: &Db, search: &Search, counts: &[u64]) -> Result<(Search, u64)> {
    let known = if search.words.len() > 1 && counts.iter().all(|count| *count > RARE) {
        counted_far(db, &search.words).await?
    } else {
        counts.to_vec()
    };
    let mut words: Vec<(u64, Sought)> = known.into_iter().zip(search.words.iter().cloned()).collect();
    words.sort_by_key(|(count, _)| *count);
    let least = words.first().map_or(0, |(count, _)| *count);
    let words = words.into_iter().map(|(_, word)| word).collect();
    Ok((Search { words, letters: search.letters.clone() }, least))
}

async fn counted_far(db: &Db, words: &[Sought]) -> Result<Vec<u64>> {
    let remembered = db.remembered::<Kept>();
    let mut counts: HashMap<&Sought, u64> = {
        let kept = remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |word| kept.get(word).filter(|(_, counted)| counted.elapsed() < KEPT_FOR).map(|(count, _)| *count);
        words.iter().filter_map(|word| Some((word, fresh(word)?))).collect()
    };
    let asked: Vec<&Sought> = words.iter().filter(|word| !counts.contains_key(word)).collect();
    let queries = asked.iter().map(|word| rows_of(word).limit(FAR).to_owned()).collect();
    let new: Vec<(&Sought, u64)> = asked.into_iter().zip(bounded(db, queries).await?).collect();
    let now = Instant::now();
    let mut kept = remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() + new.len() > MOST_KEPT {
        kept.clear();
    }
    kept.extend(new.iter().map(|(word, count)| ((*word).clone(), (*count, now))));
    drop(kept);
    counts.extend(new);
    Ok(words.iter().map(|word| counts.get(word).copied().unwrap_or(FAR)).collect())
}
