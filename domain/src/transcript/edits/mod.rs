//! A title's text and chapters, edited by hand: each edit is a row of a list, which is undone from its end.

#[cfg(feature = "ssr")]
pub mod change;
#[cfg(feature = "ssr")]
pub mod chaptering;
#[cfg(feature = "ssr")]
pub mod corrections;
#[cfg(feature = "ssr")]
pub mod find;
#[cfg(feature = "ssr")]
pub mod lines;
#[cfg(feature = "ssr")]
pub mod log;
pub mod matching;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod sentence;
#[cfg(feature = "ssr")]
pub mod undo;

use super::{ChapterSource, Doubt, Standing};
use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A sentence as an editor has it. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: Uuid,
    /// Counts the changes that people made.
    pub version: i32,
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    /// What was heard, where the text is another by now.
    pub heard: Option<String>,
    pub doubt: Option<Doubt>,
    pub standing: Standing,
    /// Who says it, where somebody said so.
    pub speaker: Option<String>,
    /// Somebody put it right: it stays when the recording is heard again.
    pub by_hand: bool,
}

/// Some sentences in order, and where those around them are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub lines: Vec<Line>,
    /// Where the window before this one begins, in milliseconds; `None` at the beginning of the book.
    pub before: Option<i64>,
    /// Where the next one begins; `None` at its end.
    pub after: Option<i64>,
}

/// What an edit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum EditKind {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "worded"))]
    Worded,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "split"))]
    Split,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "joined"))]
    Joined,
    /// Nothing of the kind is said there.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dropped"))]
    Dropped,
    /// It is said after all.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "restored"))]
    Restored,
    /// It was as it was heard.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "accepted"))]
    Accepted,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "speaker"))]
    Speaker,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "replaced"))]
    Replaced,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "chapters"))]
    Chapters,
}

impl EditKind {
    /// As an admin reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Worded => "Changed the words",
            Self::Split => "Split a sentence",
            Self::Joined => "Joined two sentences",
            Self::Dropped => "Marked as not spoken",
            Self::Restored => "Took back that it is not spoken",
            Self::Accepted => "Accepted what was heard",
            Self::Speaker => "Said who speaks",
            Self::Replaced => "Replaced words",
            Self::Chapters => "Changed the chapters",
        }
    }
}

/// An edit, as the list of them shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub id: Uuid,
    /// Counted from 1 for each title.
    pub number: i32,
    pub kind: EditKind,
    /// From the start of the book, in milliseconds.
    pub at_ms: i64,
    /// How what was changed began before, and how it does now.
    pub before: String,
    pub after: String,
    /// How many sentences or chapters it changed.
    pub places: u32,
    pub made_at: Timestamp,
    pub undone: bool,
}

/// What came of undoing an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub edit: Edit,
    /// It was undone. Else something else has come into its place since, such as what was heard anew: then nothing was
    /// changed, and the edit does not stand in the way of those before it any more.
    pub possible: bool,
}

/// A place of the text where words would be replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub id: Uuid,
    pub start_ms: i64,
    pub before: String,
    pub after: String,
}

/// What would be replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// In the order of the book; at most as many as are replaced at once.
    pub places: Vec<Match>,
    /// There are more than these.
    pub more: bool,
    /// Stands for exactly these places at exactly these texts: whoever gives it changes what they saw.
    pub seen: String,
}

/// A chapter as an editor has it. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptChapter {
    pub id: Uuid,
    pub title: String,
    pub start_ms: i64,
    pub end_ms: i64,
    pub source: ChapterSource,
}

/// The chapters of a title as an editor has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptChapters {
    pub chapters: Vec<KeptChapter>,
    /// Stands for exactly these: whoever gives it changes what they saw.
    pub seen: String,
}
