//! Tokens for machines: made by a person for a program that runs without them, good for what they chose and until the day
//! they chose.
//!
//! A token goes on when its owner changes their password or logs out everywhere: a machine is not logged in, and one that
//! stops at night because somebody followed good advice by day is switched off for good. So it ends by itself, its owner is
//! told by mail when one is made, and each use asks what the owner may do now. Where the account may have been somebody else's
//! (a password replaced by mail, an admin's log-out), and with a permission that is lost, it ends.

#[cfg(feature = "ssr")]
pub mod kept;
#[cfg(feature = "ssr")]
mod used;

#[cfg(feature = "ssr")]
pub use used::{Machine, find, is_one, revoke_by_token};

use super::{Scope, User};
use crate::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every token begins with: those who look for secrets in source code know it by this.
pub const PREFIX: &str = "lct_";
/// Longest name, in characters.
pub const NAME_MAX: usize = 60;
/// The furthest last day, counted from today.
pub const DAYS_MAX: i32 = 365;
/// How many somebody has at once.
pub const MOST: usize = 50;

/// A token as its owner sees it: not the token itself, which nobody can show again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineToken {
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Timestamp,
    /// Opens nothing from here on.
    pub ends_at: Timestamp,
    /// To the minute; `None` until it was used.
    pub used_at: Option<Timestamp>,
}

impl MachineToken {
    /// The last day on which it opens anything, in UTC.
    pub fn last_day(&self) -> Day {
        Day::of(self.ends_at).plus(-1)
    }
}

/// What somebody wants a token for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineTokenWish {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The last day on which it opens anything, in UTC.
    pub last_day: Day,
}

/// The scopes that somebody may give to a machine: those of everybody, and as an admin those that they have themselves.
pub fn scopes_of(user: &User) -> Vec<Scope> {
    let theirs = |scope: &Scope| scope.permission().is_none_or(|permission| user.may(permission));
    Scope::ALL.into_iter().filter(theirs).collect()
}
