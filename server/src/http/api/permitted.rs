//! Who may come in at a route: said in the handler's arguments, so that it cannot be forgotten in its body.

use super::bearer::ApiUser;
use super::problem::{Kind, Problem};
use crate::AppState;
use axum::extract::{FromRequestParts, OriginalUri};
use domain::account::{Scope, User};
use http::request::Parts;
use std::marker::PhantomData;

/// What a route asks for.
pub trait Need {
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($need:ident),+) => { $(
        #[derive(Debug)]
        pub struct $need;

        impl Need for $need {
            const SCOPE: Scope = Scope::$need;
        }
    )+ };
}

needs!(Account, Shopping, Listening, Catalogue, Production, Orders, Prices, Users, Settings);

/// Somebody whose token opens `N`, and who may do it. Who may not is noted, as on pages.
#[derive(Debug)]
pub struct Permitted<N> {
    pub user: User,
    pub with: ApiUser,
    need: PhantomData<N>,
}

impl<N: Need> FromRequestParts<AppState> for Permitted<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let with = ApiUser::from_request_parts(parts, state).await?;
        if !with.opens(N::SCOPE) {
            let scope = N::SCOPE.name();
            return Err(Problem::new(
                Kind::ScopeMissing,
                format!("The token was not made for `{scope}`: make one that is."),
            ));
        }
        if N::SCOPE.permission().is_none_or(|permission| with.user.may(permission)) {
            return Ok(Self { user: with.user.clone(), with, need: PhantomData });
        }
        let db = state.db.acting(identity::actor(&parts.extensions));
        let path = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.path(), |uri| uri.path());
        identity::note_refusal(&db, &state.limits, &with.user, path).await;
        Err(Problem::new(Kind::Forbidden, "You may not do this."))
    }
}
