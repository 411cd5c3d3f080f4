//! Covers of titles and portraits of contributors: the picture that was kept, and the sizes that a job makes of it.
//!
//! Until the sizes are made, what was shown before stays; the picture as it came is shown to nobody.

#[cfg(feature = "ssr")]
mod job;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod make;
pub mod naming;
#[cfg(feature = "ssr")]
mod view;

#[cfg(feature = "ssr")]
pub use job::MakeSizes;
#[cfg(feature = "ssr")]
pub use keep::{keep_embedded, offer, put, remove, use_embedded};
#[cfg(feature = "ssr")]
pub use make::{catch_up, give_up, made, original};
#[cfg(feature = "ssr")]
pub use view::{portrait_made, view};

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The longer sides in which pictures exist, in pixels.
pub const SIDES: [u32; 3] = [320, 640, 1280];

/// Whose picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "kebab-case")]
pub enum PictureOf {
    Title(Uuid),
    Contributor(Uuid),
}

impl PictureOf {
    /// What it is called in an address: `titles` or `contributors`.
    pub fn family(self) -> &'static str {
        match self {
            Self::Title(_) => "titles",
            Self::Contributor(_) => "contributors",
        }
    }

    /// Reads the two pieces of an address.
    pub fn parse(family: &str, id: Uuid) -> Option<Self> {
        match family {
            "titles" => Some(Self::Title(id)),
            "contributors" => Some(Self::Contributor(id)),
            _ => None,
        }
    }

    pub fn id(self) -> Uuid {
        match self {
            Self::Title(id) | Self::Contributor(id) => id,
        }
    }
}

impl fmt::Display for PictureOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.family(), self.id())
    }
}

/// Where a cover comes from that is not drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum CoverSource {
    /// An admin chose it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "uploaded"))]
    Uploaded,
    /// It was in the recording.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "embedded"))]
    Embedded,
    /// It lay beside the recording.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "folder"))]
    Folder,
}

impl CoverSource {
    pub fn name(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Embedded => "embedded",
            Self::Folder => "folder",
        }
    }
}

/// Why a picture was refused, by the code that came with it; none for any other text.
#[cfg(feature = "ssr")]
pub fn refusal(code: &str) -> Option<crate::Refusal> {
    const CODES: [&str; 7] = [
        "picture.damaged",
        "picture.missing",
        "picture.not-encoded",
        "picture.too-many-bytes",
        "picture.too-many-pixels",
        "picture.too-small",
        "picture.unknown",
    ];
    CODES.into_iter().find(|known| *known == code).map(crate::Refusal::from)
}

/// A picture as the back office shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureView {
    /// The address of the title or contributor in the shop.
    pub slug: String,
    /// Its name, for the text alternative.
    pub name: String,
    /// Where it comes from; none for a drawn cover, and for somebody without a portrait.
    pub source: Option<CoverSource>,
    /// Its sizes are there.
    pub made: bool,
    /// Changes with it.
    pub version: Timestamp,
    /// The recording has a picture, and it is not the cover now.
    pub in_recording: bool,
}

impl PictureView {
    /// A picture was kept whose sizes are being made.
    pub fn pending(&self) -> bool {
        self.source.is_some() && !self.made
    }
}
