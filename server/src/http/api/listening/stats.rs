//! What somebody bought and heard, in figures.

use crate::http::api::listed::{Cursor, Limit, linked};
use crate::http::api::openapi::{QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::PageRequest;
use domain::insight::purchases::{Purchase, Sums, read};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What purchases come to. What was paid back is not in it.
#[derive(Serialize, ToSchema)]
pub struct PurchaseSums {
    #[schema(example = 12)]
    titles: u64,
    /// Each currency by itself.
    spent: Vec<Amount>,
    /// How long the titles are.
    #[schema(example = 50_400_000)]
    bought_ms: i64,
    /// How much of them was heard.
    #[schema(example = 12_600_000)]
    heard_ms: i64,
    /// What was paid back, each currency by itself.
    returned: Vec<Amount>,
}

/// The purchases of a month.
#[derive(Serialize, ToSchema)]
pub struct MonthSums {
    /// Its first day.
    #[schema(format = Date, example = "2026-11-01")]
    month: String,
    sums: PurchaseSums,
}

/// The purchases of a category.
#[derive(Serialize, ToSchema)]
pub struct CategorySums {
    /// Its slug; missing for titles without one.
    #[schema(example = "fairy-tales")]
    slug: Option<String>,
    #[schema(example = "Fairy tales")]
    name: Option<String>,
    sums: PurchaseSums,
}

/// A title that was bought.
#[derive(Serialize, ToSchema)]
pub struct BoughtTitle {
    #[schema(example = "the-snow-queen")]
    slug: String,
    #[schema(example = "The Snow Queen")]
    title: String,
    /// The number of its order.
    #[schema(example = "L-7K3Q-92MX")]
    order: String,
    #[schema(format = DateTime, example = "2026-11-20T09:30:02Z")]
    bought_at: String,
    price: Amount,
    /// What of the price was paid back.
    refunded: Amount,
    /// When all of it was.
    #[schema(format = DateTime, example = "2026-11-22T10:00:00Z")]
    refunded_at: Option<String>,
    #[schema(example = 4_200_000)]
    duration_ms: i64,
    #[schema(example = 1_050_000)]
    heard_ms: i64,
    /// It was bought for somebody else.
    #[schema(example = false)]
    gift: bool,
}

/// On how many days in a row somebody heard something. Days are in UTC.
#[derive(Serialize, ToSchema)]
pub struct DaysInARow {
    /// Up to today, or to yesterday while nothing was heard today; else 0.
    #[schema(example = 3)]
    current: u32,
    #[schema(example = 12)]
    longest: u32,
}

/// One's own figures.
#[derive(Serialize, ToSchema)]
pub struct OwnStats {
    all: PurchaseSums,
    /// The newest first.
    months: Vec<MonthSums>,
    /// By the first category of each title, the most bought first.
    categories: Vec<CategorySums>,
    days_in_a_row: DaysInARow,
    /// There is more than was looked at: the last 5,000 titles.
    #[schema(example = false)]
    more: bool,
    /// The newest first.
    purchases: Vec<BoughtTitle>,
    /// Give it as `cursor` for more purchases. Missing at their end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    next: Option<String>,
}

impl From<Sums> for PurchaseSums {
    fn from(sums: Sums) -> Self {
        let Sums { titles, spent, bought_ms, heard_ms, returned } = sums;
        let amounts = |all: Vec<domain::Money>| all.into_iter().map(Amount::from).collect();
        Self { titles, spent: amounts(spent), bought_ms, heard_ms, returned: amounts(returned) }
    }
}

impl From<Purchase> for BoughtTitle {
    fn from(bought: Purchase) -> Self {
        Self {
            slug: bought.slug,
            title: bought.title,
            order: bought.order,
            bought_at: time(bought.bought_at),
            price: bought.price.into(),
            refunded: bought.refunded.into(),
            refunded_at: bought.refunded_at.map(time),
            duration_ms: bought.duration_ms,
            heard_ms: bought.heard_ms,
            gift: bought.gift,
        }
    }
}

/// Which purchases are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedPurchases {
    /// How many purchases at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "eyJwYWdlIjoyfQ")]
    cursor: Option<Cursor>,
}

/// See what you bought and heard
///
/// In all, by month and by category, and on how many days in a row you listened, with the purchases a part at a time.
#[utoipa::path(
    get,
    path = "/stats/me",
    operation_id = "my_stats",
    tag = "listening",
    params(WantedPurchases),
    security(("access_token" = ["listening"])),
    responses((status = 200, description = "The figures.", body = OwnStats), Unchanged, QueryProblems, TokenProblems)
)]
pub async fn mine(
    listener: Permitted<Listening>,
    Query(wanted): Query<WantedPurchases>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let request = PageRequest::new(Cursor::page(wanted.cursor.as_ref())?, wanted.limit.0);
    let found = read::purchases(&listener.db, listener.user.id, request).await?;
    let next = Cursor::after(&found.page).map(|cursor| cursor.as_str().to_owned());
    let months = found.months.into_iter().map(|line| MonthSums { month: line.of.to_string(), sums: line.sums.into() });
    let categories = found.categories.into_iter().map(|line| {
        let (slug, name) = line.of.map(|category| (category.slug, category.name)).unzip();
        CategorySums { slug, name, sums: line.sums.into() }
    });
    let body = OwnStats {
        all: found.all.into(),
        months: months.collect(),
        categories: categories.collect(),
        days_in_a_row: DaysInARow { current: found.streak.current, longest: found.streak.longest },
        more: found.more,
        purchases: found.page.items.into_iter().map(Into::into).collect(),
        next: next.clone(),
    };
    Ok(linked(&body, next.as_deref(), &uri))
}
