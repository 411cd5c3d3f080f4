//! For whom something is on.

use crate::account::Role;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The sorts of rules. Their names are kept in the database, and so never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    Off,
    On,
    /// So many in a hundred, always the same ones.
    Share,
    /// People who are logged in and no admins.
    Shoppers,
    Admins,
}

impl Audience {
    pub const ALL: [Self; 5] = [Self::Off, Self::On, Self::Share, Self::Shoppers, Self::Admins];

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Share => "share",
            Self::Shoppers => "shoppers",
            Self::Admins => "admins",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::On => "On for everybody",
            Self::Share => "On for a share of all, in percent",
            Self::Shoppers => "On for shoppers with an account",
            Self::Admins => "On for admins",
        }
    }
}

/// There is no such sort of rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no rule of a switch")]
pub struct UnknownAudience;

impl FromStr for Audience {
    type Err = UnknownAudience;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|audience| audience.name() == name).ok_or(UnknownAudience)
    }
}

/// For whom something is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Off,
    On,
    /// Percent of all accounts and visitors.
    Share(u8),
    Shoppers,
    Admins,
}

impl Rule {
    /// The rule of a sort; `percent` counts for a share alone. `None` where a share has none, or more than a hundred.
    pub fn of(audience: Audience, percent: Option<u8>) -> Option<Self> {
        Some(match audience {
            Audience::Off => Self::Off,
            Audience::On => Self::On,
            Audience::Share => Self::Share(percent.filter(|percent| *percent <= 100)?),
            Audience::Shoppers => Self::Shoppers,
            Audience::Admins => Self::Admins,
        })
    }

    pub fn audience(self) -> Audience {
        match self {
            Self::Off => Audience::Off,
            Self::On => Audience::On,
            Self::Share(_) => Audience::Share,
            Self::Shoppers => Audience::Shoppers,
            Self::Admins => Audience::Admins,
        }
    }

    /// Of a share, in a hundred.
    pub fn percent(self) -> Option<u8> {
        match self {
            Self::Share(percent) => Some(percent),
            _ => None,
        }
    }

    /// Whether it is on for somebody: `role` is theirs, none for a visitor; `place` is where they stand among a hundred,
    /// from 0 to 99.
    pub fn holds(self, role: Option<Role>, place: u8) -> bool {
        match self {
            Self::Off => false,
            Self::On => true,
            Self::Share(percent) => place < percent,
            Self::Shoppers => role == Some(Role::Shopper),
            Self::Admins => role == Some(Role::Admin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_its_sort_and_a_share_needs_a_percentage() {
        for audience in Audience::ALL {
            assert_eq!(audience.name().parse(), Ok(audience));
            assert_eq!(Rule::of(audience, Some(30)).map(Rule::audience), Some(audience));
        }
        assert_eq!(Rule::of(Audience::Share, None), None);
        assert_eq!(Rule::of(Audience::Share, Some(101)), None);
        assert_eq!(Rule::of(Audience::Share, Some(30)).and_then(Rule::percent), Some(30));
        assert!("sometimes".parse::<Audience>().is_err());
    }

    #[test]
    fn a_share_lets_the_first_of_a_hundred_in_and_grows_without_turning_anybody_out() {
        let on = |percent: u8| (0..100).filter(|place| Rule::Share(percent).holds(None, *place)).count();
        assert_eq!([0, 1, 30, 100].map(on), [0, 1, 30, 100]);
        let earlier = (0..100).filter(|place| Rule::Share(30).holds(None, *place));
        assert!(earlier.into_iter().all(|place| Rule::Share(31).holds(None, place)));
    }

    #[test]
    fn a_visitor_is_neither_a_shopper_nor_an_admin() {
        let roles = [None, Some(Role::Shopper), Some(Role::Admin)];
        assert_eq!(roles.map(|role| Rule::Shoppers.holds(role, 0)), [false, true, false]);
        assert_eq!(roles.map(|role| Rule::Admins.holds(role, 0)), [false, false, true]);
        assert_eq!(roles.map(|role| Rule::On.holds(role, 99)), [true; 3]);
        assert_eq!(roles.map(|role| Rule::Off.holds(role, 0)), [false; 3]);
    }
}
