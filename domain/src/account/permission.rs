//! What admins may do, one by one.

use serde::{Deserialize, Serialize};

/// Something that not every admin may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    Catalogue,
    Production,
    Orders,
    Prices,
    /// Stored as `people` until it was renamed, and still read so.
    #[serde(alias = "people")]
    Users,
    Settings,
}

impl Permission {
    pub const ALL: [Self; 6] =
        [Self::Catalogue, Self::Production, Self::Orders, Self::Prices, Self::Users, Self::Settings];

    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Production => "production",
            Self::Orders => "orders",
            Self::Prices => "prices",
            Self::Users => "users",
            Self::Settings => "settings",
        }
    }

    /// What it lets an admin do, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Catalogue => "Write, price, publish and archive titles.",
            Self::Production => "Upload audio and steer transcription and writing.",
            Self::Prices => "Make sales and coupons, and see what they brought.",
            Self::Orders => "See orders and what was earned, and pay orders back.",
            Self::Users => "Say who may do what, and read the audit trail.",
            Self::Settings => "Change how the shop itself is set up.",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u8);

impl Permissions {
    pub fn all() -> Self {
        Permission::ALL.into_iter().collect()
    }

    pub fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }

    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Permission::name).collect()
    }

    /// Reads names between commas, as the database keeps them. Those of a newer version of the shop are left out.
    pub fn read(text: &str) -> Self {
        let named = |name: &str| match name {
            "people" => Some(Permission::Users),
            name => Permission::ALL.into_iter().find(|permission| permission.name() == name),
        };
        text.split(',').filter_map(named).collect()
    }

    /// As [`Permissions::read`] reads it.
    pub fn text(self) -> String {
        self.names().join(",")
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(permissions: Vec<Permission>) -> Self {
        permissions.into_iter().collect()
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        permissions.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_kept_by_name() {
        let some: Permissions = [Permission::Users, Permission::Catalogue].into_iter().collect();
        assert_eq!(some.text(), "catalogue,users");
        assert_eq!(Permissions::read("users,catalogue,time-travel,"), some);
        assert_eq!(Permissions::read("catalogue,people"), some, "as it was called before");
        assert_eq!(Permissions::read(""), Permissions::default());
        assert_eq!(Permissions::read(&Permissions::all().text()), Permissions::all());
        assert_eq!(Permissions::all().without(some).text(), "production,orders,prices,settings");
        assert_eq!(serde_json::to_string(&some).unwrap(), r#"["catalogue","users"]"#);
        assert_eq!(serde_json::from_str::<Permissions>(r#"["people","catalogue"]"#).unwrap(), some);
    }
}
