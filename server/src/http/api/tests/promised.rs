//! What programs were promised is there.

use super::described::description;
use crate::http::api::browse::operations;
use std::collections::BTreeSet;

/// What was promised, whatever the variable parts of its addresses are called.
const PROMISED: &[&str] = &[
    "post /auth/register",
    "post /auth/login",
    "post /auth/google-login",
    "post /auth/refresh",
    "post /auth/revoke",
    "post /auth/validate",
    "post /auth/password-reset",
    "post /auth/password-strength",
    "get /users/me",
    "patch /users/me",
    "delete /users/me",
    "get /users/me/deletion",
    "get /users/me/sessions",
    "get /users/me/two-factor",
    "get /audiobooks",
    "post /audiobooks",
    "get /audiobooks/{}",
    "patch /audiobooks/{}",
    "delete /audiobooks/{}",
    "post /audiobooks/upload",
    "get /audiobooks/{}/parts",
    "put /audiobooks/{}/parts/order",
    "delete /audiobooks/{}/parts/{}",
    "delete /audiobooks/{}/uploads/{}",
    "put /audiobooks/{}/cover",
    "post /audiobooks/{}/publish",
    "get /audiobooks/{}/production",
    "get /admin/audiobooks/{}/deletion",
    "post /audiobooks/{}/production/resume",
    "post /audiobooks/{}/production/steps/{}/redo",
    "post /audiobooks/{}/production/cancel",
    "get /audiobooks/{}/transcript",
    "get /audiobooks/{}/sentences",
    "get /audiobooks/{}/sample-preview",
    "patch /audiobooks/{}/sentences/{}",
    "post /audiobooks/{}/sentences/{}/join",
    "get /audiobooks/{}/sentences-found",
    "post /audiobooks/{}/sentences-found/replace",
    "get /audiobooks/{}/edits",
    "post /audiobooks/{}/edits/undo",
    "get /audiobooks/{}/kept-chapters",
    "put /audiobooks/{}/kept-chapters",
    "get /audiobooks/{}/headings",
    "get /audiobooks/{}/chapters",
    "get /audiobooks/{}/reviews",
    "get /categories",
    "get /people",
    "get /series",
    "get /cart",
    "post /cart/add",
    "delete /cart/{}",
    "put /cart/coupon",
    "post /checkout",
    "get /orders",
    "get /orders/{}",
    "get /orders/{}/receipt.pdf",
    "get /orders/{}/invoice.pdf",
    "post /orders/{}/refund",
    "get /rates",
    "put /users/me/google",
    "get /coupons",
    "get /wishlist",
    "get /my-books",
    "get /my-books/{}",
    "put /my-books/{}/position",
    "get /my-books/{}/bookmarks",
    "get /my-books/{}/search",
    "get /my-books/search",
    "get /stats/me",
    "get /admin/dashboard",
    "get /admin/orders",
    "get /admin/orders/{}/receipt.pdf",
    "get /admin/orders/{}/invoice.pdf",
    "post /admin/orders/{}/invoice",
    "get /admin/jobs",
    "get /admin/audit",
    "get /admin/providers",
    "post /admin/providers",
    "patch /admin/providers/{}",
    "put /admin/models/{}",
    "get /admin/flags",
    "patch /admin/flags/{}",
    "get /public/dashboard",
    "get /search",
    "get /shop",
    "get /legal/{}",
    "get /users/me/tokens",
    "post /webhooks/{}",
    "get /admin/webhooks",
    "get /admin/webhooks/{}/messages",
    "get /openapi.json",
];

/// An address below `/api/v1` without the names of its variable parts.
fn shape(path: &str) -> String {
    let parts = path.trim_start_matches("/api/v1").split('/');
    parts.map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_that_is_promised_is_described() {
    let document = description();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described: BTreeSet<String> =
        operations(&document).map(|(path, method, _)| format!("{method} {}", shape(path))).collect();
    assert!(described.remove("get /.well-known/jwks.json"));
    let missing: Vec<_> = PROMISED.iter().filter(|promised| !described.contains(**promised)).collect();
    assert!(missing.is_empty(), "not described: {missing:?}, but {described:?}");
    for (path, _, operation) in operations(&document) {
        assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{path} says nothing");
    }
}
