//! The audit trail: who did what, when, on what, from where, and how it ended. It is only ever added to.

mod action;
mod filter;
#[cfg(feature = "ssr")]
pub mod trail;

pub use action::Action;
pub use filter::{Cursor, Filter, InvalidDay};
#[cfg(feature = "ssr")]
pub use trail::{Entry, record};

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refused"))]
    Refused,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: Uuid,
    pub at: Timestamp,
    pub user_id: Option<Uuid>,
    /// The address of the account at that time; of whoever had none, words in brackets.
    pub who: String,
    /// See [`Action`]. A newer version of the shop may have written one that this one does not know.
    pub action: String,
    /// What it was done to, such as `title`.
    pub subject_kind: Option<String>,
    /// Its id, or the address that was typed.
    pub subject: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// The machine that did it in their name: its token, and what that was called at that time.
    pub token_id: Option<Uuid>,
    pub token_name: Option<String>,
    pub outcome: Outcome,
    /// JSON, without anything secret.
    pub details: String,
}

impl Event {
    /// Where it stands in the trail.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id }
    }

    /// What was done, in words.
    pub fn words(&self) -> &str {
        Action::from_name(&self.action).map_or(self.action.as_str(), |action| action.words())
    }
}
