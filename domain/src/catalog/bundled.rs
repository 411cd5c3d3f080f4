//! The bundles that a title's page offers. They come with the titles like it, in one query.

use super::similar::{among, candidates, closest_first, of_title};
use super::summaries::SummaryRow;
use super::{AudiobookSummary, BundleOffer};
use crate::entities::{audiobooks, bundle_titles, bundles};
use crate::pricing::bundles::not_over;
use crate::{Db, Money, Result, Timestamp};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, FromQueryResult, Order, PartialModelTrait, QueryOrder, QuerySelect, QueryTrait};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Bundles that a page offers at most.
const OFFERED: usize = 3;
/// Rows that the titles of bundles may take.
const ROWS: u64 = 30;

/// Titles that go with one.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// The titles of bundles, then those like it; each once.
    pub rows: Vec<SummaryRow>,
    pub bundles: Bundles,
}

/// The bundles that a title is in, and the number of titles like it that its page shows.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    found: BTreeMap<Uuid, (Facts, Vec<Uuid>)>,
    similar: usize,
}

#[derive(Debug, FromQueryResult)]
struct Facts {
    bundle_name: String,
    bundle_price: i64,
    bundle_currency: String,
    bundle_titles: i32,
    bundle_starts: Timestamp,
    bundle_ends: Option<Timestamp>,
}

const DEAL: &str = "kin_deal";
const BUNDLE: &str = "bundle_id";

/// The titles of the bundles that a title is in, and so many that are like it.
pub(super) async fn near(db: &Db, id: Uuid, similar: u64) -> Result<Near> {
    let deals = || deals(id, db.now());
    let column = |name: &'static str| Expr::col((Alias::new(DEAL), Alias::new(name)));
    let partners = Query::select()
        .column((Alias::new("kin_partners"), Alias::new("title")))
        .from_subquery(deals(), "kin_partners")
        .to_owned();
    let all = candidates(id).union(UnionType::Distinct, partners).to_owned();
    let mut titles = SummaryRow::select_cols(among(db.backend(), id, all).select_only());
    let mut columns = vec![BUNDLE];
    columns.extend(COLUMNS.map(|(_, name)| name));
    for name in columns {
        titles = titles.column_as(column(name), name);
    }
    let of_title = of_title(audiobooks::Column::Id).eq(column("title"));
    QuerySelect::query(&mut titles).join_subquery(JoinType::LeftJoin, deals(), DEAL, of_title);
    let last: Expr = CaseStatement::new().case(column(BUNDLE).is_null(), Expr::val(1)).finally(Expr::val(0)).into();
    let titles = closest_first(titles.order_by(last, Order::Asc).order_by(column(BUNDLE), Order::Desc), id);
    let similar = similar.clamp(0, 100);
    let mut near = Near::default();
    near.bundles.similar = usize::try_from(similar).unwrap_or(0);
    let mut seen = HashSet::new();
    for row in &db.read().query_all(&titles.limit(similar + ROWS).into_query()).await? {
        let title = SummaryRow::from_query_result(row, "")?;
        if let Some(bundle) = row.try_get::<Option<Uuid>>("", BUNDLE)? {
            let facts = Facts::from_query_result(row, "")?;
            near.bundles.found.entry(bundle).or_insert((facts, Vec::new())).1.push(title.id);
        }
        if seen.insert(title.id) {
            near.rows.push(title);
        }
    }
    let partners: HashSet<Uuid> = near.bundles.partners().collect();
    let mut like = 0;
    near.rows.retain(|row| {
        like += usize::from(!partners.contains(&row.id));
        partners.contains(&row.id) || like <= near.bundles.similar
    });
    Ok(near)
}

/// What a page needs of a bundle: the column, and the name of it in the answer.
const COLUMNS: [(bundles::Column, &str); 6] = [
    (bundles::Column::Name, "bundle_name"),
    (bundles::Column::PriceMinor, "bundle_price"),
    (bundles::Column::Currency, "bundle_currency"),
    (bundles::Column::Titles, "bundle_titles"),
    (bundles::Column::StartsAt, "bundle_starts"),
    (bundles::Column::EndsAt, "bundle_ends"),
];

/// The other titles of the bundles that a title is in and that are not over.
fn deals(id: Uuid, now: Timestamp) -> SelectStatement {
    let (this, other) = (Alias::new("this_title"), Alias::new("other_title"));
    let of = |table: &Alias, column: bundle_titles::Column| Expr::col((table.clone(), column));
    let mut deals = Query::select();
    deals.expr_as(of(&other, bundle_titles::Column::AudiobookId), "title");
    deals.expr_as(of(&this, bundle_titles::Column::BundleId), BUNDLE);
    for (column, name) in COLUMNS {
        deals.expr_as(Expr::col((bundles::Entity, column)), name);
    }
    let same = of(&other, bundle_titles::Column::BundleId).eq(of(&this, bundle_titles::Column::BundleId));
    let its = Expr::col((bundles::Entity, bundles::Column::Id)).eq(of(&this, bundle_titles::Column::BundleId));
    deals
        .from_as(bundle_titles::Entity, this.clone())
        .join_as(JoinType::InnerJoin, bundle_titles::Entity, other.clone(), same)
        .join(JoinType::InnerJoin, bundles::Entity, its)
        .and_where(of(&this, bundle_titles::Column::AudiobookId).eq(id))
        .and_where(of(&other, bundle_titles::Column::AudiobookId).ne(id))
        .cond_where(not_over(now))
        .to_owned()
}

impl Bundles {
    /// The other titles.
    fn partners(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.found.values().flat_map(|(_, titles)| titles.iter().copied())
    }

    /// What the page of a title offers of these, the one that saves most first; and the titles that are only like it.
    pub fn offered(
        self,
        db: &Db,
        title: &AudiobookSummary,
        near: Vec<AudiobookSummary>,
    ) -> (Vec<BundleOffer>, Vec<AudiobookSummary>) {
        let partners: HashSet<Uuid> = self.partners().collect();
        let (with, more): (Vec<_>, Vec<_>) = near.into_iter().partition(|one| partners.contains(&one.id));
        let with: HashMap<Uuid, AudiobookSummary> = with.into_iter().map(|one| (one.id, one)).collect();
        db.changes_at(
            self.found.values().flat_map(|(facts, _)| [Some(facts.bundle_starts), facts.bundle_ends]).flatten(),
        );
        let mut offers: Vec<BundleOffer> = self
            .found
            .into_iter()
            .filter(|(_, (facts, _))| facts.bundle_starts <= db.now())
            .filter_map(|(id, (facts, others))| offer(id, facts, title, &others, &with))
            .collect();
        offers.sort_by_key(|offer| (Reverse(offer.saves.minor), offer.id));
        offers.truncate(OFFERED);
        (offers, more)
    }
}

/// A bundle as it is offered; `None` when a title of it cannot be bought, or when it saves nothing now.
fn offer(
    id: Uuid,
    facts: Facts,
    title: &AudiobookSummary,
    others: &[Uuid],
    known: &HashMap<Uuid, AudiobookSummary>,
) -> Option<BundleOffer> {
    let mut others: Vec<AudiobookSummary> = others.iter().filter_map(|id| known.get(id).cloned()).collect();
    others.sort_by(|one, other| one.title.cmp(&other.title));
    let all = || std::iter::once(title).chain(&others);
    let complete = all().count() == usize::try_from(facts.bundle_titles).ok()?;
    let currency = title.price.now.currency;
    let fits = |one: &AudiobookSummary| one.licences_left != Some(0) && one.price.now.currency == currency;
    if !complete || currency.code() != facts.bundle_currency || !all().all(fits) {
        return None;
    }
    let saves = all().map(|one| one.price.now.minor).sum::<i64>() - facts.bundle_price;
    (saves > 0).then(|| BundleOffer {
        id,
        name: facts.bundle_name,
        price: Money::new(facts.bundle_price, currency),
        saves: Money::new(saves, currency),
        until: facts.bundle_ends,
        others,
    })
}
