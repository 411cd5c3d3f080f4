//! Lists that are narrowed and still of more titles than are counted: they are not counted again for a while.

use super::matching::filtered;
use super::narrow::MOST;
use crate::catalog::{Browse, Filters};
use crate::{Db, Result};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a list is taken for one of many: counting a thousand titles takes milliseconds, and a list that has them
/// seldom loses them within a minute.
const MANY_FOR: Duration = Duration::from_secs(60);
/// Most lists that are remembered.
const MOST_KEPT: usize = 500;

/// Lists of many by their category and filters, and when they were counted.
#[derive(Default)]
struct Many(Mutex<HashMap<(String, Filters), Instant>>);

/// The titles that filters leave, in no order; `None` where they are more than are counted, or were a moment ago.
pub async fn few(db: &Db, wanted: &Browse) -> Result<Option<Vec<Uuid>>> {
    let key = (wanted.category.clone(), wanted.filters.clone());
    let many = db.remembered::<Many>();
    let known = many.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    if known.is_some_and(|counted| counted.elapsed() < MANY_FOR) {
        return Ok(None);
    }
    let ids = filtered(db, wanted).await?;
    let mut many = many.0.lock().unwrap_or_else(PoisonError::into_inner);
    many.retain(|_, counted| counted.elapsed() < MANY_FOR);
    if ids.len() as u64 <= MOST {
        return Ok(Some(ids));
    }
    if many.len() < MOST_KEPT {
        many.insert(key, Instant::now());
    }
    Ok(None)
}
