//! `GET audiobooks`: what the shop sells, narrowed and in order.

use super::audiobook::{Audiobook, AudiobookPart};
use super::choices::{LengthRange, SortBy};
use super::fields::Fields;
use super::moved;
use crate::AppState;
use crate::http::api::listed::{Cursor, Limit, linked};
use crate::http::api::openapi::{QueryProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::problem::Problem;
use crate::http::api::values::charged;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::catalog::{Browse, Corrected, Filters, Length, PriceRange, Sort, browse, categories};
use domain::{Currency, Money, Slug, Walk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Words, each the beginning of a word of title, subtitle, people, series or categories.
    #[param(example = "bell")]
    text: Option<String>,
    /// The words as they are: nothing is corrected, only offered.
    #[param(example = false)]
    exact: Option<bool>,
    /// A category's slug.
    #[param(example = "adventure")]
    category: Option<String>,
    /// Slug or name of an author.
    #[param(example = "ada-moss")]
    author: Option<String>,
    /// Slug or name of a narrator.
    #[param(example = "ben-oak")]
    narrator: Option<String>,
    /// A language tag.
    #[param(example = "en")]
    language: Option<String>,
    /// How long it takes to hear, in hours.
    #[param(inline, example = "1-5")]
    length: Option<LengthRange>,
    /// The least that is charged now, in the smallest unit of the shop's currency.
    #[serde(default, deserialize_with = "charged")]
    #[param(minimum = 0, example = 0)]
    price_from: Option<i64>,
    /// The most that is charged now, likewise.
    #[serde(default, deserialize_with = "charged")]
    #[param(minimum = 0, example = 5000)]
    price_to: Option<i64>,
    /// Only what costs nothing now. A range of prices does not count then.
    #[param(example = false)]
    free: Option<bool>,
    /// Only what is cheaper now than it is otherwise.
    #[param(example = false)]
    on_sale: Option<bool>,
    /// Only what was rated with four stars or more in the mean.
    #[param(example = false)]
    four_stars: Option<bool>,
    /// The order. `relevance` is the best match first where words are looked for, else the newest first. The best matches
    /// end after 1,000 titles, where the last cursor is refused with `cursor.too-deep`; every other list goes on to its end.
    #[param(inline, example = "newest")]
    sort: Option<SortBy>,
    /// Titles in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// Names of the members that are wanted of each title, between commas; all unless it is said. The id is always there.
    #[param(example = "title,authors,price")]
    fields: Option<String>,
}

impl Asked {
    /// As pages ask it; `currency` is the shop's.
    fn read(&self, currency: Option<Currency>) -> Browse {
        // A name as somebody types it, or the address of whoever has it.
        let named = |typed: &Option<String>| {
            let typed = typed.as_deref().unwrap_or_default().trim();
            if typed.is_empty() { String::new() } else { Slug::from_name(typed).to_string() }
        };
        let amount = |minor: Option<i64>| Some(Money::new(minor?, currency?));
        let free = self.free.unwrap_or_default();
        let price = PriceRange { from: amount(self.price_from), to: amount(self.price_to) };
        Browse {
            text: self.text.clone().unwrap_or_default(),
            category: self.category.clone().unwrap_or_default(),
            filters: Filters {
                author: named(&self.author),
                narrator: named(&self.narrator),
                language: self.language.as_deref().unwrap_or_default().trim().to_ascii_lowercase(),
                length: self.length.map(Length::from),
                free,
                price: if free { PriceRange::default() } else { price },
                on_sale: self.on_sale.unwrap_or_default(),
                four_stars: self.four_stars.unwrap_or_default(),
            },
            sort: self.sort.map(Sort::from).unwrap_or_default(),
            page: 1,
            exact: self.exact.unwrap_or_default(),
        }
    }
}

/// A part of the titles that fit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Audiobooks {
    pub items: Vec<AudiobookPart>,
    /// Give it as `cursor` for what comes next, with the other parameters as they were. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    pub next: Option<String>,
    /// How many titles fit, counted up to 1,000.
    #[schema(example = 214, maximum = 1000)]
    pub total: u64,
    /// There are more than were counted.
    #[schema(example = false)]
    pub more: bool,
    /// What was probably meant, where no title has the words that were asked for.
    pub did_you_mean: Option<Correction>,
}

/// Other words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Correction {
    #[schema(example = "lantern")]
    pub text: String,
    /// The list shows what these find; else they are only offered.
    #[schema(example = true)]
    pub shown: bool,
}

impl From<Corrected> for Correction {
    fn from(corrected: Corrected) -> Self {
        Self { text: corrected.text, shown: corrected.shown }
    }
}

/// Browse the catalogue
///
/// What is for sale, narrowed by whatever is given, in the order that is asked for. The first part of a list may be a moment
/// old. Who follows `next` to the end sees every title once, whatever is put on sale or archived meanwhile; only a title
/// whose place in the order changes on the way may be passed over or come twice.
#[utoipa::path(
    get,
    path = "/audiobooks",
    operation_id = "list_audiobooks",
    tag = "catalogue",
    params(Asked),
    responses(
        (status = 200, description = "A part of the list. `Link` leads to the next one.", body = Audiobooks),
        (status = 301, description = "The category has another name now: `Location` says where its titles are."),
        Unchanged,
        QueryProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    uri: OriginalUri,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let fields = Fields::of::<Audiobook>(asked.fields.as_deref())?;
    let after = Cursor::place(asked.cursor.as_ref())?;
    let priced = asked.price_from.or(asked.price_to).is_some();
    let currency = if priced { Some(state.settings.now().await.currency) } else { None };
    let wanted = asked.read(currency);
    let walk = Walk { after: after.as_ref(), limit: asked.limit.unwrap_or_default().0 };
    let found = browse::part(&state.db, &wanted, walk).await?;
    if after.is_none() && !wanted.text.trim().is_empty() {
        // What was only found by other words was not found.
        let as_typed = found.correction.as_ref().is_none_or(|correction| !correction.shown);
        domain::figures::tally::searched(&state.db, &wanted.text, as_typed && found.total > 0);
    }
    if found.total == 0
        && !wanted.category.is_empty()
        && wanted.text.is_empty()
        && let Some(slug) = categories::moved_to(&state.db, &wanted.category).await?
    {
        return Ok(moved::with(&uri, "category", &slug));
    }
    let next = found.next.map(|place| Cursor::of(&place).as_str().to_owned());
    let list = Audiobooks {
        items: found.items.into_iter().map(|title| fields.pick(title.into())).collect(),
        next: next.clone(),
        total: found.total,
        more: found.more,
        did_you_mean: found.correction.map(Correction::from),
    };
    Ok(linked(&list, next.as_deref(), &uri))
}
