//! People with an account: who they are and what they may do.

pub mod email;
pub mod external_login;
#[cfg(feature = "ssr")]
pub mod first_admin;
mod language;
#[cfg(feature = "ssr")]
pub mod login;
pub mod machines;
#[cfg(feature = "ssr")]
pub mod mfa;
#[cfg(feature = "ssr")]
pub mod password_change;
pub mod passwords;
mod permission;
#[cfg(feature = "ssr")]
mod person_name;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod profile;
#[cfg(feature = "ssr")]
pub mod reauthentication;
#[cfg(feature = "ssr")]
pub mod recovery;
#[cfg(feature = "ssr")]
pub mod registration;
mod scope;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod user_admin;
#[cfg(feature = "ssr")]
pub mod users;

#[cfg(feature = "ssr")]
pub use email::TokenPurpose;
pub use email::{Email, InvalidEmail};
pub use external_login::GoogleRefusal;
pub use language::Language;
pub use passwords::{Password, Strength, WeakPassword};
pub use permission::{Permission, Permissions};
pub use scope::Scope;

use crate::{Currency, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "shopper"))]
    Shopper,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "admin"))]
    Admin,
}

/// A person with an account, as pages see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: Uuid,
    pub email: Email,
    pub name: String,
    pub role: Role,
    /// What they may do as an admin.
    pub permissions: Permissions,
}

impl User {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    /// The same person with nothing to do as an admin.
    #[must_use]
    pub fn as_shopper(self) -> Self {
        Self { role: Role::Shopper, permissions: Permissions::default(), ..self }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.is_admin() && self.permissions.contains(permission)
    }
}

/// Somebody with an account, as admins see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetails {
    pub user: User,
    /// When they registered.
    pub since: Timestamp,
    /// They cannot log in.
    pub disabled: bool,
    /// Logging in asks for a code as well.
    pub two_factor: bool,
}

/// How two-factor authentication, the second step at log-in, is set up for somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoFactor {
    /// Since when it is asked for.
    pub since: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub codes_left: u64,
    /// What an app has to be told, while it is being set up.
    pub enrollment: Option<TotpEnrollment>,
    /// Recovery codes that count once their owner says that they are kept.
    pub new_codes: Vec<String>,
}

/// What an app makes its codes from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpEnrollment {
    /// To be typed, in groups of four.
    pub key: String,
    /// The same as an address, which apps on this device open.
    pub address: String,
}

impl fmt::Debug for TwoFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwoFactor").field("since", &self.since).finish_non_exhaustive()
    }
}

impl fmt::Debug for TotpEnrollment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpEnrollment(…)")
    }
}

/// What somebody has to give to prove again that it is them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReauthenticationFactors {
    pub password: bool,
    /// A code of the second step.
    pub code: bool,
}

/// What the shop knows of a person's email address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailStatus {
    pub email: Email,
    /// A link in a mail to it was opened.
    pub confirmed: bool,
    /// The address to come, until it is confirmed.
    pub pending: Option<Email>,
}

/// How an account and Google stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleLinkStatus {
    pub link: Option<GoogleLink>,
    /// There is a password as well, so that the account opens without Google.
    pub has_password: bool,
}

/// A Google account that opens an account of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleLink {
    /// Its address as Google said it last. It is not the address of the account.
    pub email: Option<Email>,
    pub since: Timestamp,
    pub used_at: Timestamp,
}

/// What somebody sees of their own account, besides its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    /// Without one they came by another way in, such as Google.
    pub has_password: bool,
    pub language: Language,
    /// What they pay in, where they said so.
    pub currency: Option<Currency>,
    /// What the shop sells in.
    pub currencies: Vec<Currency>,
}

/// Somewhere a person is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSession {
    /// Names it in forms. It opens nothing.
    pub handle: String,
    /// The browser and its system, or what the program calls itself.
    pub device: String,
    /// It holds tokens, not a session.
    pub program: bool,
    /// Where it was last seen; of a program, where it logged in.
    pub ip: Option<String>,
    pub since: Timestamp,
    pub seen_at: Timestamp,
    /// It is the browser that asks.
    pub here: bool,
}
