//! Where forms that were sent without JavaScript go back to.
//!
//! Leptos sends them to whatever page the header `Referer` names, and puts why they were refused into that address. The
//! first would lead out of the shop, and the second would let anybody make the shop say what they like: so both are ours
//! or are dropped. What a page is told of a refusal carries a seal of this process; after a restart it is not shown.

use aws_lc_rs::hmac;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{HOST, HeaderValue, LOCATION};
use http::{Method, Uri};
use std::sync::{Arc, LazyLock};
use url::Url;

/// How Leptos names the error in an address, and what came of which form.
const ERROR: &str = "__err";
const FORM: &str = "__path";
/// Our seal of both.
const SEAL: &str = "__seal";
const OURS: [&str; 3] = [ERROR, FORM, SEAL];
const HOME: &str = "/";

static KEY: LazyLock<hmac::Key> = LazyLock::new(|| {
    let secret: [u8; 32] = domain::secret::random();
    hmac::Key::new(hmac::HMAC_SHA256, &secret)
});

/// Keeps whoever sent a form in the shop, and seals what they are told of its refusal. `public` is where the shop stands on
/// the web, which a proxy may not say.
pub async fn stay_here(State(public): State<Arc<str>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    if let Some(to) = response.headers().get(LOCATION) {
        let to = to.to_str().map_or_else(|_| HOME.to_owned(), |to| within(to, host.as_deref(), &public));
        response.headers_mut().insert(LOCATION, HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static(HOME)));
    }
    response
}

/// Sends a page on without what it would be told of a refusal, unless the shop said so itself.
pub async fn check(request: Request, next: Next) -> Response {
    match without_foreign_words(request.method(), request.uri()) {
        Some(address) => Redirect::to(&address).into_response(),
        None => next.run(request).await,
    }
}

/// The same address, sealed where it needs to be; the home page instead of one on another host.
fn within(to: &str, host: Option<&str>, public: &str) -> String {
    let ours = match Url::parse(to) {
        Ok(url) => {
            let there = authority(&url);
            Some(there.as_str()) == host || Url::parse(public).is_ok_and(|public| authority(&public) == there)
        }
        Err(_) => identity::local_path(to).is_some(),
    };
    let Some((path, query)) = to.split_once('?').filter(|_| ours) else {
        return if ours { to.to_owned() } else { HOME.to_owned() };
    };
    if !query.contains(ERROR) && !query.contains(SEAL) {
        return to.to_owned();
    }
    // Of a form that was refused again only the last refusal stays.
    let last = |name: &str| pairs(query).filter(|(key, _)| key == name).last().map(|(_, value)| value);
    let mut kept: Vec<(String, String)> = pairs(query).filter(|(key, _)| !OURS.contains(&key.as_str())).collect();
    if let Some(error) = last(ERROR) {
        let form = last(FORM).unwrap_or_default();
        let seal = hex::encode(hmac::sign(&KEY, &said(&form, &error)));
        kept.extend([(FORM, form), (ERROR, error), (SEAL, seal)].map(|(name, value)| (name.to_owned(), value)));
    }
    address(path, kept)
}

fn authority(url: &Url) -> String {
    match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).map(|(key, value)| (key.into_owned(), value.into_owned()))
}

fn address(path: &str, pairs: Vec<(String, String)>) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What is sealed.
fn said(form: &str, error: &str) -> Vec<u8> {
    format!("{form}\n{error}").into_bytes()
}

/// Where to go on instead, when an address would have the shop say what it did not say itself.
fn without_foreign_words(method: &Method, asked: &Uri) -> Option<String> {
    let query = asked.query().filter(|_| *method == Method::GET || *method == Method::HEAD)?;
    // Twice the same name: which of them is read is not ours to guess.
    let only = |name: &str| {
        let mut all = pairs(query).filter(|(key, _)| key == name).map(|(_, value)| value);
        all.next().filter(|_| all.next().is_none())
    };
    if !pairs(query).any(|(key, _)| key == ERROR) {
        return None;
    }
    if let (Some(form), Some(error), Some(seal)) = (only(FORM), only(ERROR), only(SEAL))
        && hex::decode(seal).is_ok_and(|seal| hmac::verify(&KEY, &said(&form, &error), &seal).is_ok())
    {
        return None;
    }
    // One slash: two would be another host.
    let path = format!("/{}", asked.path().trim_start_matches('/'));
    Some(address(&path, pairs(query).filter(|(key, _)| !OURS.contains(&key.as_str())).collect()))
}

#[cfg(test)]
mod tests {
    use crate::http::testing::Shop;
    use crate::http::tests::{LOG_IN, login_form, plain};

    const PAGE: [(&str, &str); 2] = [("accept", "text/html"), ("host", "shop.example")];

    #[tokio::test]
    async fn nobody_is_led_out_of_the_shop_by_the_page_they_come_from() {
        let shop = Shop::open_whole(plain).await;
        for (referrer, leads) in [
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("https://shop.example.evil.example/cart", "/"),
            ("https://shop.example/cart?x=1", "https://shop.example/cart?x=1"),
        ] {
            let headers = [PAGE[0], PAGE[1], ("referer", referrer)];
            let answer = shop.get("", "/api/cart/count", &headers).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (302, leads), "{referrer}");
        }
    }

    #[tokio::test]
    async fn the_shop_says_nothing_that_it_did_not_say_itself() {
        let shop = Shop::open_whole(plain).await;
        // `{"Conflict":{"code":"x","message":"Call us."}}`
        let forged =
            "__path=%2Fapi%2Faccount%2Flogin&__err=eyJDb25mbGljdCI6eyJjb2RlIjoieCIsIm1lc3NhZ2UiOiJDYWxsIHVzLiJ9fQ==";
        for seal in ["", "&__seal=00", "&__seal="] {
            let answer = shop.get("", &format!("/login?next=%2Fcart&{forged}{seal}"), &[]).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/login?next=%2Fcart"), "{seal}");
        }
    }

    #[tokio::test]
    async fn a_form_without_script_that_is_refused_twice_says_why_at_its_own_page() {
        let shop = Shop::open_whole(plain).await;
        let mut page = "https://shop.example/login".to_owned();
        for _ in 0..2 {
            let headers = [("accept", "text/html"), ("host", "shop.example"), ("referer", page.as_str())];
            let form = login_form("nobody@example.com", "not the password");
            let answer = shop.send(form_of(&form, &headers)).await;
            assert_eq!(answer.status, 302);
            page = answer.header("location").to_owned();
            let path = page.strip_prefix("https://shop.example").unwrap().to_owned();
            let shown = shop.get("", &path, &PAGE).await;
            assert!(shown.status == 200 && shown.text().contains("do not match"), "{path}: {}", shown.text());
        }
    }

    fn form_of(form: &str, headers: &[(&str, &str)]) -> http::Request<axum::body::Body> {
        let request = http::Request::post(LOG_IN).header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(axum::body::Body::from(form.to_owned())).unwrap()
    }
}
