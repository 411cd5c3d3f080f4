//! Who may come in at a route: said in the handler's arguments, so that it cannot be forgotten in its body.

use super::bearer::ApiUser;
use super::problem::{Kind, Problem};
use crate::AppState;
use axum::extract::{FromRequestParts, OriginalUri};
use domain::Db;
use domain::account::{Scope, User};
use http::request::Parts;
use std::marker::PhantomData;

/// What a route asks for: one of these.
pub trait Need {
    const SCOPES: &'static [Scope];
}

macro_rules! needs {
    ($($need:ident = $($scope:ident)|+),+ $(,)?) => { $(
        #[derive(Debug)]
        pub struct $need;

        impl Need for $need {
            const SCOPES: &'static [Scope] = &[$(Scope::$scope),+];
        }
    )+ };
}

needs!(
    Account = Account,
    Shopping = Shopping,
    Listening = Listening,
    Catalogue = Catalogue,
    Production = Production,
    Orders = Orders,
    Prices = Prices,
    Users = Users,
    Settings = Settings,
    // Who keeps the titles and who makes them both look after what is in the making.
    Titles = Catalogue | Production,
);

/// Somebody whose token opens `N`, and who may do it. Who may not is noted, as on pages.
#[derive(Debug)]
pub struct Permitted<N> {
    pub user: User,
    pub with: ApiUser,
    /// The database with them as who acts: the audit trail names them for what is written through it.
    pub db: Db,
    need: PhantomData<N>,
}

impl<N: Need> FromRequestParts<AppState> for Permitted<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let with = ApiUser::from_request_parts(parts, state).await?;
        let mut actor = identity::actor(&parts.extensions).known_as(with.user.id, &with.user.email);
        if let Some(token) = &with.machine {
            actor = actor.by_machine(token.id, &token.name);
        }
        let db = state.db.acting(actor);
        let path = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.path(), |uri| uri.path());
        let opened: Vec<Scope> = N::SCOPES.iter().copied().filter(|scope| with.opens(*scope)).collect();
        if opened.is_empty() {
            let scopes = N::SCOPES.iter().map(|scope| scope.name()).collect::<Vec<_>>();
            identity::note_refusal(&db, &state.limits, &with.user, path, Some(&scopes.join(" or "))).await;
            let scopes = scopes.join("` or `");
            return Err(Problem::new(
                Kind::ScopeMissing,
                format!("The token was not made for `{scopes}`: make one that is."),
            ));
        }
        if opened.iter().any(|scope| scope.permission().is_none_or(|permission| with.user.may(permission))) {
            return Ok(Self { user: with.user.clone(), with, db, need: PhantomData });
        }
        identity::note_refusal(&db, &state.limits, &with.user, path, None).await;
        Err(Problem::new(Kind::Forbidden, "You may not do this."))
    }
}

/// As [`Permitted`], and they logged in within the last ten minutes: for what must not fall into the wrong hands.
#[derive(Debug)]
pub struct Recently<N>(pub Permitted<N>);

impl<N: Need> FromRequestParts<AppState> for Recently<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let permitted = Permitted::from_request_parts(parts, state).await?;
        permitted.with.require_recent_login(state.db.now())?;
        Ok(Self(permitted))
    }
}
