//! What a shopper asks of the catalogue: the whole of it stands in the address.

use serde::{Deserialize, Serialize};

/// The order of a list of titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Best match first when something is searched for, else newest first.
    #[default]
    Relevance,
    Newest,
    BestSelling,
    PriceUp,
    PriceDown,
    Title,
    Shortest,
    Longest,
}

impl Sort {
    /// Every order with the words for it, as the page lists them.
    pub const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Relevance, "relevance", "Best match"),
        (Self::Newest, "newest", "Newest"),
        (Self::BestSelling, "best-selling", "Best-selling"),
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

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browse {
    /// Words, each matched as the beginning of a word.
    pub text: String,
    /// A category's slug; empty for all.
    pub category: String,
    pub sort: Sort,
    /// Counted from 1; 0 means 1.
    pub page: u32,
}
