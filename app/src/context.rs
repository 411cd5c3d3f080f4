//! What a server function finds around it: the parts of the shop, as the server put them there, and the request that is
//! being answered. What it all means for whoever asks is said in [`identity`].
//!
//! Everything here fails with [`AppError::Internal`] outside a request, which is a fault of ours.

use crate::AppError;
use domain::account::users::Account;
use domain::account::{Permission, User};
use domain::limits::{Limits, Rule};
use domain::ordering::cart::CartOwner;
use domain::ordering::payment::Payments;
use domain::providers::address::Reach as ProvidersReach;
use domain::rates::live::LiveRates;
use domain::settings::ShopSettings;
use domain::settings::live::LiveSettings;
use domain::webhooks::address::Reach;
use domain::{Currency, Db, SharedVault};
use http::request::Parts;
use http::{HeaderValue, Method, header};
use identity::{AuthSession, LoginOutcome, RequestCookies, cookies};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// The parts of the shop that pages reach.
#[derive(Clone, Debug)]
pub struct AppContext {
    pub db: Db,
    /// How often something may be tried.
    pub limits: Limits,
    /// What opens the secrets of people.
    pub vault: SharedVault,
    /// What the shop is paid through.
    pub payments: Payments,
    /// What the owner of the shop says of it.
    pub settings: LiveSettings,
    /// What currencies are worth.
    pub rates: LiveRates,
    /// The issuer of Google's ID tokens, in a shop where people log in with Google.
    pub google_issuer: Option<Arc<str>>,
    /// Cookies are for TLS only.
    pub secure_cookies: bool,
    /// Days without a visit after which somebody is logged out, and days after which they are in any case.
    pub session_days: (i64, i64),
    /// Where sound comes from besides the shop, such as `https://bucket.example`.
    pub sound_origin: Option<Arc<str>>,
    /// Where messages to programs elsewhere may go.
    pub webhooks_reach: Reach,
    /// Where machines that hear and write may be.
    pub providers_reach: ProvidersReach,
    /// Where the shop stands on the web; without a slash at the end.
    pub public_url: Arc<str>,
}

/// The parts of the shop.
pub fn shop() -> Result<AppContext, AppError> {
    use_context().ok_or(AppError::Internal)
}

/// What the owner of the shop says of it.
pub async fn settings() -> Result<ShopSettings, AppError> {
    Ok(shop()?.settings.now().await)
}

/// The database. What is written through it is done by whoever sent the request.
pub fn db() -> Result<Db, AppError> {
    let db = shop()?.db;
    Ok(match use_context::<Parts>() {
        Some(request) => db.acting(identity::actor(&request.extensions)),
        None => db,
    })
}

/// What came with the request.
fn request() -> Result<Parts, AppError> {
    use_context().ok_or(AppError::Internal)
}

/// The session of the browser that asks.
pub async fn session() -> Result<AuthSession, AppError> {
    leptos_axum::extract().await.map_err(|_| AppError::Internal)
}

/// Counts an attempt from the network that the request comes from.
pub async fn take(rule: Rule) -> Result<(), AppError> {
    Ok(shop()?.limits.take_network(rule, db()?.actor()).await?)
}

/// Counts an attempt of somebody who is logged in, such as to give their password again.
pub async fn take_within(user: &User) -> Result<(), AppError> {
    Ok(shop()?.limits.take(Rule::Reauth, &[&user.id.to_string()]).await?)
}

/// Whoever is logged in, if anyone.
pub async fn viewer() -> Result<Option<User>, AppError> {
    Ok(session().await?.user.map(|account| account.0.user))
}

/// As [`identity::require_user`].
pub async fn require_user() -> Result<User, AppError> {
    Ok(identity::require_user(&session().await?)?.clone())
}

/// As [`identity::require_recent_login`].
pub async fn require_recent_login() -> Result<User, AppError> {
    Ok(identity::require_recent_login(&session().await?, db()?.now()).await?.clone())
}

/// As [`identity::require_recent_login_or_password`].
pub async fn require_recent_login_or_password() -> Result<User, AppError> {
    Ok(identity::require_recent_login_or_password(&session().await?, &db()?).await?.clone())
}

/// An admin, whatever they may do.
pub async fn require_admin() -> Result<User, AppError> {
    allow(User::is_admin).await
}

/// An admin who may do this.
pub async fn require(permission: Permission) -> Result<User, AppError> {
    require_any(&[permission]).await
}

/// An admin who may do one of these.
pub async fn require_any(permissions: &[Permission]) -> Result<User, AppError> {
    allow(|user| permissions.iter().any(|permission| user.may(*permission))).await
}

/// As [`identity::allow`].
async fn allow(may: impl Fn(&User) -> bool) -> Result<User, AppError> {
    let (session, limits, request) = (session().await?, shop()?.limits, request()?);
    Ok(identity::allow(&session, &db()?, &limits, request.uri.path(), may).await?)
}

/// Lets somebody in who has shown who they are, and goes on to where they want to be; or to the second step.
pub async fn sign_in(account: Account, next: &str) -> Result<(), AppError> {
    let (mut session, request) = (session().await?, request()?);
    let cookies = RequestCookies { headers: &request.headers, secure: shop()?.secure_cookies };
    go_in(identity::sign_in(&db()?, &mut session, cookies, account, next).await?);
    Ok(())
}

/// Lets somebody in whom [`sign_in`] left at the second step, and goes on.
pub async fn verify_two_factor(code: &str) -> Result<(), AppError> {
    let (shop, mut session, request) = (shop()?, session().await?, request()?);
    let cookies = RequestCookies { headers: &request.headers, secure: shop.secure_cookies };
    let vault = shop.vault.as_ref();
    go_in(identity::verify_two_factor(&db()?, vault, &shop.limits, &mut session, cookies, code).await?);
    Ok(())
}

fn go_in(outcome: LoginOutcome) {
    outcome.cookies.into_iter().for_each(|cookie| send_cookie(Some(cookie)));
    leptos_axum::redirect(&outcome.path);
}

/// Keeps this browser logged in after a change that ended every session, its own among them.
pub async fn stay_logged_in(account: Account) -> Result<(), AppError> {
    Ok(identity::open_session(&mut session().await?, account, db()?.now()).await?)
}

/// Forgets the session of this browser, and says whose it was.
pub async fn close_session() -> Result<Option<Account>, AppError> {
    Ok(identity::close_session(&mut session().await?).await?.map(|account| account.0))
}

/// What the session that asks is kept under; `None` for a browser without one.
pub async fn session_key() -> Result<Option<String>, AppError> {
    Ok(session().await?.session.id().as_ref().map(identity::session_key))
}

/// By what accounts know this browser.
pub fn device_token() -> Result<Option<String>, AppError> {
    Ok(RequestCookies { headers: &request()?.headers, secure: shop()?.secure_cookies }.device())
}

/// Lets this browser be known again.
pub fn remember_device(token: &str) -> Result<(), AppError> {
    send_cookie(cookies::keep_device(shop()?.secure_cookies, token));
    Ok(())
}

/// Whose cart this browser fills; `None` for a guest without one.
pub async fn cart_owner() -> Result<Option<CartOwner>, AppError> {
    if let Some(user) = viewer().await? {
        return Ok(Some(CartOwner::User(user.id)));
    }
    let cookies = RequestCookies { headers: &request()?.headers, secure: shop()?.secure_cookies };
    Ok(cookies.cart().map(CartOwner::Guest))
}

/// Whose cart this browser fills; a guest without one is given one.
pub async fn cart_owner_or_new() -> Result<CartOwner, AppError> {
    if let Some(owner) = cart_owner().await? {
        return Ok(owner);
    }
    let token = domain::secret::token();
    send_cookie(cookies::keep_cart(shop()?.secure_cookies, &token));
    Ok(CartOwner::Guest(token))
}

/// The currency in which this browser shows prices as well.
pub fn prices_shown_in() -> Option<Currency> {
    let (request, shop) = (request().ok()?, shop().ok()?);
    RequestCookies { headers: &request.headers, secure: shop.secure_cookies }.currency()
}

/// Lets this browser show prices in a currency as well, or in none.
pub fn show_prices_in(currency: Option<Currency>) -> Result<(), AppError> {
    send_cookie(cookies::keep_currency(shop()?.secure_cookies, currency));
    Ok(())
}

fn send_cookie(cookie: Option<HeaderValue>) {
    if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), cookie) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Whether a form was sent without JavaScript.
pub fn without_script() -> bool {
    request().is_ok_and(|request| {
        let accepts = request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        request.method == Method::POST && accepts.is_some_and(|accepts| accepts.contains("text/html"))
    })
}

/// Where a form that was sent without JavaScript goes on to. With JavaScript the page stays.
pub fn go_on_without_script(path: &str) {
    if without_script() {
        leptos_axum::redirect(path);
    }
}
