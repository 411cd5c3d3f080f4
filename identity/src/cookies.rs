//! The cookies of the shop: the session's, one by which accounts know a browser, one that holds a
//! guest's cart, one that holds a currency. The page about
//! cookies tells of each: a new one is a new [`ShopCookie`].

use axum_login::tower_sessions::cookie::time::Duration;
use axum_login::tower_sessions::cookie::{Cookie, SameSite};
use domain::Currency;
use domain::account::sessions::devices;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Days that a guest's cart is kept.
pub const CART_DAYS: i64 = 60;

/// Days that a choice of currency is kept.
pub const CURRENCY_DAYS: i64 = 365;

/// A cookie that the shop sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopCookie {
    /// Holds the session of whoever is logged in.
    Session,
    /// Tells a browser in which somebody has logged in before.
    Device,
    /// Holds a guest's cart.
    Cart,
    /// Holds the currency in which prices are shown as well.
    Currency,
}

impl ShopCookie {
    /// There are no others.
    pub const ALL: [Self; 4] = [Self::Session, Self::Device, Self::Cart, Self::Currency];

    /// Over TLS the prefix makes browsers refuse the cookie unless it is for TLS and for this host alone.
    pub fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-lectern",
            (Self::Session, false) => "lectern",
            (Self::Device, true) => "__Host-lectern_device",
            (Self::Device, false) => "lectern_device",
            (Self::Cart, true) => "__Host-lectern_cart",
            (Self::Cart, false) => "lectern_cart",
            (Self::Currency, true) => "__Host-lectern_currency",
            (Self::Currency, false) => "lectern_currency",
        }
    }
}

/// The cookies that came with a request, and whether those of this shop are for TLS only.
#[derive(Clone, Copy)]
pub struct RequestCookies<'a> {
    pub headers: &'a HeaderMap,
    pub secure: bool,
}

impl RequestCookies<'_> {
    /// By what accounts know this browser.
    pub fn device(&self) -> Option<String> {
        self.secret(ShopCookie::Device)
    }

    /// The guest's cart of this browser.
    pub fn cart(&self) -> Option<String> {
        self.secret(ShopCookie::Cart)
    }

    /// The currency in which this browser shows prices as well.
    pub fn currency(&self) -> Option<Currency> {
        self.value(ShopCookie::Currency, |value| value.len() == 3)?.parse().ok()
    }

    /// A cookie that holds a secret of ours, as [`domain::secret::token`] makes them.
    fn secret(&self, which: ShopCookie) -> Option<String> {
        self.value(which, |value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }

    fn value(&self, which: ShopCookie, fits: impl Fn(&str) -> bool) -> Option<String> {
        let name = which.name(self.secure);
        let lines = self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
        cookies.find(|cookie| cookie.name() == name && fits(cookie.value())).map(|cookie| cookie.value().to_owned())
    }
}

/// Lets accounts know this browser again, as the header `Set-Cookie` says it.
pub fn keep_device(secure: bool, token: &str) -> Option<HeaderValue> {
    set(secure, ShopCookie::Device, token, Duration::days(devices::DAYS))
}

/// Lets this browser keep a guest's cart.
pub fn keep_cart(secure: bool, token: &str) -> Option<HeaderValue> {
    set(secure, ShopCookie::Cart, token, Duration::days(CART_DAYS))
}

/// Takes a guest's cart from this browser.
pub fn forget_cart(secure: bool) -> Option<HeaderValue> {
    set(secure, ShopCookie::Cart, "", Duration::ZERO)
}

/// Lets this browser show prices in a currency as well, or in none.
pub fn keep_currency(secure: bool, currency: Option<Currency>) -> Option<HeaderValue> {
    match currency {
        Some(currency) => set(secure, ShopCookie::Currency, currency.code(), Duration::days(CURRENCY_DAYS)),
        None => set(secure, ShopCookie::Currency, "", Duration::ZERO),
    }
}

fn set(secure: bool, which: ShopCookie, value: &str, max_age: Duration) -> Option<HeaderValue> {
    let cookie = Cookie::build((which.name(secure), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .secure(secure);
    HeaderValue::from_str(&cookie.to_string()).ok()
}
