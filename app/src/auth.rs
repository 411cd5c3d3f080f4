//! Who is asking: sessions for browsers, and the checks that every server function begins with.

use crate::AppError;
use axum_login::tower_sessions::session::Id as SessionId;
use axum_login::{AuthUser, AuthnBackend, UserId};
use domain::Actor;
use domain::account::{self, Permission, User};
use domain::audit::{self, Action, Entry};
use domain::limits::{Limits, Rule};
use domain::ordering::cart::CartOwner;
use domain::ordering::payment::Payments;
use domain::{Currency, Db, SharedVault, secret};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

mod entrance;

pub use entrance::{
    Entered, Visit, enter, is_recent, is_waiting, local_path, note_proof, pass_second_step, require_beside_password,
    require_recent,
};

/// Logs people in with email and password.
#[derive(Clone, Debug)]
pub struct Backend {
    db: Db,
    admins_need_second_step: bool,
}

impl Backend {
    pub fn new(db: Db, admins_need_second_step: bool) -> Self {
        Self { db, admins_need_second_step }
    }
}

/// What a person types to log in.
#[derive(Clone)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

/// A person, as the session layer holds them.
#[derive(Clone, Debug)]
pub struct Account(pub account::store::Account);

impl AuthUser for Account {
    type Id = Uuid;

    fn id(&self) -> Uuid {
        self.0.user.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.0.auth_hash
    }
}

impl AuthnBackend for Backend {
    type User = Account;
    type Credentials = Credentials;
    type Error = domain::Error;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<Account>, domain::Error> {
        Ok(account::store::authenticate(&self.db, &credentials.email, &credentials.password).await?.map(Account))
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Account>, domain::Error> {
        let account = account::store::account(&self.db, *id).await?;
        Ok(account.map(|account| {
            Account(if self.admins_need_second_step { account.where_admins_need_second_step() } else { account })
        }))
    }
}

pub type AuthSession = axum_login::AuthSession<Backend>;

/// Counts an attempt of somebody who is logged in, such as to give their password again.
///
/// # Errors
/// As [`take`].
pub async fn take_within(user: &User) -> Result<(), AppError> {
    Ok(limits()?.take(Rule::Within, &[&user.id.to_string()]).await?)
}

/// Where a request comes from, as the server found out.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub ip: Option<IpAddr>,
    /// What the browser or program calls itself.
    pub user_agent: Option<String>,
}

/// Who sends a request, and from where, by what the layers in front of every handler left with it.
pub fn actor(extensions: &http::Extensions) -> Actor {
    let client = extensions.get::<Client>().cloned().unwrap_or_default();
    let visitor = Actor::visitor(client.ip, client.user_agent.as_deref());
    match extensions.get::<AuthSession>().and_then(|session| session.user.as_ref()) {
        Some(account) => visitor.known_as(account.0.user.id, &account.0.user.email),
        None => visitor,
    }
}

/// The database, as the server put it there. What is written through it is done by whoever sent the request.
///
/// # Errors
/// When a server function runs outside a request, which is a fault of ours.
pub fn db() -> Result<Db, AppError> {
    let db = use_context::<Db>().ok_or(AppError::Internal)?;
    Ok(match use_context::<http::request::Parts>() {
        Some(request) => db.acting(actor(&request.extensions)),
        None => db,
    })
}

/// How often something may be tried, as the server put it there.
///
/// # Errors
/// As [`db`].
pub fn limits() -> Result<Limits, AppError> {
    use_context::<Limits>().ok_or(AppError::Internal)
}

/// What opens the secrets of people, as the server put it there.
///
/// # Errors
/// As [`db`].
pub fn vault() -> Result<SharedVault, AppError> {
    use_context::<SharedVault>().ok_or(AppError::Internal)
}

/// Counts an attempt from the network that the request comes from.
///
/// # Errors
/// [`AppError::TooMany`] when it was one too many.
pub async fn take(rule: Rule) -> Result<(), AppError> {
    let network = db()?.actor().network();
    Ok(limits()?.take(rule, &[&network]).await?)
}

/// What the shop is paid through, as the server put it there.
///
/// # Errors
/// As [`db`].
pub fn payments() -> Result<Payments, AppError> {
    use_context::<Payments>().ok_or(AppError::Internal)
}

/// The session of the browser that asks.
///
/// # Errors
/// When the session layer did not run, which is a fault of ours.
pub async fn session() -> Result<AuthSession, AppError> {
    leptos_axum::extract().await.map_err(|_| AppError::Internal)
}

/// What a session is kept under, from the id in its cookie.
pub fn session_key(id: &SessionId) -> String {
    secret::digest(&id.to_string())
}

/// What the session that asks is kept under; `None` for a browser without one.
///
/// # Errors
/// As [`session`].
pub async fn here() -> Result<Option<String>, AppError> {
    Ok(session().await?.session.id().as_ref().map(session_key))
}

/// Whoever is logged in, if anyone.
///
/// # Errors
/// As [`session`].
pub async fn viewer() -> Result<Option<User>, AppError> {
    Ok(session().await?.user.map(|account| account.0.user))
}

/// Whoever is logged in.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a guest.
pub async fn require_user() -> Result<User, AppError> {
    viewer().await?.ok_or(AppError::Unauthenticated)
}

/// An admin, whatever they may do.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a guest, [`AppError::Forbidden`] for a shopper.
pub async fn require_admin() -> Result<User, AppError> {
    allow(User::is_admin).await
}

/// An admin who may do this.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a guest, [`AppError::Forbidden`] for everybody else without the permission.
pub async fn require(permission: Permission) -> Result<User, AppError> {
    require_any(&[permission]).await
}

/// An admin who may do one of these.
///
/// # Errors
/// As [`require`].
pub async fn require_any(permissions: &[Permission]) -> Result<User, AppError> {
    allow(|user| permissions.iter().any(|permission| user.may(*permission))).await
}

async fn allow(may: impl Fn(&User) -> bool) -> Result<User, AppError> {
    let account = session().await?.user.ok_or(AppError::Unauthenticated)?.0;
    let user = account.user;
    if may(&user) {
        return Ok(user);
    }
    if account.held_back {
        return Err(AppError::SecondStepFirst);
    }
    let path = use_context::<http::request::Parts>().map(|request| request.uri.path().to_owned()).unwrap_or_default();
    note_refusal(&db()?, &limits()?, &user, &path).await;
    Err(AppError::Forbidden)
}

/// Notes that somebody wanted what they may not: in the log each time, in the audit trail as often as [`Rule::Refused`]
/// allows, so that trying on does not fill it.
pub async fn note_refusal(db: &Db, limits: &Limits, user: &User, path: &str) {
    tracing::warn!(user = %user.id, path, "refused: the permission is missing");
    if limits.take(Rule::Refused, &[&user.id.to_string()]).await.is_err() {
        return;
    }
    let refused = Entry::new(Action::AccessRefused).refused().by(user.id, &user.email).on("path", path);
    if let Err(error) = audit::record(db, refused).await {
        // They are refused in any case.
        tracing::error!(%error, "a refusal could not be noted");
    }
}

/// Opens the session of an account. Its id is a new one, also where somebody was logged in already.
///
/// # Errors
/// From the database.
pub async fn log_in(session: &mut AuthSession, account: account::store::Account) -> Result<(), AppError> {
    let failed = |error: axum_login::Error<Backend>| {
        tracing::error!(%error, "logging in failed");
        AppError::Internal
    };
    session.session.cycle_id().await.map_err(|error| failed(error.into()))?;
    session.login(&Account(account)).await.map_err(failed)
}

/// Goes on to where somebody who came in wants to be.
pub(crate) fn go_in(entered: Entered) {
    entered.cookies.into_iter().for_each(send_cookie);
    leptos_axum::redirect(&entered.path);
}

/// Keeps this browser logged in after a change that ended every session, its own among them.
///
/// # Errors
/// From the database.
pub async fn stay_logged_in(account: account::store::Account) -> Result<(), AppError> {
    let now = db()?.now();
    let mut session = session().await?;
    log_in(&mut session, account).await?;
    note_proof(&session.session, now).await
}

/// Forgets the session of this browser, and says who was in it.
///
/// # Errors
/// From the database.
pub async fn leave() -> Result<Option<Account>, AppError> {
    session().await?.logout().await.map_err(|error| {
        tracing::error!(%error, "logging out failed");
        AppError::Internal
    })
}

/// The cookie that tells a browser in which somebody has logged in before.
const DEVICE_COOKIE: &str = "lectern_device";

/// The cookie by which accounts know this browser, if it has one.
///
/// # Errors
/// When there is no request, which is a fault of ours.
pub async fn device_token() -> Result<Option<String>, AppError> {
    Ok(headers().await?.secret_cookie(DEVICE_COOKIE))
}

/// Lets this browser be known again.
pub fn remember_device(token: &str) {
    send_cookie(cookie(for_tls_only(), DEVICE_COOKIE, token, account::device::DAYS * DAY_SECONDS));
}

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// The cookie that holds a guest's cart.
const CART_COOKIE: &str = "lectern_cart";
/// Days that a guest's cart is kept.
const CART_DAYS: i64 = 60;

/// The guest's cart of this browser, if it has one.
///
/// # Errors
/// When there is no request, which is a fault of ours.
pub async fn guest_token() -> Result<Option<String>, AppError> {
    Ok(headers().await?.secret_cookie(CART_COOKIE))
}

/// What came with the request that is being answered.
///
/// # Errors
/// When there is no request, which is a fault of ours.
pub(crate) async fn headers() -> Result<Headers, AppError> {
    let headers = leptos_axum::extract().await.map_err(|_| AppError::Internal)?;
    Ok(Headers { headers, secure: for_tls_only() })
}

pub(crate) struct Headers {
    headers: http::HeaderMap,
    secure: bool,
}

impl Headers {
    pub(crate) fn visit(&self) -> Visit<'_> {
        Visit { headers: &self.headers, secure: self.secure }
    }

    fn secret_cookie(&self, name: &str) -> Option<String> {
        self.visit().secret_cookie(name)
    }
}

/// Whose cart this browser fills; `None` for a guest without one.
///
/// # Errors
/// As [`session`].
pub async fn cart_owner() -> Result<Option<CartOwner>, AppError> {
    match viewer().await? {
        Some(user) => Ok(Some(CartOwner::User(user.id))),
        None => Ok(guest_token().await?.map(CartOwner::Guest)),
    }
}

/// Whose cart this browser fills; a guest without one is given one.
///
/// # Errors
/// As [`session`].
pub async fn cart_owner_or_new() -> Result<CartOwner, AppError> {
    if let Some(owner) = cart_owner().await? {
        return Ok(owner);
    }
    let token = secret::token();
    send_cookie(cookie(for_tls_only(), CART_COOKIE, &token, CART_DAYS * DAY_SECONDS));
    Ok(CartOwner::Guest(token))
}

/// Whether cookies are for TLS only, as the server put it there.
#[derive(Clone, Copy, Debug)]
pub struct SecureCookies(pub bool);

fn for_tls_only() -> bool {
    use_context::<SecureCookies>().is_some_and(|secure| secure.0)
}

/// The prefix makes browsers refuse the cookie unless it is for TLS and for this host alone.
fn full_name(secure: bool, name: &str) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// A cookie of ours as a header sets it. Its value is made of letters and digits.
fn cookie(secure: bool, name: &str, value: &str, max_age_seconds: i64) -> Option<http::HeaderValue> {
    let (name, tls) = (full_name(secure, name), if secure { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{tls}");
    http::HeaderValue::from_str(&cookie).ok()
}

/// Sends a cookie along with the answer.
pub(crate) fn send_cookie(cookie: impl Into<Option<http::HeaderValue>>) {
    if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), cookie.into()) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// Where the shop stands on the web, as the server put it there; without a slash at the end.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

/// By whose word people log in besides their passwords, as the server put it there: the issuer of Google's ID tokens, or
/// nobody.
#[derive(Clone, Debug)]
pub struct Google(pub Option<Arc<str>>);

/// The issuer of Google's ID tokens, in a shop with Google.
pub(crate) fn google() -> Option<Arc<str>> {
    use_context::<Google>().and_then(|google| google.0)
}

/// What new titles are priced in, as the server put it there.
///
/// # Errors
/// As [`db`].
pub fn currency() -> Result<Currency, AppError> {
    use_context::<Currency>().ok_or(AppError::Internal)
}

/// Whether a form was sent without JavaScript.
pub fn without_script() -> bool {
    use_context::<http::request::Parts>().is_some_and(|request| {
        let accepts = request.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
        request.method == http::Method::POST && accepts.is_some_and(|accepts| accepts.contains("text/html"))
    })
}

/// Where a form that was sent without JavaScript goes on to. With JavaScript the page stays.
pub fn go_on_without_script(path: &str) {
    if without_script() {
        leptos_axum::redirect(path);
    }
}
