//! What a shopper asks of the catalogue: the whole of it stands in the address.

use crate::{Currency, Money, Slug};
use serde::{Deserialize, Serialize};

/// The order of a list of titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Best match first when something is searched for, else newest first.
    #[default]
    Relevance,
    Newest,
    BestSelling,
    /// By the mean of all ratings and a few usual ones; what nobody rated comes last.
    BestRated,
    PriceUp,
    PriceDown,
    Title,
    Shortest,
    Longest,
}

impl Sort {
    /// Every order with the words for it, as the page lists them.
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Relevance, "relevance", "Best match"),
        (Self::Newest, "newest", "Newest"),
        (Self::BestSelling, "best-selling", "Best-selling"),
        (Self::BestRated, "best-rated", "Best rated"),
        (Self::PriceUp, "price-up", "Price, low to high"),
        (Self::PriceDown, "price-down", "Price, high to low"),
        (Self::Title, "title", "Title"),
        (Self::Shortest, "shortest", "Shortest"),
        (Self::Longest, "longest", "Longest"),
    ];

    /// Reads an order from an address; one that is unknown gives the default.
    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(sort, ..)| sort)
    }

    /// The order as it stands in an address.
    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(sort, ..)| *sort == self).map_or("relevance", |(_, param, _)| param)
    }
}

/// How long a title takes to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    UnderOneHour,
    OneToFive,
    FiveToTen,
    TenToTwenty,
    OverTwenty,
}

impl Length {
    /// Every length with its name in an address and the words for it.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::UnderOneHour, "under-1", "Under 1 hour"),
        (Self::OneToFive, "1-5", "1 to 5 hours"),
        (Self::FiveToTen, "5-10", "5 to 10 hours"),
        (Self::TenToTwenty, "10-20", "10 to 20 hours"),
        (Self::OverTwenty, "over-20", "Over 20 hours"),
    ];

    /// Reads a length from an address.
    pub fn from_param(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map(|(length, ..)| length)
    }

    /// From and up to, in milliseconds; the upper end is not part of it.
    pub fn bounds_ms(self) -> (i64, i64) {
        const HOUR: i64 = 60 * 60 * 1000;
        match self {
            Self::UnderOneHour => (0, HOUR),
            Self::OneToFive => (HOUR, 5 * HOUR),
            Self::FiveToTen => (5 * HOUR, 10 * HOUR),
            Self::TenToTwenty => (10 * HOUR, 20 * HOUR),
            Self::OverTwenty => (20 * HOUR, i64::MAX),
        }
    }
}

/// What is charged for a title, both ends included. Both are of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PriceRange {
    pub from: Option<Money>,
    pub to: Option<Money>,
}

/// What narrows a list. Slugs and codes are empty for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filters {
    /// A contributor's slug.
    pub author: String,
    pub narrator: String,
    /// As titles carry it: `en`, `pt-br`.
    pub language: String,
    pub length: Option<Length>,
    /// Only what costs nothing now; a range of prices does not count then.
    pub free: bool,
    pub price: PriceRange,
    /// Only what is cheaper now than it is otherwise.
    pub on_sale: bool,
    /// Only what was rated with four stars or more in the mean.
    #[serde(default)]
    pub four_stars: bool,
}

impl Filters {
    /// Whether it depends on what is charged, which changes with the clock.
    pub fn by_price(&self) -> bool {
        self.free || self.on_sale || self.price != PriceRange::default()
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Browse {
    /// Words, each matched as the beginning of a word.
    pub text: String,
    /// A category's slug; empty for all.
    pub category: String,
    pub filters: Filters,
    pub sort: Sort,
    /// Counted from 1; 0 means 1.
    pub page: u32,
    /// The words as they were typed: nothing is corrected.
    pub exact: bool,
}

impl Browse {
    /// Whether something besides words narrows the list.
    pub fn narrowed(&self) -> bool {
        !self.category.is_empty() || self.filters != Filters::default()
    }
}

/// A [`Browse`] as it stands in an address and in a form: all text, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct BrowseForm {
    pub text: String,
    pub category: String,
    /// A name, or the slug of one.
    pub author: String,
    pub narrator: String,
    pub language: String,
    pub length: String,
    /// `free`, or nothing.
    pub price: String,
    /// Amounts in the shop's currency.
    pub price_from: String,
    pub price_to: String,
    /// `1`, or nothing.
    pub on_sale: String,
    /// `4`, or nothing.
    pub rated: String,
    pub sort: String,
    pub page: u32,
    /// `1`, or nothing.
    pub exact: String,
}

impl BrowseForm {
    /// What it asks for. What cannot be read is as if it were not there: an address is typed by nobody.
    pub fn read(&self, currency: Currency) -> Browse {
        let amount = |typed: &str| {
            let typed = typed.trim();
            (!typed.is_empty()).then(|| Money::parse(typed, currency).ok()).flatten()
        };
        // A name as somebody types it, or the address of whoever has it.
        let named = |typed: &str| {
            let typed = typed.trim();
            if typed.is_empty() { String::new() } else { Slug::from_name(typed).to_string() }
        };
        let free = self.price == "free";
        let price = PriceRange { from: amount(&self.price_from), to: amount(&self.price_to) };
        Browse {
            text: self.text.clone(),
            category: self.category.clone(),
            filters: Filters {
                author: named(&self.author),
                narrator: named(&self.narrator),
                language: self.language.trim().to_ascii_lowercase(),
                length: Length::from_param(&self.length),
                free,
                price: if free { PriceRange::default() } else { price },
                on_sale: !self.on_sale.is_empty(),
                four_stars: self.rated == "4",
            },
            sort: Sort::from_param(&self.sort),
            page: self.page,
            exact: !self.exact.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_narrows_nothing() {
        let form = BrowseForm {
            length: "long".to_owned(),
            price_from: "cheap".to_owned(),
            sort: "colour".to_owned(),
            ..Default::default()
        };
        let browse = form.read(Currency::USD);
        assert_eq!(browse, Browse::default());
        assert!(!browse.narrowed());
    }

    #[test]
    fn prices_are_read_in_the_currency_of_the_shop() {
        let form = BrowseForm { price_from: "5".to_owned(), price_to: "9.90".to_owned(), ..Default::default() };
        let price = form.read(Currency::USD).filters.price;
        assert_eq!(
            (price.from, price.to),
            (Some(Money::new(500, Currency::USD)), Some(Money::new(990, Currency::USD)))
        );
        let free = BrowseForm { price: "free".to_owned(), ..form };
        assert_eq!(free.read(Currency::USD).filters.price, PriceRange::default());
    }

    #[test]
    fn lengths_follow_on_each_other() {
        for pair in Length::ALL.windows(2) {
            assert_eq!(pair[0].0.bounds_ms().1, pair[1].0.bounds_ms().0);
        }
    }
}
