//! `/login/google`: to Google and back (authorization code flow, OpenID Connect Core 1.0, 3.1). The session cookie comes
//! along on the way back, because it is `SameSite=Lax` and the browser follows Google's redirect from page to page.

mod answer;
mod pending;
#[cfg(test)]
mod tests;

use super::HttpError;
use super::client_info::Acting;
use crate::AppState;
use crate::google::{CALLBACK, Google, GoogleError, IdToken, same};
use answer::Answer;
use axum::Router;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::account::{GoogleRefusal, external_login, reauthentication};
use domain::limits::Rule;
use domain::{Db, Error, ErrorKind};
use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, SET_COOKIE};
use identity::{AuthSession, RequestCookies};
use pending::{Pending, Purpose};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

/// Google's clock may be this much behind, in milliseconds.
const SKEW_MS: i64 = 60_000;

pub fn routes() -> Router<AppState> {
    Router::new().route("/login/google", get(start_login)).route(CALLBACK, get(callback))
}

/// What somebody wants from Google.
#[derive(Deserialize)]
struct LoginQuery {
    #[serde(default)]
    next: String,
    /// To prove again that it is them.
    confirm: Option<String>,
    /// To link their account.
    link: Option<String>,
}

/// Why somebody does not go on.
enum Stop {
    Refused(GoogleRefusal),
    Failed(HttpError),
    /// They have to go there first.
    Detour(String),
}

impl From<HttpError> for Stop {
    fn from(error: HttpError) -> Self {
        Self::Failed(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::TooMany => Self::Refused(GoogleRefusal::TooMany),
            _ => Self::Failed(error.into()),
        }
    }
}

impl From<identity::Error> for Stop {
    fn from(error: identity::Error) -> Self {
        match error {
            identity::Error::Domain(error) => error.into(),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<GoogleRefusal> for Stop {
    fn from(refusal: GoogleRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<GoogleError> for Stop {
    fn from(error: GoogleError) -> Self {
        tracing::warn!(%error, "a log-in with Google came to nothing");
        Self::Refused(error.refusal())
    }
}

/// Sends somebody to Google, and remembers in their session what for.
async fn start_login(
    State(state): State<AppState>,
    Acting(actor): Acting,
    session: AuthSession,
    Query(query): Query<LoginQuery>,
) -> Result<Response, HttpError> {
    let google = state.google.as_ref().ok_or_else(HttpError::not_found)?;
    let db = state.db.acting(actor);
    let (next, user_id) = (query.next, session.user.as_ref().map(|account| account.user.id));
    let purpose = match (user_id, query.confirm.is_some(), query.link.is_some()) {
        (Some(id), true, _) => Purpose::Confirm(id),
        (Some(id), false, true) => Purpose::Link(id),
        (_, false, false) => Purpose::LogIn,
        (None, ..) => return answer_with(Purpose::LogIn, "", Err(Stop::Detour(on("/login", &[("next", &next)])))),
    };
    answer_with(purpose, &next, authorize(&state, &db, google, &session, purpose, &next).await)
}

async fn authorize(
    state: &AppState,
    db: &Db,
    google: &Google,
    session: &AuthSession,
    purpose: Purpose,
    next: &str,
) -> Result<Response, Stop> {
    let now = db.now();
    state.limits.take_network(Rule::Google, db.actor()).await?;
    match purpose {
        Purpose::LogIn => {}
        Purpose::Link(_) => {
            if !identity::has_recent_login(&session.session, now).await? {
                return Err(Stop::Detour(on("/confirm", &[("next", Purpose::page(purpose))])));
            }
        }
        Purpose::Confirm(user_id) => {
            // Who has a password or a second step shows that: Google may not even ask again.
            let needed = reauthentication::factors(db, user_id).await?;
            if needed.password || needed.code {
                return Err(Stop::Detour(on("/confirm", &[("next", next)])));
            }
        }
    }
    let request = google.authorize(now, matches!(purpose, Purpose::Confirm(_))).await?;
    Pending::new(now, purpose, next.to_owned(), &request).keep(session).await?;
    Ok(Redirect::to(request.address.as_str()).into_response())
}

/// Takes somebody back from Google.
async fn callback(
    State(state): State<AppState>,
    Acting(actor): Acting,
    mut session: AuthSession,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let google = state.google.as_ref().ok_or_else(HttpError::not_found)?;
    let db = state.db.acting(actor);
    if let Err(error) = state.limits.take_network(Rule::Google, db.actor()).await {
        return answer_with(Purpose::LogIn, "", Err(error.into()));
    }
    let Some(pending) = Pending::take(&session.session).await? else {
        external_login::note_refused(&db, Purpose::LogIn.action(), GoogleRefusal::State).await?;
        return answer_with(Purpose::LogIn, "", Err(GoogleRefusal::State.into()));
    };
    let viewer = session.user.as_ref().map(|account| account.user.id);
    let said = match hear(&db, google, &pending, viewer, &query.unwrap_or_default()).await {
        Ok(said) => said,
        Err(stop) => {
            if let Stop::Refused(refusal) = stop {
                external_login::note_refused(&db, pending.purpose.action(), refusal).await?;
            }
            return answer_with(pending.purpose, &pending.next, Err(stop));
        }
    };
    let cookies = RequestCookies { headers: &headers, secure: state.config.secure() };
    let outcome = complete(&db, &mut session, cookies, &pending, &said).await;
    answer_with(pending.purpose, &pending.next, outcome)
}

/// What Google says of whoever came back, if this is the answer to what was begun, by whoever is logged in still.
async fn hear(db: &Db, google: &Google, pending: &Pending, viewer: Option<Uuid>, query: &str) -> Result<IdToken, Stop> {
    let now = db.now();
    let answer = Answer::read(query).ok_or(GoogleRefusal::State)?;
    let same_state = answer.state.as_deref().is_some_and(|state| same(state, &pending.state));
    let same_person = match pending.purpose {
        Purpose::LogIn => true,
        Purpose::Link(user_id) | Purpose::Confirm(user_id) => viewer == Some(user_id),
    };
    if !same_state || !same_person {
        return Err(GoogleRefusal::State.into());
    }
    if pending.is_late(now) {
        return Err(GoogleRefusal::Late.into());
    }
    if !google.is_from_here(now, answer.issuer.as_deref()).await? {
        return Err(GoogleRefusal::State.into());
    }
    match (answer.code, answer.error.as_deref()) {
        (_, Some("access_denied")) => Err(GoogleRefusal::Denied.into()),
        (Some(code), None) => Ok(google.redeem(now, code, pending.verifier.clone(), &pending.nonce).await?),
        (_, Some(error)) => {
            tracing::warn!(error = %plain(error), "Google refuses to log somebody in");
            Err(GoogleRefusal::Away.into())
        }
        (None, None) => Err(GoogleRefusal::State.into()),
    }
}

/// An error code as it may stand in the log (RFC 6749, 4.1.2.1, allows no more).
fn plain(error: &str) -> String {
    error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect()
}

/// Does what somebody was sent to Google for.
async fn complete(
    db: &Db,
    session: &mut AuthSession,
    cookies: RequestCookies<'_>,
    pending: &Pending,
    said: &IdToken,
) -> Result<Response, Stop> {
    match pending.purpose {
        Purpose::LogIn => {
            let account = external_login::log_in(db, &said.testimony).await??;
            let outcome = identity::sign_in(db, session, cookies, account, &pending.next).await?;
            let mut response = Redirect::to(&outcome.path).into_response();
            for cookie in outcome.cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Purpose::Link(user_id) => {
            external_login::link(db, user_id, &said.testimony).await??;
            Ok(Redirect::to(&on(pending.purpose.page(), &[("linked", "1")])).into_response())
        }
        Purpose::Confirm(user_id) => {
            prove(db, user_id, pending, said).await?;
            identity::note_reauthentication(&session.session, db.now()).await?;
            Ok(Redirect::to(identity::local_path(&pending.next).as_deref().unwrap_or("/account")).into_response())
        }
    }
}

/// Google says that it is the person whose account this is, and that they have just logged in there, as far as it says.
async fn prove(db: &Db, user_id: Uuid, pending: &Pending, said: &IdToken) -> Result<(), Stop> {
    // The account may have got a password or a second step in the meantime.
    let needed = reauthentication::factors(db, user_id).await?;
    let long_ago = said.auth_time.is_some_and(|at| at < pending.begun_at.plus_ms(-SKEW_MS));
    let refusal = if needed.password || needed.code {
        Some(GoogleRefusal::State)
    } else if long_ago {
        Some(GoogleRefusal::NotFresh)
    } else if external_login::is_of(db, user_id, &said.testimony).await? {
        None
    } else {
        Some(GoogleRefusal::Stranger)
    };
    match refusal {
        None => Ok(external_login::note_reauthentication(db, user_id).await?),
        Some(refusal) => {
            external_login::note_refused(db, pending.purpose.action(), refusal).await?;
            Err(refusal.into())
        }
    }
}

/// Where somebody goes on to: further, or back to a page that says why not.
fn answer_with(purpose: Purpose, next: &str, outcome: Result<Response, Stop>) -> Result<Response, HttpError> {
    let mut response = match outcome {
        Ok(response) => response,
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Detour(path)) => Redirect::to(&path).into_response(),
        Err(Stop::Refused(refusal)) => {
            let words = [("google", refusal.name()), ("next", next)];
            Redirect::to(&on(purpose.page(), &words)).into_response()
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// An address with what it carries; empty values are left out.
fn on(path: &str, words: &[(&str, &str)]) -> String {
    let pairs = words.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let value: String = byte_serialize(value.as_bytes()).collect();
        format!("{name}={value}")
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
