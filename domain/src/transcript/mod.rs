//! What is said in a title, word by word, and the chapters it falls into.

#[cfg(feature = "ssr")]
pub mod by_hand;
#[cfg(feature = "ssr")]
pub mod chapters;
#[cfg(feature = "ssr")]
pub mod contents;
#[cfg(feature = "ssr")]
pub mod cut;
pub mod edits;
#[cfg(feature = "ssr")]
pub mod headings;
#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod loops;
pub mod moment;
#[cfg(feature = "ssr")]
pub mod moved;
#[cfg(feature = "ssr")]
pub mod places;
#[cfg(feature = "ssr")]
pub mod retime;
pub mod script;
#[cfg(feature = "ssr")]
pub mod segments;
#[cfg(feature = "ssr")]
pub mod stops;
#[cfg(feature = "ssr")]
pub mod trust;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Who says it, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// A sentence that a speech model heard. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TranscribedSegment {
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// What is doubtful about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Doubt>,
    pub words: Vec<Word>,
    /// Who says it, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Somebody put it right, where it was taken along from another shop.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// It begins a sentence, whatever stands before it: somebody said so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// Why a text is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(32))"))]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The same words over and over.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "repetition"))]
    Repetition,
    /// Text over silence, noise or music.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "no-speech"))]
    NoSpeech,
    /// The model itself is not sure.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "unsure"))]
    Unsure,
    /// More words than can be said in the time.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "pace"))]
    Pace,
}

impl Doubt {
    /// As an admin reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Repetition => "The same words again and again",
            Self::NoSpeech => "Perhaps nothing is said here",
            Self::Unsure => "The model was not sure",
            Self::Pace => "More words than can be said in this time",
        }
    }
}

/// How a piece of text stands: whether it is believed, or what an admin made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing speaks against it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "heard"))]
    Heard,
    /// Waits for an admin.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "doubtful"))]
    Doubtful,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "accepted"))]
    Accepted,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "corrected"))]
    Corrected,
    /// Nothing of the kind is said there.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dropped"))]
    Dropped,
}

impl Standing {
    /// What readers, files, search and the writer of descriptions get.
    pub const APPROVED: [Self; 3] = [Self::Heard, Self::Accepted, Self::Corrected];
    /// What an admin has decided about.
    pub const DECIDED: [Self; 3] = [Self::Accepted, Self::Corrected, Self::Dropped];

    /// As an admin reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Heard => "Believed",
            Self::Doubtful => "To review",
            Self::Accepted => "Accepted",
            Self::Corrected => "Corrected",
            Self::Dropped => "Dropped",
        }
    }
}

/// Which pieces of a transcript an admin looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// What waits for a decision.
    #[default]
    Doubtful,
    /// What was decided about.
    Decided,
    All,
}

impl Shown {
    /// The name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Doubtful => "doubtful",
            Self::Decided => "decided",
            Self::All => "all",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Doubtful, Self::Decided, Self::All].into_iter().find(|shown| shown.name() == name)
    }
}

/// A piece of a transcript as an admin reviews it. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: Uuid,
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    /// What was heard, where the text is another by now.
    pub heard: Option<String>,
    pub doubt: Option<Doubt>,
    pub standing: Standing,
    /// What is said before and after it.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// How much of a transcript waits for a decision, and how much was decided about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceCounts {
    pub doubtful: u64,
    pub decided: u64,
    pub all: u64,
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
