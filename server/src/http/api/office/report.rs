//! The figures of the shop, as programs read them.

use crate::http::api::values::Amount;
use domain::insight::Dashboard;
use domain::insight::report::{self, Bucket, CouponLine, InCurrency, SearchLine, TitleLine};
use domain::{Currency, Money};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What sells, in a range of days beside as many days before it.
#[derive(Serialize, ToSchema)]
pub struct Report {
    pub range: Days,
    pub before: Days,
    /// The range in pieces: days, or months of a longer one. `pieces` of currencies have as many.
    pub pieces: Vec<Days>,
    /// Each currency by itself, first the one with the most orders; the shop's own when nothing was sold.
    pub currencies: Vec<CurrencyFigures>,
    /// The currency that `titles` and `coupons` are told in.
    #[schema(example = "EUR")]
    pub currency: String,
    /// The first fifty in the order that was asked for.
    pub titles: Vec<TitleFigures>,
    pub coupons: Vec<CouponFigures>,
    /// From a look at a title to a finished book.
    pub interest: Interest,
    pub interest_before: Interest,
    pub searches: Vec<SearchFigures>,
    /// Those that found nothing.
    pub empty_searches: Vec<SearchFigures>,
    pub shelf: Shelf,
}

/// The titles of the shop as they stand now.
#[derive(Serialize, ToSchema)]
pub struct Shelf {
    #[schema(example = 120)]
    pub published: u64,
    #[schema(example = 4)]
    pub drafts: u64,
    /// Titles whose production failed, or waits for somebody.
    #[schema(example = 1)]
    pub needing_attention: u64,
}

/// Days, both ends in it (UTC).
#[derive(Serialize, ToSchema)]
pub struct Days {
    #[schema(format = Date, example = "2026-11-01")]
    pub from: String,
    #[schema(format = Date, example = "2026-11-30")]
    pub to: String,
}

/// What was taken in a currency.
#[derive(Serialize, ToSchema)]
pub struct CurrencyFigures {
    #[schema(example = "EUR")]
    pub currency: String,
    pub now: Takings,
    pub before: Takings,
    pub pieces: Vec<Takings>,
    /// The same of the range before.
    pub pieces_before: Vec<Takings>,
}

/// Orders and money in one currency.
#[derive(Serialize, ToSchema)]
pub struct Takings {
    /// Orders that were paid.
    #[schema(example = 12)]
    pub orders: i64,
    /// Titles in them.
    #[schema(example = 15)]
    pub sold: i64,
    pub revenue: Amount,
    /// Titles that were paid back, whenever they were sold.
    #[schema(example = 1)]
    pub returned: i64,
    pub returned_money: Amount,
    /// What stayed in the shop.
    pub kept: Amount,
    /// People who paid their first order.
    #[schema(example = 3)]
    pub new_customers: i64,
}

/// What people did with titles.
#[derive(Serialize, ToSchema)]
pub struct Interest {
    #[schema(example = 900)]
    pub views: i64,
    #[schema(example = 120)]
    pub samples: i64,
    #[schema(example = 40)]
    pub carts: i64,
    #[schema(example = 7)]
    pub finished: i64,
}

/// A title in the report: one that was sold, paid back or looked at.
#[derive(Serialize, ToSchema)]
pub struct TitleFigures {
    pub id: Uuid,
    #[schema(example = "the-bell-at-north-rock")]
    pub slug: String,
    #[schema(example = "The Bell at North Rock")]
    pub title: String,
    #[schema(example = 5)]
    pub sold: i64,
    pub revenue: Amount,
    #[schema(example = 0)]
    pub returned: i64,
    pub returned_money: Amount,
    /// What stayed in the shop.
    pub kept: Amount,
    pub interest: Interest,
}

/// A coupon in the report.
#[derive(Serialize, ToSchema)]
pub struct CouponFigures {
    /// Missing when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "WINTER-25")]
    pub code: Option<String>,
    #[schema(example = 4)]
    pub orders: i64,
    pub discount: Amount,
    pub revenue: Amount,
}

/// What was searched for.
#[derive(Serialize, ToSchema)]
pub struct SearchFigures {
    #[schema(example = "lighthouse")]
    pub text: String,
    #[schema(example = 9)]
    pub times: i64,
}

impl Report {
    pub fn new(report: report::Report, glance: &Dashboard) -> Self {
        let before = report.range.before();
        Self {
            range: Days::new(report.range.from, report.range.to),
            before: Days::new(before.from, before.to),
            pieces: report.buckets.iter().map(Days::from).collect(),
            currencies: report.currencies.into_iter().map(CurrencyFigures::from).collect(),
            currency: report.currency.code().to_owned(),
            titles: report.titles.into_iter().map(TitleFigures::from).collect(),
            coupons: report.coupons.into_iter().map(CouponFigures::from).collect(),
            interest: report.interest.into(),
            interest_before: report.interest_before.into(),
            searches: report.searches.into_iter().map(SearchFigures::from).collect(),
            empty_searches: report.empty_searches.into_iter().map(SearchFigures::from).collect(),
            shelf: Shelf {
                published: glance.published,
                drafts: glance.drafts,
                needing_attention: glance.needing_attention,
            },
        }
    }
}

impl Days {
    fn new(from: domain::Day, to: domain::Day) -> Self {
        Self { from: from.to_string(), to: to.to_string() }
    }
}

impl From<&Bucket> for Days {
    fn from(bucket: &Bucket) -> Self {
        Self::new(bucket.from, bucket.to)
    }
}

impl From<InCurrency> for CurrencyFigures {
    fn from(one: InCurrency) -> Self {
        let takings = |each| Takings::new(each, one.currency);
        Self {
            currency: one.currency.code().to_owned(),
            now: takings(one.now),
            before: takings(one.before),
            pieces: one.pieces.into_iter().map(takings).collect(),
            pieces_before: one.pieces_before.into_iter().map(takings).collect(),
        }
    }
}

impl Takings {
    fn new(takings: report::Takings, currency: Currency) -> Self {
        let amount = |minor| Money::new(minor, currency).into();
        Self {
            kept: amount(takings.kept_minor()),
            orders: takings.orders,
            sold: takings.sold,
            revenue: amount(takings.revenue_minor),
            returned: takings.returned,
            returned_money: amount(takings.returned_minor),
            new_customers: takings.new_customers,
        }
    }
}

impl From<report::Interest> for Interest {
    fn from(did: report::Interest) -> Self {
        Self { views: did.views, samples: did.samples, carts: did.carts, finished: did.finished }
    }
}

impl From<TitleLine> for TitleFigures {
    fn from(line: TitleLine) -> Self {
        let kept: Money = line.kept();
        Self {
            id: line.id,
            slug: line.slug,
            title: line.title,
            sold: line.sold,
            revenue: line.revenue.into(),
            returned: line.returned,
            returned_money: line.returned_money.into(),
            kept: kept.into(),
            interest: line.interest.into(),
        }
    }
}

impl From<CouponLine> for CouponFigures {
    fn from(line: CouponLine) -> Self {
        Self { code: line.code, orders: line.orders, discount: line.discount.into(), revenue: line.revenue.into() }
    }
}

impl From<SearchLine> for SearchFigures {
    fn from(line: SearchLine) -> Self {
        Self { text: line.text, times: line.times }
    }
}
