//! Who looks at what the shop sells: anybody, and with a token somebody who may see more.

use crate::AppState;
use crate::http::api::bearer::ApiUser;
use crate::http::api::problem::Problem;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use domain::account::{Permission, Scope, User};
use http::request::Parts;

/// Whoever looks. A token that was made for other things shows no more than everybody sees.
pub struct Visitor(pub Option<User>);

impl Visitor {
    /// Whether they look after the titles of the shop.
    pub fn keeps_titles(&self) -> bool {
        self.0.as_ref().is_some_and(|user| user.may(Permission::Catalogue))
    }

    pub fn is_admin(&self) -> bool {
        self.0.as_ref().is_some_and(User::is_admin)
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let with = <ApiUser as OptionalFromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        Ok(Self(with.filter(shows_more).map(|with| with.user)))
    }
}

/// Admins see drafts, others what they bought.
fn shows_more(with: &ApiUser) -> bool {
    let scopes: &[Scope] = if with.user.is_admin() {
        &[Scope::Catalogue, Scope::Production]
    } else {
        &[Scope::Shopping, Scope::Listening]
    };
    scopes.iter().any(|scope| with.opens(*scope))
}
