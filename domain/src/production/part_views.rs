//! The parts of a title, and their copies for players, as both sides see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why players are given a copy of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum CopyReason {
    /// Browsers play it, and after a jump are elsewhere than they think.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "seeking"))]
    Seeking,
    /// Some browsers do not play it at all.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "kind"))]
    Kind,
}

/// The parts of a title, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsView {
    /// Counts every change of them: who changes them says which they know.
    pub version: i32,
    pub parts: Vec<PartView>,
}

/// A part of a title: one recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    pub id: Uuid,
    /// Counted from 0.
    pub position: i32,
    /// From the start of the book, in milliseconds.
    pub start_ms: i64,
    pub duration_ms: i64,
    pub file_name: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// In hexadecimal.
    pub sha256: String,
    pub copy: CopyView,
    /// The name of a file that is on its way to take its place.
    pub coming: Option<String>,
}

/// How the copy of a part for players stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CopyView {
    /// Every browser plays the recording as it is, as far as is known.
    NotNeeded,
    /// It is to be made; the recording itself is played meanwhile.
    Waiting,
    Made,
    /// It cannot be made, for this reason; the recording itself is played.
    Failed(String),
}
