//! Who is asking: sessions for browsers, and the checks that every server function begins with.

use crate::AppError;
use axum_login::{AuthUser, AuthnBackend, UserId};
use domain::account::{self, User};
use domain::ordering::cart::CartOwner;
use domain::ordering::payment::Payments;
use domain::{Currency, Db, secret};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

/// Logs people in with email and password.
#[derive(Clone, Debug)]
pub struct Backend {
    db: Db,
}

impl Backend {
    pub fn new(db: Db) -> Self {
        Self { db }
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
        Ok(account::store::account(&self.db, *id).await?.map(Account))
    }
}

pub type AuthSession = axum_login::AuthSession<Backend>;

/// The database, as the server put it there.
///
/// # Errors
/// When a server function runs outside a request, which is a fault of ours.
pub fn db() -> Result<Db, AppError> {
    use_context::<Db>().ok_or(AppError::Internal)
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

/// An admin.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a guest, [`AppError::Forbidden`] for a shopper.
pub async fn require_admin() -> Result<User, AppError> {
    let user = require_user().await?;
    if user.is_admin() { Ok(user) } else { Err(AppError::Forbidden) }
}

/// The cookie that holds a guest's cart.
const CART_COOKIE: &str = "lectern_cart";
/// Days that a guest's cart is kept.
const CART_DAYS: u32 = 60;

/// The guest's cart of this browser, if it has one.
///
/// # Errors
/// When there is no request, which is a fault of ours.
pub async fn guest_token() -> Result<Option<String>, AppError> {
    let headers: http::HeaderMap = leptos_axum::extract().await.map_err(|_| AppError::Internal)?;
    Ok(headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == CART_COOKIE && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(|(_, value)| value.to_owned()))
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
    set_cart_cookie(&token, CART_DAYS * 24 * 60 * 60);
    Ok(CartOwner::Guest(token))
}

/// Forgets the guest's cart of this browser.
pub fn clear_guest_cart() {
    set_cart_cookie("", 0);
}

/// Whether cookies are for TLS only, as the server put it there.
#[derive(Clone, Copy, Debug)]
pub struct SecureCookies(pub bool);

fn set_cart_cookie(value: &str, max_age_seconds: u32) {
    let secure = if use_context::<SecureCookies>().is_some_and(|secure| secure.0) { "; Secure" } else { "" };
    let cookie = format!("{CART_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), http::HeaderValue::from_str(&cookie)) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// Where the shop stands on the web, as the server put it there; without a slash at the end.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

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
