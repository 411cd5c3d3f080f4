//! What the owner of a shop says of it: what it is called, which money it takes, where it stands and how it is reached; and
//! how far it is set up.

#[cfg(feature = "ssr")]
mod keep;
pub mod legal;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod opening;
#[cfg(feature = "ssr")]
mod rows;
#[cfg(feature = "ssr")]
pub mod trials;

#[cfg(feature = "ssr")]
pub use keep::{are_kept, name_fits, read, save};

pub use crate::country::{Country, UnknownCountry};

use crate::account::{Email, Language};
use crate::{Currency, Timestamp};
use serde::{Deserialize, Serialize};

/// The shop's own settings. Everybody may know them: they stand on its pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopSettings {
    pub name: String,
    /// What new titles are priced in.
    pub currency: Currency,
    /// Where it stands; `None` while nobody has said so.
    pub country: Option<Country>,
    /// Where people write to; `None` while nobody has said so.
    pub contact: Option<Email>,
    /// That of its pages.
    pub language: Language,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            name: "Lectern".to_owned(),
            currency: Currency::USD,
            country: None,
            contact: None,
            language: Language::default(),
        }
    }
}

/// The form of the shop's settings, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsForm {
    pub name: String,
    /// An ISO 4217 code.
    pub currency: String,
    /// An ISO 3166-1 code; empty for none.
    pub country: String,
    /// A mail address; empty for none.
    pub contact: String,
    /// A BCP 47 tag.
    pub language: String,
}

/// How a trial of mails or models went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    pub asked_at: Timestamp,
    /// `None` while it is under way.
    pub done_at: Option<Timestamp>,
    /// What was found out, in order.
    pub findings: Vec<Finding>,
}

impl Trial {
    /// Whether it is done and all went well.
    pub fn went_well(&self) -> bool {
        self.done_at.is_some() && !self.findings.is_empty() && self.findings.iter().all(|finding| finding.good)
    }
}

/// One thing that a trial found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub good: bool,
    /// In sentences, for the admin.
    pub words: String,
}

/// How far a shop is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Somebody has said what the shop is called.
    pub named: bool,
    /// Somebody has said who sells, and where they are.
    pub seller: bool,
    pub categories: u64,
    pub mail: Option<Trial>,
    pub models: Option<Trial>,
    /// Titles, whatever their status.
    pub titles: u64,
    /// A title is published, or was.
    pub open: bool,
}
