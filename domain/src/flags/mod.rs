//! Switches of the shop: what is on, and for whom. They are kept in the database and count without a restart.

#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod live;
mod rule;

pub use rule::{Audience, Rule};

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Something that can be switched. Its name is kept in the database, and so never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Whoever owns a title may rate it.
    Reviews,
}

/// There is no such switch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be switched in this shop")]
pub struct UnknownFlag(pub String);

impl Flag {
    pub const ALL: [Self; 1] = [Self::Reviews];

    pub fn name(self) -> &'static str {
        match self {
            Self::Reviews => "reviews",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reviews => "Reviews are taken",
        }
    }

    /// What becomes of the shop where it is off.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Reviews => {
                "Where it is off, nobody rates or changes a rating. What was written stays, and can be removed."
            }
        }
    }

    /// How it stands while nobody has switched it.
    pub fn standing(self) -> Rule {
        match self {
            Self::Reviews => Rule::On,
        }
    }
}

impl FromStr for Flag {
    type Err = UnknownFlag;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|flag| flag.name() == name).ok_or_else(|| UnknownFlag(name.to_owned()))
    }
}

/// A switch and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    pub flag: Flag,
    pub rule: Rule,
}

/// The form of a switch, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchForm {
    /// The name of a [`Flag`].
    pub flag: String,
    /// The name of an [`Audience`].
    pub rule: String,
    /// A whole number from 0 to 100; read only for a share.
    pub percent: String,
}
