//! Bundles: which of them the titles of a cart make, and what they take off.

use super::shares::split;
use super::{BundleSaving, QuoteLine};
use crate::entities::{bundle_titles, bundles};
use crate::{Money, Result, Timestamp};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Fewest and most titles of a bundle.
pub(crate) const TITLES: std::ops::RangeInclusive<usize> = 2..=10;

/// A bundle, all of whose titles are at hand.
#[derive(Clone, Debug)]
struct Whole {
    id: Uuid,
    name: String,
    price_minor: i64,
    titles: Vec<Uuid>,
}

/// A title of a bundle, with what a price needs of the bundle.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    price_minor: i64,
    titles: i32,
    audiobook_id: Uuid,
}

/// Takes off the lines, whose prices are in one currency, what the bundles that they make save, and names these. A bundle
/// counts when all its titles are there and it is cheaper than their prices of now. Of bundles that share a title the one
/// that saves more counts.
pub(super) async fn apply(
    db: &impl ConnectionTrait,
    lines: &mut [QuoteLine],
    now: Timestamp,
) -> Result<Vec<BundleSaving>> {
    let Some(currency) = lines.first().map(|line| line.price.now.currency).filter(|_| lines.len() > 1) else {
        return Ok(Vec::new());
    };
    let ids: Vec<Uuid> = lines.iter().map(|line| line.audiobook_id).collect();
    let prices: HashMap<Uuid, i64> = lines.iter().map(|line| (line.audiobook_id, line.price.now.minor)).collect();
    let mut taken = Vec::new();
    for (bundle, saves) in best(whole(db, &ids, currency.code(), now).await?, &prices) {
        let parts: Vec<i64> = bundle.titles.iter().map(|title| prices[title]).collect();
        let pays: HashMap<Uuid, i64> = bundle.titles.iter().copied().zip(split(bundle.price_minor, &parts)).collect();
        for line in lines.iter_mut() {
            let Some(pays) = pays.get(&line.audiobook_id) else { continue };
            let off = Money::new(line.price.now.minor - pays, currency);
            line.bundle = Some(BundleSaving { name: bundle.name.clone(), off });
            line.pays = Money::new(*pays, currency);
        }
        taken.push(BundleSaving { name: bundle.name, off: Money::new(saves, currency) });
    }
    Ok(taken)
}

/// The bundles that run and all of whose titles are among these, of which there are no more than a cart holds.
async fn whole(db: &impl ConnectionTrait, ids: &[Uuid], currency: &str, now: Timestamp) -> Result<Vec<Whole>> {
    let of = |column: bundles::Column| Expr::col((bundles::Entity, column));
    let mut query = bundle_titles::Entity::find()
        .select_only()
        .column(bundle_titles::Column::AudiobookId)
        .columns([bundles::Column::Id, bundles::Column::Name, bundles::Column::PriceMinor, bundles::Column::Titles])
        .filter(Expr::col((bundle_titles::Entity, bundle_titles::Column::AudiobookId)).is_in(ids.iter().copied()))
        .filter(of(bundles::Column::Currency).eq(currency))
        .filter(of(bundles::Column::StartsAt).lte(now))
        .filter(not_over(now))
        .order_by_asc(bundles::Column::Id)
        .order_by_asc(bundle_titles::Column::AudiobookId);
    let same = of(bundles::Column::Id).equals((bundle_titles::Entity, bundle_titles::Column::BundleId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, bundles::Entity, same);
    let mut found: BTreeMap<Uuid, (usize, Whole)> = BTreeMap::new();
    for row in query.into_model::<Row>().all(db).await? {
        let size = usize::try_from(row.titles).unwrap_or(0);
        let new = || (size, Whole { id: row.id, name: row.name, price_minor: row.price_minor, titles: Vec::new() });
        found.entry(row.id).or_insert_with(new).1.titles.push(row.audiobook_id);
    }
    Ok(found.into_values().filter(|(size, bundle)| bundle.titles.len() == *size).map(|(_, bundle)| bundle).collect())
}

/// Whether a bundle runs at `now` or later.
pub(crate) fn not_over(now: Timestamp) -> Condition {
    let ends = || Expr::col((bundles::Entity, bundles::Column::EndsAt));
    Condition::any().add(ends().is_null()).add(ends().gt(now))
}

/// Those that save something, the one that saves most first, each title in one of them at most; with what they save, in minor
/// units.
fn best(found: Vec<Whole>, prices: &HashMap<Uuid, i64>) -> Vec<(Whole, i64)> {
    let saves = |bundle: &Whole| bundle.titles.iter().map(|title| prices[title]).sum::<i64>() - bundle.price_minor;
    let mut cheaper: Vec<(Whole, i64)> = found
        .into_iter()
        .map(|bundle| {
            let saves = saves(&bundle);
            (bundle, saves)
        })
        .filter(|(_, saves)| *saves > 0)
        .collect();
    cheaper.sort_by_key(|(bundle, saves)| (Reverse(*saves), bundle.id));
    let mut used = HashSet::new();
    cheaper.retain(|(bundle, _)| {
        let free = bundle.titles.iter().all(|title| !used.contains(title));
        if free {
            used.extend(bundle.titles.iter().copied());
        }
        free
    });
    cheaper
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn bundle(n: u128, price_minor: i64, titles: &[u128]) -> Whole {
        let titles = titles.iter().copied().map(title).collect();
        Whole { id: title(100 + n), name: n.to_string(), price_minor, titles }
    }

    fn chosen(bundles: Vec<Whole>) -> Vec<(String, i64)> {
        let prices = (1..=4).map(|n| (title(n), 1000)).collect();
        best(bundles, &prices).into_iter().map(|(bundle, saves)| (bundle.name, saves)).collect()
    }

    #[test]
    fn of_bundles_that_share_a_title_the_one_that_saves_more_counts() {
        let all = vec![bundle(1, 1800, &[1, 2]), bundle(2, 1500, &[2, 3]), bundle(3, 1900, &[1, 4])];
        assert_eq!(chosen(all), [("2".to_owned(), 500), ("3".to_owned(), 100)]);
        let alike = vec![bundle(2, 1500, &[2, 3]), bundle(1, 1500, &[1, 2])];
        assert_eq!(chosen(alike), [("1".to_owned(), 500)], "of two that save as much the older one");
    }

    #[test]
    fn a_bundle_that_saves_nothing_does_not_count() {
        assert_eq!(chosen(vec![bundle(1, 2000, &[1, 2]), bundle(2, 2500, &[3, 4])]), []);
    }
}
