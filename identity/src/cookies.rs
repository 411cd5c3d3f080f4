//! The cookies of the shop beside the session's: one by which accounts know a browser, one that holds a guest's cart.

use axum_login::tower_sessions::cookie::time::Duration;
use axum_login::tower_sessions::cookie::{Cookie, SameSite};
use domain::account::sessions::devices;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Tells a browser in which somebody has logged in before.
const DEVICE: &str = "lectern_device";
/// Holds a guest's cart.
const CART: &str = "lectern_cart";
/// Days that a guest's cart is kept.
const CART_DAYS: i64 = 60;

/// The cookies that came with a request, and whether those of this shop are for TLS only.
#[derive(Clone, Copy)]
pub struct RequestCookies<'a> {
    pub headers: &'a HeaderMap,
    pub secure: bool,
}

impl RequestCookies<'_> {
    /// By what accounts know this browser.
    pub fn device(&self) -> Option<String> {
        self.secret(DEVICE)
    }

    /// The guest's cart of this browser.
    pub fn cart(&self) -> Option<String> {
        self.secret(CART)
    }

    /// A cookie that holds a secret of ours, as [`domain::secret::token`] makes them.
    fn secret(&self, name: &str) -> Option<String> {
        let name = full_name(self.secure, name);
        let is_secret = |value: &str| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let lines = self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
        cookies
            .find(|cookie| cookie.name() == name && is_secret(cookie.value()))
            .map(|cookie| cookie.value().to_owned())
    }
}

/// Lets accounts know this browser again, as the header `Set-Cookie` says it.
pub fn keep_device(secure: bool, token: &str) -> Option<HeaderValue> {
    set(secure, DEVICE, token, Duration::days(devices::DAYS))
}

/// Lets this browser keep a guest's cart.
pub fn keep_cart(secure: bool, token: &str) -> Option<HeaderValue> {
    set(secure, CART, token, Duration::days(CART_DAYS))
}

/// Takes a guest's cart from this browser.
pub fn forget_cart(secure: bool) -> Option<HeaderValue> {
    set(secure, CART, "", Duration::ZERO)
}

/// The prefix makes browsers refuse the cookie unless it is for TLS and for this host alone.
fn full_name(secure: bool, name: &str) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

fn set(secure: bool, name: &str, value: &str, max_age: Duration) -> Option<HeaderValue> {
    let cookie = Cookie::build((full_name(secure, name), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .secure(secure);
    HeaderValue::from_str(&cookie.to_string()).ok()
}
