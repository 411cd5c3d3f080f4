//! Who is asking: an access token in the header `Authorization` (RFC 6750, 2.1).

use super::problem::{Kind, Problem};
use crate::AppState;
use crate::http::logged;
use crate::tokens::{Claims, TokenRole};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use domain::Timestamp;
use domain::account::machines::{self, Machine, MachineToken};
use domain::account::{Permissions, Scope, User, tokens};
use http::header::{AUTHORIZATION, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use std::convert::Infallible;

/// Whoever a valid access token belongs to. The log-in it comes of is looked up each time: a token that was revoked, or
/// whose account has changed its password or role or was disabled, opens nothing although it has not expired.
#[derive(Clone, Debug)]
pub struct ApiUser {
    pub user: User,
    pub claims: Claims,
    /// When they logged in; getting new tokens since is no proof of who they are. `None` for what nobody logged in for.
    pub logged_in_at: Option<Timestamp>,
    /// The token of a machine. `None` where a person logged in.
    pub machine: Option<MachineToken>,
}

impl ApiUser {
    /// Whether the token was made for this. One that a person logged in for opens all that they may do.
    pub fn opens(&self, scope: Scope) -> bool {
        self.machine.as_ref().is_none_or(|token| token.scopes.contains(&scope))
    }

    /// Asks for somebody who has logged in, at whatever time: a machine never has.
    ///
    /// # Errors
    /// 401 `login-too-old`.
    pub fn require_login(&self) -> Result<(), Problem> {
        if self.logged_in_at.is_some() {
            return Ok(());
        }
        Err(Problem::new(Kind::LoginTooOld, "This needs somebody who has logged in, and no machine has."))
    }

    /// Asks for a log-in of the last ten minutes, as pages do before what must not fall into the wrong hands (RFC 9470).
    ///
    /// # Errors
    /// 401 `login-too-old`.
    pub fn require_recent_login(&self, now: Timestamp) -> Result<(), Problem> {
        if self.logged_in_at.is_some_and(|at| identity::is_recent(at, now)) {
            return Ok(());
        }
        Err(Problem::new(Kind::LoginTooOld, "This needs a log-in of the last ten minutes: log in again."))
    }
}

impl FromRequestParts<AppState> for ApiUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = token(&parts.headers)?;
        let found = find(state, token).await?.ok_or_else(invalid)?;
        logged::known(&parts.extensions, found.user.id);
        Ok(found)
    }
}

/// At routes where a token is welcome and not needed. One that is sent has to be valid.
impl OptionalFromRequestParts<AppState> for ApiUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<AppState>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// Whoever an access token belongs to, if it is valid: one that somebody logged in for, or one that they made for a machine.
pub async fn find(state: &AppState, token: &str) -> domain::Result<Option<ApiUser>> {
    if token.starts_with(machines::PREFIX) {
        return Ok(machines::find(&state.db, token).await?.map(|machine| of_machine(state, machine)));
    }
    let Some(claims) = state.tokens.verify(&state.db, token).await? else { return Ok(None) };
    let log_in = tokens::log_in(&state.db, claims.sid).await?.filter(|(account, _)| account.user.id == claims.sub);
    let strict = state.config.accounts.admins_need_two_factor;
    Ok(log_in.map(|(account, at)| {
        let account = if strict { account.where_admins_need_two_factor() } else { account };
        // What the token said when it was made may be more than what its holder may now.
        let role = TokenRole::from(account.user.role);
        ApiUser { user: account.user, claims: Claims { role, ..claims }, logged_in_at: Some(at), machine: None }
    }))
}

/// A machine may what its token was made for, and of that what its owner may now: without a scope of an admin it is none, so
/// that it reads no draft by way of what it may listen to.
fn of_machine(state: &AppState, Machine { account, token }: Machine) -> ApiUser {
    let strict = state.config.accounts.admins_need_two_factor;
    let account = if strict { account.where_admins_need_two_factor() } else { account };
    let made_for: Permissions = token.scopes.iter().filter_map(|scope| scope.permission()).collect();
    let permissions: Permissions =
        account.user.permissions.iter().filter(|permission| made_for.contains(*permission)).collect();
    let user = if permissions.is_empty() { account.user.as_shopper() } else { User { permissions, ..account.user } };
    let claims = state.tokens.claims_of_machine(&user, &token);
    ApiUser { user, claims, logged_in_at: None, machine: Some(token) }
}

fn invalid() -> Problem {
    Problem::new(Kind::InvalidToken, "It expired, was revoked or was never valid. Refresh it, or log in again.")
}

/// The token of a request.
fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let header = match (sent.next(), sent.next()) {
        (None, _) => None,
        (Some(header), None) => Some(header),
        (Some(_), Some(_)) => return Err(Problem::new(Kind::Malformed, "Send the header Authorization once.")),
    };
    let (scheme, token) = header.and_then(|header| header.to_str().ok()?.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::new(Kind::NoToken, "Send an access token in the header Authorization: Bearer …"));
    }
    let token = token.trim_matches(' ');
    if is_token68(token) { Ok(token) } else { Err(invalid()) }
}

/// What may stand behind the scheme (RFC 9110, 11.2).
fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// What the program that asks calls itself; empty when it does not say.
pub struct Client(pub String);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let name = parts.headers.get(USER_AGENT).and_then(|name: &HeaderValue| name.to_str().ok());
        Ok(Self(name.unwrap_or_default().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_bytes(value).unwrap())).collect()
    }

    fn refusal(values: &[&[u8]]) -> Kind {
        token(&headers(values)).unwrap_err().kind
    }

    #[test]
    fn the_token_stands_behind_the_word_bearer() {
        assert_eq!(token(&headers(&[b"Bearer abc.DEF-_~+/=="])).unwrap(), "abc.DEF-_~+/==");
        assert_eq!(token(&headers(&[b"bEARER   abc"])).unwrap(), "abc");
        assert_eq!(refusal(&[]), Kind::NoToken);
        assert_eq!(refusal(&[b"Basic YWRhOmFkYQ=="]), Kind::NoToken);
        assert_eq!(refusal(&[b"Bearer"]), Kind::NoToken);
        assert_eq!(refusal(&[b"Bearer\xff abc"]), Kind::NoToken);
        for token in ["Bearer ", "Bearer ==", "Bearer a b", "Bearer a,b", "Bearer a=b"] {
            assert_eq!(refusal(&[token.as_bytes()]), Kind::InvalidToken, "{token:?}");
        }
        assert_eq!(refusal(&[b"Bearer a", b"Bearer b"]), Kind::Malformed);
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(values in prop::collection::vec("[\\x20-\\x7e\\x80-\\xff]{0,80}", 0..3)) {
            let headers = headers(&values.iter().map(String::as_bytes).collect::<Vec<_>>());
            match token(&headers) {
                Ok(token) => prop_assert!(is_token68(token)),
                Err(problem) => prop_assert!(problem.kind.facts().0.is_client_error()),
            }
        }
    }
}
