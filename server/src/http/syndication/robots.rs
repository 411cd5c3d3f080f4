//! What crawlers are asked to leave alone.

use super::address::Site;
use super::document::Document;
use crate::AppState;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

/// For how long caches may keep it, in seconds.
const KEPT_S: u32 = 3600;
/// What is somebody's own, or leads nowhere. Pages that a crawler may read but not list say so themselves.
const LEFT_ALONE: [&str; 16] = [
    "/account",
    "/admin",
    "/api/",
    "/cart",
    "/checkout",
    "/confirm",
    "/download/",
    "/forgot-password",
    "/gift/",
    "/library",
    "/listen/",
    "/login",
    "/orders",
    "/reset-password",
    "/uploads",
    "/verify-email",
];

/// `GET /robots.txt`
pub async fn rules(State(state): State<AppState>, headers: HeaderMap) -> Response {
    Document::new("text/plain; charset=utf-8", text(Site::new(&state.site))).answer(&headers, KEPT_S)
}

fn text(site: Site<'_>) -> String {
    let mut text = "User-agent: *\n".to_owned();
    for path in LEFT_ALONE {
        text.push_str(&format!("Disallow: {path}\n"));
    }
    text.push_str(&format!("\nSitemap: {}\n", site.at("/sitemap.xml")));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crawlers_are_led_to_the_sitemap_and_kept_from_what_is_somebodys_own() {
        let text = text(Site::new("https://shop.example/"));
        assert!(text.contains("\nDisallow: /library\n"), "{text}");
        assert!(text.ends_with("\nSitemap: https://shop.example/sitemap.xml\n"), "{text}");
        assert!(!text.contains("/books") && !text.contains("/browse"), "{text}");
    }
}
