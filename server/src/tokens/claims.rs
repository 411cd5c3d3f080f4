//! What an access token says.

use domain::account::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The claims of an access token (RFC 7519, 4.1; RFC 9068, 2.2). Programs are not registered with the shop, so there is
/// no `client_id`: `sid` tells one log-in from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The shop.
    pub iss: String,
    /// The account.
    pub sub: Uuid,
    /// Where the token is good.
    pub aud: String,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// The token itself.
    pub jti: Uuid,
    /// The log-in that it comes of: ends with it.
    pub sid: Uuid,
    pub role: TokenRole,
}

/// What the account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub enum TokenRole {
    Shopper,
    Admin,
}

impl From<Role> for TokenRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Shopper => Self::Shopper,
            Role::Admin => Self::Admin,
        }
    }
}
