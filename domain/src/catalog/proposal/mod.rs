//! What a writer proposes for the page of a title.

#[cfg(feature = "ssr")]
mod fill_in;

#[cfg(feature = "ssr")]
pub(crate) use fill_in::fill_in;

use serde::{Deserialize, Serialize};

/// What the writer proposes for the product page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub description: String,
    /// Category slugs, best first; at most three.
    pub categories: Vec<String>,
    /// Where in the book each sentence of the description comes from.
    pub evidence: Vec<Evidence>,
    /// Why each of the categories, in their order.
    #[serde(default)]
    pub reasons: Vec<CategoryReason>,
}

/// Why a title belongs to a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryReason {
    /// Its slug.
    pub category: String,
    /// A sentence.
    pub because: String,
}

/// A sentence and the stretch of audio behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub sentence: String,
    /// In milliseconds from the start of the book.
    pub start_ms: i64,
    pub end_ms: i64,
}
