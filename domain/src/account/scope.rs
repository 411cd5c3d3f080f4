//! What a program may do with a token.

use super::Permission;
use serde::{Deserialize, Serialize};

/// Something that a token opens. A person's own log-in opens all that they may do; a token for a machine only what it was
/// made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Name, address, sessions and second step of its owner.
    Account,
    /// Cart, checkout, orders, wishes, reviews.
    Shopping,
    /// What was bought: its sound, its text, positions and bookmarks.
    Listening,
    Catalogue,
    Production,
    Orders,
    Prices,
    Users,
    Settings,
}

impl Scope {
    pub const ALL: [Self; 9] = [
        Self::Account,
        Self::Shopping,
        Self::Listening,
        Self::Catalogue,
        Self::Production,
        Self::Orders,
        Self::Prices,
        Self::Users,
        Self::Settings,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Shopping => "shopping",
            Self::Listening => "listening",
            other => other.permission().map_or("", Permission::name),
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// What an admin needs besides the token. `None` for what everybody may do with what is theirs.
    pub fn permission(self) -> Option<Permission> {
        match self {
            Self::Account | Self::Shopping | Self::Listening => None,
            Self::Catalogue => Some(Permission::Catalogue),
            Self::Production => Some(Permission::Production),
            Self::Orders => Some(Permission::Orders),
            Self::Prices => Some(Permission::Prices),
            Self::Users => Some(Permission::Users),
            Self::Settings => Some(Permission::Settings),
        }
    }

    /// What it lets a program do, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Account => "See and change the account: name, log-ins, second step.",
            Self::Shopping => "Fill the cart, buy, and see orders, wishes and reviews.",
            Self::Listening => "Stream and download what was bought, and keep positions and bookmarks.",
            other => other.permission().map_or("", Permission::about),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_scope_of_its_name() {
        for permission in Permission::ALL {
            let scope = Scope::ALL.into_iter().find(|scope| scope.permission() == Some(permission)).unwrap();
            assert_eq!(scope.name(), permission.name());
        }
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.name());
            assert_eq!(Scope::from_name(scope.name()), Some(scope));
            assert!(!scope.about().is_empty());
        }
    }
}
