//! What is said in a title, word by word, and the chapters it falls into.

#[cfg(feature = "ssr")]
pub mod chapters;
#[cfg(feature = "ssr")]
pub mod segments;

use serde::{Deserialize, Serialize};

/// A spoken word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// From the start of the book, in milliseconds.
    #[serde(rename = "s")]
    pub start_ms: i64,
    #[serde(rename = "e")]
    pub end_ms: i64,
    /// With its punctuation, without space around it.
    #[serde(rename = "t")]
    pub text: String,
    /// 0 to 1.
    #[serde(rename = "c")]
    pub confidence: f32,
}

impl Eq for Word {}

/// A sentence or so of what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Counted from 0 through the book.
    pub position: i32,
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    pub words: Vec<Word>,
}

/// A sentence that a speech model heard. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscribedSegment {
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// What is suspicious about it, such as `repetition`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    pub words: Vec<Word>,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    pub title: String,
    /// From the start of the book, in milliseconds.
    pub start_ms: i64,
    pub end_ms: i64,
}

/// Where a chapter came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum ChapterSource {
    /// Marked in the audio file.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "container"))]
    Container,
    /// Found by silence and spoken headings.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "detected"))]
    Detected,
    /// One for each file of a book in many files.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "part"))]
    Part,
    /// Written by an admin.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "admin"))]
    Admin,
}
