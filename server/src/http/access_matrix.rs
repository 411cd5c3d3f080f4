//! Every address of the shop, tried by everybody. The list of addresses comes from the router itself: whoever adds one
//! has to say here whom it is for.

use super::router;
use super::testing::Answer;
use crate::{AppState, Config, seed};
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use domain::account::{Password, registration};
use domain::entities::entitlements;
use futures::StreamExt;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

const PASSWORD: &str = "seven grey herons at noon";
const BOUGHT: &str = "the-bell-at-north-rock";
/// An id that nothing has: what is allowed to try finds nothing, and nothing is changed.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

/// Whom an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Everybody,
    /// Whoever is logged in.
    People,
    /// Who bought the title, or made the order, and no other shopper.
    Owner,
    Admins,
    /// Programs with an access token; a session opens nothing here. `api/tests` tries them.
    Programs,
}
use For::*;

/// Server functions: the address, whom it is for, and arguments that it can read. `{title}`, `{slug}` and `{order}` are
/// the buyer's. Logging out comes last, as it ends the session that asks.
pub(super) const FUNCTIONS: &[(&str, For, &str)] = &[
    ("account/viewer", Everybody, ""),
    ("account/password-strength", Everybody, "password=short"),
    ("account/register", Everybody, "name=Kim&email=kim%40post.example&password=short"),
    ("account/login", Everybody, "email=kim%40post.example&password=not+the+password"),
    ("account/ask-reset", Everybody, "email=nobody%40post.example"),
    ("account/reset-password", Everybody, "token=0&password=seven+grey+herons+at+dusk"),
    ("account/confirm-email", Everybody, "token=0"),
    ("account/address", People, ""),
    ("account/send-again", People, ""),
    ("account/change-email", People, "email=else%40post.example&password=not+the+password"),
    ("account/keep-email", People, ""),
    ("account/profile", People, ""),
    ("account/rename", People, "name=Kim"),
    ("account/change-password", People, "current_password=not+the+password&new_password=seven+grey+herons+at+dusk"),
    ("account/preferences", People, "language=en-US&currency="),
    ("account/sessions", People, ""),
    ("account/log-out-there", People, "handle=0"),
    ("account/log-out-elsewhere", People, ""),
    ("account/leaving", People, ""),
    ("account/delete", People, "address=nobody%40post.example"),
    ("catalog/home", Everybody, ""),
    ("catalog/discover", Everybody, ""),
    ("catalog/browse", Everybody, "asked[text]=bell"),
    ("catalog/choices", Everybody, ""),
    ("catalog/suggest", Everybody, "text=bell"),
    ("catalog/named", Everybody, "text=bell"),
    ("catalog/categories", Everybody, ""),
    ("catalog/product", Everybody, "slug={slug}"),
    ("catalog/availability", Everybody, "slug={slug}"),
    ("catalog/person", Everybody, "slug=nobody"),
    ("catalog/series", Everybody, "slug=nothing"),
    ("reviews/of-title", Everybody, "slug={slug}"),
    ("reviews/rate", People, "slug=no-such-title&story=5&performance=5&text="),
    ("reviews/remove", People, "slug=no-such-title"),
    ("reviews/report", People, "id={nothing}"),
    ("admin/reviews", Admins, ""),
    ("admin/hide-review", Admins, "id={nothing}&reason=A"),
    ("admin/show-review", Admins, "id={nothing}"),
    ("cart/get", Everybody, ""),
    ("cart/count", Everybody, ""),
    ("cart/add", Everybody, "slug=no-such-title"),
    ("cart/remove", Everybody, "slug=no-such-title"),
    ("cart/coupon", Everybody, "coupon=NONE"),
    ("cart/drop-coupon", Everybody, ""),
    ("wishlist/wished", Everybody, ""),
    ("wishlist/get", People, ""),
    ("wishlist/set", People, "slug=no-such-title&wanted=true"),
    ("wishlist/mails", People, "wanted=true"),
    ("admin/sales", Admins, ""),
    ("admin/promotion-choices", Admins, ""),
    ("admin/sale", Admins, "id={nothing}"),
    ("admin/save-sale", Admins, "form[name]=&form[percent]=&form[price]=&form[starts]=&form[ends]="),
    ("admin/end-sale", Admins, "id={nothing}"),
    ("admin/coupons", Admins, ""),
    (
        "admin/make-coupon",
        Admins,
        "form[code]=!&form[percent]=&form[amount]=&form[minimum]=&form[max_uses]=&form[starts]=&form[ends]=",
    ),
    ("admin/switch-off-coupon", Admins, "id={nothing}"),
    ("admin/taxes", Admins, ""),
    ("admin/save-tax", Admins, "form[country]=&form[name]=&form[rate]="),
    ("admin/remove-tax", Admins, "country=DE"),
    ("admin/save-tax-mode", Admins, "added=false"),
    ("admin/bundles", Admins, ""),
    ("admin/bundle", Admins, "id={nothing}"),
    ("admin/save-bundle", Admins, "form[name]=&form[price]=&form[titles]=&form[starts]=&form[ends]="),
    ("admin/end-bundle", Admins, "id={nothing}"),
    ("cart/add-bundle", Everybody, "id={nothing}"),
    ("gifts/form", Everybody, "slug={slug}"),
    ("gifts/buy", People, "slug=no-such-title&form[recipient]=&form[sender]=&key=0&total_minor=0"),
    ("gifts/link", Owner, "number={order}"),
    ("gifts/resend", People, "number=L-2222-2222&recipient=kim%40post.example"),
    // Who has the code is who it is for, and codes are not guessed.
    ("gifts/open", Everybody, "code=2222"),
    ("gifts/look", Everybody, "code=2222"),
    ("gifts/accept", People, "code=2222"),
    ("orders/checkout-form", Everybody, ""),
    ("orders/checkout", People, "key=0&total_minor=0&card=&withdrawal="),
    ("shop/legal-page", Everybody, "page=terms"),
    ("shop/sold-by", Everybody, ""),
    ("admin/seller", Admins, ""),
    ("admin/save-seller", Admins, "form[name]=&form[address]="),
    ("admin/legal-text", Admins, "page=terms"),
    ("admin/save-legal-text", Admins, "page=nothing&text="),
    ("orders/list", People, ""),
    ("orders/purchases", People, ""),
    ("orders/get", Owner, "number={order}"),
    ("orders/invoice", Owner, "number={order}"),
    ("orders/make-invoice", Owner, "number={order}&form[name]=Kim&form[address]=&form[tax_number]="),
    ("orders/give-up", Owner, "number={order}"),
    ("library/now", Everybody, ""),
    ("library/list", People, ""),
    ("library/listening", Owner, "slug={slug}"),
    ("library/segments", Owner, "slug={slug}&from_ms=0&to_ms=10000"),
    ("library/find", Owner, "slug={slug}&text=bell"),
    ("library/find-everywhere", People, "text=bell"),
    (
        "library/save-position",
        Owner,
        r#"{"audiobook_id":"{title}","position":{"position_ms":1000,"taken_at":1,"speed_percent":100,"finished":false}}"#,
    ),
    ("admin/dashboard", Admins, ""),
    ("admin/titles", Admins, ""),
    ("admin/latest-titles", Admins, ""),
    ("admin/change-titles", Admins, "key={nothing}&action=publish"),
    ("admin/changed-titles", Admins, "id={nothing}"),
    ("admin/duplicate-title", Admins, "id={nothing}"),
    ("admin/draft-contents", Admins, "id={nothing}"),
    ("admin/delete-draft", Admins, "id={nothing}"),
    ("admin/schedule", Admins, "id={nothing}&publish_at=2026-11-20T09%3A30"),
    ("admin/unschedule", Admins, "id={nothing}"),
    ("admin/categories", Admins, ""),
    ("admin/create-category", Admins, "name="),
    ("admin/starter-categories", Admins, ""),
    ("admin/save-category", Admins, "id={nothing}&name=A"),
    ("admin/move-category", Admins, "id={nothing}&up=true"),
    ("admin/merge-category", Admins, "id={nothing}&into="),
    ("admin/delete-category", Admins, "id={nothing}"),
    ("admin/contributors", Admins, ""),
    ("admin/contributor", Admins, "id={nothing}"),
    ("admin/save-contributor", Admins, "id={nothing}&name=A"),
    ("admin/merge-contributor", Admins, "id={nothing}&into=B"),
    ("admin/series", Admins, ""),
    ("admin/one-series", Admins, "id={nothing}"),
    ("admin/save-series", Admins, "id={nothing}&name=A"),
    ("admin/number-series", Admins, "id={nothing}"),
    ("admin/move-in-series", Admins, "id={nothing}&title={nothing}&up=true"),
    ("admin/merge-series", Admins, "id={nothing}&into=B"),
    ("admin/delete-series", Admins, "id={nothing}"),
    ("shop/settings", Everybody, ""),
    ("shop/choose-currency", Everybody, "currency=EUR&next=%2Fbrowse"),
    ("admin/save-settings", Admins, "name="),
    ("admin/switches", Admins, ""),
    ("admin/save-switch", Admins, "form[flag]=nothing&form[rule]=&form[percent]="),
    ("admin/opening", Admins, ""),
    ("admin/try-mail", Admins, ""),
    ("admin/try-models", Admins, ""),
    ("admin/create-draft", Admins, "title="),
    ("admin/title", Admins, "id={nothing}"),
    ("admin/save-title", Admins, "id={nothing}&{form}"),
    ("admin/use-proposal", Admins, "id={nothing}&version=1"),
    ("admin/publish", Admins, "id={nothing}"),
    ("admin/unpublish", Admins, "id={nothing}"),
    ("admin/archive", Admins, "id={nothing}"),
    ("pictures/view", Admins, "family=titles&id={nothing}"),
    ("pictures/remove", Admins, "family=titles&id={nothing}"),
    ("pictures/use-embedded", Admins, "id={nothing}"),
    ("production/view", Admins, "id={nothing}"),
    ("production/transcript-preview", Admins, "id={nothing}"),
    ("production/resume", Admins, "id={nothing}"),
    ("production/redo", Admins, "id={nothing}&step=probe"),
    ("production/cancel", Admins, "id={nothing}"),
    ("production/parts", Admins, "id={nothing}"),
    ("production/order-parts", Admins, "id={nothing}&order=&version=1"),
    ("production/move-part", Admins, "id={nothing}&part={nothing}&up=true&version=1"),
    ("production/remove-part", Admins, "id={nothing}&part={nothing}&version=1"),
    ("production/forget-upload", Admins, "id={nothing}&upload={nothing}"),
    ("production/workers", Admins, ""),
    ("production/sample", Admins, "id={nothing}"),
    ("editing/desk", Admins, "id={nothing}"),
    ("editing/sentence", Admins, "id={nothing}&sentence={nothing}&version=0&change=drop"),
    ("editing/undo", Admins, "id={nothing}&edit={nothing}"),
    ("editing/find", Admins, "id={nothing}&find=bell"),
    ("editing/replace", Admins, "id={nothing}&find=bell"),
    ("chapters/kept", Admins, "id={nothing}"),
    ("chapters/add", Admins, "id={nothing}&title=Dawn&start=0"),
    ("chapters/change", Admins, "id={nothing}&chapter={nothing}&title=Dawn&start=0"),
    ("chapters/headings", Admins, "id={nothing}"),
    ("review/places", Admins, "id={nothing}"),
    ("review/decide", Admins, "id={nothing}&place={nothing}"),
    ("uploads/unfinished", Admins, ""),
    ("uploads/begin-title", Admins, "title="),
    ("office/report", Admins, ""),
    ("office/orders", Admins, ""),
    ("office/order", Admins, "number=L-2222-2222"),
    ("office/refund", Admins, "number=L-2222-2222"),
    ("office/note", Admins, "number=L-2222-2222"),
    ("office/resend-receipt", Admins, "number=L-2222-2222"),
    ("users/list", Admins, ""),
    ("users/get", Admins, "id={nothing}"),
    ("users/set-permissions", Admins, "id={nothing}"),
    ("admin/webhooks", Admins, ""),
    ("admin/webhook", Admins, "id={nothing}"),
    ("admin/add-webhook", Admins, "address=nowhere"),
    ("admin/change-webhook", Admins, "id={nothing}&address=nowhere"),
    ("admin/switch-webhook", Admins, "id={nothing}&on=true"),
    ("admin/renew-webhook-secret", Admins, "id={nothing}"),
    ("admin/remove-webhook", Admins, "id={nothing}"),
    ("admin/providers", Admins, ""),
    ("admin/provider", Admins, "id={nothing}"),
    (
        "admin/add-provider",
        Admins,
        "form[purpose]=speech&form[name]=&form[address]=nowhere&form[model]=&form[time_limit]=60&form[tries]=3&form[currency]=USD&form[price_in]=",
    ),
    (
        "admin/change-provider",
        Admins,
        "id={nothing}&version=1&form[name]=&form[address]=nowhere&form[model]=&form[time_limit]=60&form[tries]=3&form[currency]=USD&form[price_in]=",
    ),
    ("admin/switch-provider", Admins, "id={nothing}&on=true"),
    ("admin/move-provider", Admins, "id={nothing}&up=true"),
    ("admin/remove-provider", Admins, "id={nothing}"),
    ("admin/wanted-models", Admins, ""),
    ("admin/fetch-model", Admins, "name=nothing"),
    ("admin/call-off-model", Admins, "name=nothing"),
    ("admin/resend-webhook-message", Admins, "id={nothing}&message={nothing}"),
    ("jobs/list", Admins, ""),
    ("jobs/requeue", Admins, "id={nothing}"),
    ("jobs/requeue-kind", Admins, "kind=nothing"),
    ("jobs/cancel", Admins, "id={nothing}"),
    ("audit/trail", Admins, ""),
    ("setup/open", Everybody, ""),
    ("setup/first-admin", Everybody, "code=0&name=Kim&email=kim%40post.example&password=seven+grey+herons+at+dusk"),
    ("account/login-code", Everybody, "code=000000"),
    ("account/reauthentication-factors", People, ""),
    ("account/google-offered", Everybody, ""),
    ("account/google", People, ""),
    ("account/unlink-google", People, ""),
    ("account/reauthenticate", People, "password=not+the+password"),
    ("account/tokens", People, ""),
    ("account/make-token", People, "name=&last_day="),
    ("account/revoke-token", People, "id={nothing}"),
    ("account/two-factor", People, ""),
    ("account/two-factor/begin", People, ""),
    ("account/two-factor/on", People, "code=000000"),
    ("account/two-factor/renew-codes", People, ""),
    ("account/two-factor/keep-codes", People, ""),
    ("users/disable-two-factor", Admins, "id={nothing}"),
    ("users/log-out", Admins, "id={nothing}"),
    // This one gives a new session in place of the one that asks; those after it end it.
    ("account/two-factor/off", People, ""),
    ("account/log-out-everywhere", People, ""),
    ("account/logout", Everybody, ""),
];

/// A form that can be read, for a title that is not there.
pub(super) const FORM: &str = "form[title]=A&form[subtitle]=&form[authors]=&form[narrators]=&form[series]=&form[series_position]=\
    &form[description]=&form[language]=en&form[price]=&form[sale_price]=&form[categories][0]=&form[text_rights]=none\
    &form[sample_start]=&form[sample_end]=&form[version]=1";

/// Everything else: the address as the router has it, the methods that it takes, whom it is for, and one that exists.
const ROUTES: &[(&str, &[Method], For, &str)] = &[
    ("/", &[Method::GET], Everybody, "/"),
    ("/discover", &[Method::GET], Everybody, "/discover?category=fiction"),
    ("/browse", &[Method::GET], Everybody, "/browse?q=bell"),
    ("/books/{slug}", &[Method::GET], Everybody, "/books/{slug}"),
    // A guest is asked to log in.
    ("/books/{slug}/gift", &[Method::GET], Everybody, "/books/{slug}/gift"),
    ("/gift", &[Method::GET], Everybody, "/gift"),
    ("/gift/{code}", &[Method::GET], Everybody, "/gift/2222"),
    ("/people/{slug}", &[Method::GET], Everybody, "/people/nobody"),
    ("/series/{slug}", &[Method::GET], Everybody, "/series/nothing"),
    ("/cart", &[Method::GET], Everybody, "/cart"),
    // A guest is asked to log in, and keeps the cart.
    ("/checkout", &[Method::GET], Everybody, "/checkout"),
    ("/orders", &[Method::GET], People, "/orders"),
    ("/orders/{number}", &[Method::GET], Owner, "/orders/{order}"),
    ("/orders/{number}/invoice", &[Method::GET], Owner, "/orders/{order}/invoice"),
    ("/orders/{number}/invoice.pdf", &[Method::GET], Owner, "/orders/{order}/invoice.pdf"),
    ("/orders/{number}/receipt.pdf", &[Method::GET], Owner, "/orders/{order}/receipt.pdf"),
    // Only the buyer; it leads on to the provider, or back to what is paid.
    ("/orders/{number}/pay", &[Method::GET], People, "/orders/{order}/pay"),
    // Only the buyer, while the simulated bank waits for them.
    ("/orders/{number}/bank", &[Method::GET, Method::POST], People, "/orders/{order}/bank"),
    // Not there, in a shop without Stripe. `payments/tests` tries it in one with it.
    ("/webhooks/stripe", &[Method::POST], Everybody, "/webhooks/stripe"),
    ("/library", &[Method::GET], People, "/library"),
    ("/library/{slug}", &[Method::GET], Owner, "/library/{slug}"),
    ("/login", &[Method::GET], Everybody, "/login"),
    ("/login/code", &[Method::GET], Everybody, "/login/code"),
    // Not there, in a shop without Google. `google/tests` tries them in one with it.
    ("/login/google", &[Method::GET], Everybody, "/login/google"),
    ("/login/google/callback", &[Method::GET], Everybody, "/login/google/callback"),
    ("/account/purchases", &[Method::GET], People, "/account/purchases"),
    ("/account/google", &[Method::GET], People, "/account/google"),
    ("/setup", &[Method::GET], Everybody, "/setup"),
    ("/site.webmanifest", &[Method::GET], Everybody, "/site.webmanifest"),
    ("/confirm", &[Method::GET], People, "/confirm"),
    ("/account/two-factor", &[Method::GET], People, "/account/two-factor"),
    ("/register", &[Method::GET], Everybody, "/register"),
    ("/forgot-password", &[Method::GET], Everybody, "/forgot-password"),
    ("/reset-password", &[Method::GET], Everybody, "/reset-password?token=0"),
    ("/verify-email", &[Method::GET], Everybody, "/verify-email?token=0"),
    ("/account", &[Method::GET], People, "/account"),
    ("/account/tokens", &[Method::GET], People, "/account/tokens"),
    ("/account/delete", &[Method::GET], People, "/account/delete"),
    ("/account/data.json", &[Method::GET], People, "/account/data.json"),
    ("/admin", &[Method::GET], Admins, "/admin"),
    ("/admin/figures", &[Method::GET], Admins, "/admin/figures"),
    ("/admin/figures.csv", &[Method::GET], Admins, "/admin/figures.csv"),
    ("/admin/figures/titles.csv", &[Method::GET], Admins, "/admin/figures/titles.csv"),
    ("/admin/mail", &[Method::GET], Admins, "/admin/mail"),
    ("/admin/mail/{id}", &[Method::GET], Admins, "/admin/mail/{nothing}"),
    ("/admin/mail/{id}/html", &[Method::GET], Admins, "/admin/mail/{nothing}/html"),
    ("/admin/titles", &[Method::GET], Admins, "/admin/titles"),
    ("/admin/titles/{id}", &[Method::GET], Admins, "/admin/titles/{nothing}"),
    ("/admin/categories", &[Method::GET], Admins, "/admin/categories"),
    ("/admin/categories/{id}", &[Method::GET], Admins, "/admin/categories/{nothing}"),
    ("/admin/contributors", &[Method::GET], Admins, "/admin/contributors"),
    ("/admin/contributors/{id}", &[Method::GET], Admins, "/admin/contributors/{nothing}"),
    ("/admin/titles/{id}/delete", &[Method::GET], Admins, "/admin/titles/{nothing}/delete"),
    ("/admin/bulk/{id}", &[Method::GET], Admins, "/admin/bulk/{nothing}"),
    ("/admin/series", &[Method::GET], Admins, "/admin/series"),
    ("/admin/series/{id}", &[Method::GET], Admins, "/admin/series/{nothing}"),
    ("/admin/reviews", &[Method::GET], Admins, "/admin/reviews"),
    ("/wishlist", &[Method::GET], People, "/wishlist"),
    ("/admin/sales", &[Method::GET], Admins, "/admin/sales"),
    ("/admin/sales/{id}", &[Method::GET], Admins, "/admin/sales/{nothing}"),
    ("/admin/bundles", &[Method::GET], Admins, "/admin/bundles"),
    ("/admin/bundles/{id}", &[Method::GET], Admins, "/admin/bundles/{nothing}"),
    ("/admin/coupons", &[Method::GET], Admins, "/admin/coupons"),
    ("/admin/settings", &[Method::GET], Admins, "/admin/settings"),
    ("/admin/taxes", &[Method::GET], Admins, "/admin/taxes"),
    ("/admin/legal", &[Method::GET], Admins, "/admin/legal"),
    ("/admin/legal/{page}", &[Method::GET], Admins, "/admin/legal/terms"),
    ("/admin/webhooks", &[Method::GET], Admins, "/admin/webhooks"),
    ("/admin/webhooks/{id}", &[Method::GET], Admins, "/admin/webhooks/{nothing}"),
    ("/terms", &[Method::GET], Everybody, "/terms"),
    ("/privacy", &[Method::GET], Everybody, "/privacy"),
    ("/contact", &[Method::GET], Everybody, "/contact"),
    ("/withdrawal", &[Method::GET], Everybody, "/withdrawal"),
    ("/cookies", &[Method::GET], Everybody, "/cookies"),
    ("/admin/titles/{id}/text", &[Method::GET], Admins, "/admin/titles/{nothing}/text"),
    ("/admin/titles/{id}/editor", &[Method::GET], Admins, "/admin/titles/{nothing}/editor"),
    ("/admin/titles/{id}/replace", &[Method::GET], Admins, "/admin/titles/{nothing}/replace"),
    ("/admin/titles/{id}/chapters", &[Method::GET], Admins, "/admin/titles/{nothing}/chapters"),
    ("/admin/models", &[Method::GET], Admins, "/admin/models"),
    ("/admin/providers/{id}", &[Method::GET], Admins, "/admin/providers/{nothing}"),
    // Where they lead, those are asked who come.
    ("/admin/people", &[Method::GET], Everybody, "/admin/people?q=ada"),
    ("/admin/people/{id}", &[Method::GET], Everybody, "/admin/people/{nothing}"),
    ("/account/second-step", &[Method::GET], Everybody, "/account/second-step"),
    ("/admin/orders", &[Method::GET], Admins, "/admin/orders"),
    ("/admin/orders/{number}", &[Method::GET], Admins, "/admin/orders/L-2222-2222"),
    ("/admin/users", &[Method::GET], Admins, "/admin/users"),
    ("/admin/users/{id}", &[Method::GET], Admins, "/admin/users/{nothing}"),
    ("/admin/jobs", &[Method::GET], Admins, "/admin/jobs"),
    ("/admin/audit", &[Method::GET], Admins, "/admin/audit"),
    ("/admin/audit.csv", &[Method::GET], Admins, "/admin/audit.csv"),
    ("/listen/{audiobook}/parts/{number}", &[Method::GET, Method::HEAD], Owner, "/listen/{title}/parts/0"),
    ("/download/{audiobook}/parts/{number}", &[Method::GET, Method::HEAD], Owner, "/download/{title}/parts/0"),
    ("/download/{audiobook}/{file}", &[Method::GET], Owner, "/download/{title}/transcript.vtt"),
    ("/samples/{slug}", &[Method::GET, Method::HEAD], Everybody, "/samples/{slug}"),
    ("/covers/{name}", &[Method::GET], Everybody, "/covers/{slug}.svg"),
    ("/covers/{slug}/{file}", &[Method::GET], Everybody, "/covers/{slug}/512.png"),
    ("/portraits/{slug}/{file}", &[Method::GET], Everybody, "/portraits/nobody/320.webp"),
    ("/admin/pictures/{of}/{id}", &[Method::POST], Admins, "/admin/pictures/titles/{nothing}"),
    ("/uploads", &[Method::OPTIONS], Everybody, "/uploads"),
    ("/uploads", &[Method::POST], Admins, "/uploads"),
    ("/uploads/{id}", &[Method::OPTIONS], Everybody, "/uploads/{nothing}"),
    ("/uploads/{id}", &[Method::HEAD, Method::PATCH, Method::DELETE, Method::POST], Admins, "/uploads/{nothing}"),
    ("/pkg/{*file}", &[Method::GET], Everybody, "/pkg/nothing.js"),
    ("/fonts/{*file}", &[Method::GET], Everybody, "/fonts/nothing.woff2"),
    ("/swagger-ui/{*file}", &[Method::GET], Everybody, "/swagger-ui/nothing.js"),
    ("/favicon.svg", &[Method::GET], Everybody, "/favicon.svg"),
    ("/apple-touch-icon.png", &[Method::GET], Everybody, "/apple-touch-icon.png"),
    ("/healthz", &[Method::GET], Everybody, "/healthz"),
    ("/readyz", &[Method::GET], Everybody, "/readyz"),
    ("/api/v1", &[Method::GET], Everybody, "/api/v1/nothing"),
    ("/api/v1/auth/register", &[Method::POST], Everybody, "/api/v1/auth/register"),
    ("/api/v1/auth/login", &[Method::POST], Everybody, "/api/v1/auth/login"),
    ("/api/v1/auth/google-login", &[Method::POST], Everybody, "/api/v1/auth/google-login"),
    ("/api/v1/auth/refresh", &[Method::POST], Everybody, "/api/v1/auth/refresh"),
    ("/api/v1/auth/revoke", &[Method::POST], Everybody, "/api/v1/auth/revoke"),
    ("/api/v1/auth/validate", &[Method::POST], Everybody, "/api/v1/auth/validate"),
    ("/api/v1/auth/password-reset", &[Method::POST], Everybody, "/api/v1/auth/password-reset"),
    ("/api/v1/auth/password-reset/confirm", &[Method::POST], Everybody, "/api/v1/auth/password-reset/confirm"),
    ("/api/v1/auth/password-strength", &[Method::POST], Everybody, "/api/v1/auth/password-strength"),
    ("/api/v1/shop", &[Method::GET], Everybody, "/api/v1/shop"),
    ("/api/v1/legal/{page}", &[Method::GET], Everybody, "/api/v1/legal/terms"),
    // What is not signed is not believed.
    ("/api/v1/webhooks/{provider}", &[Method::POST], Everybody, "/api/v1/webhooks/stripe"),
    ("/api/v1/audiobooks/upload", &[Method::POST], Programs, "/api/v1/audiobooks/upload"),
    ("/api/v1/uploads", &[Method::GET], Programs, "/api/v1/uploads"),
    ("/api/v1/audiobooks/{which}/proposal", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/proposal"),
    ("/api/v1/audiobooks/{which}/proposal/use", &[Method::POST], Programs, "/api/v1/audiobooks/{nothing}/proposal/use"),
    ("/api/v1/categories/starters", &[Method::POST], Programs, "/api/v1/categories/starters"),
    ("/api/v1/audiobooks/{which}/production", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/production"),
    (
        "/api/v1/audiobooks/{which}/production/resume",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/production/resume",
    ),
    (
        "/api/v1/audiobooks/{which}/production/cancel",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/production/cancel",
    ),
    (
        "/api/v1/audiobooks/{which}/production/steps/{step}/redo",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/production/steps/probe/redo",
    ),
    ("/api/v1/audiobooks/{which}/parts", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/parts"),
    ("/api/v1/audiobooks/{which}/parts/order", &[Method::PUT], Programs, "/api/v1/audiobooks/{nothing}/parts/order"),
    (
        "/api/v1/audiobooks/{which}/parts/{part}",
        &[Method::DELETE],
        Programs,
        "/api/v1/audiobooks/{nothing}/parts/{nothing}",
    ),
    (
        "/api/v1/audiobooks/{which}/uploads/{upload}",
        &[Method::DELETE],
        Programs,
        "/api/v1/audiobooks/{nothing}/uploads/{nothing}",
    ),
    ("/api/v1/audiobooks/{which}/transcript", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/transcript"),
    (
        "/api/v1/audiobooks/{which}/review-places",
        &[Method::GET],
        Programs,
        "/api/v1/audiobooks/{nothing}/review-places",
    ),
    (
        "/api/v1/audiobooks/{which}/review-places/{place}",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/review-places/{nothing}",
    ),
    (
        "/api/v1/audiobooks/{which}/sample-preview",
        &[Method::GET],
        Programs,
        "/api/v1/audiobooks/{nothing}/sample-preview",
    ),
    ("/api/v1/audiobooks/{which}/sentences", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/sentences"),
    (
        "/api/v1/audiobooks/{which}/sentences/{sentence}",
        &[Method::GET, Method::PATCH],
        Programs,
        "/api/v1/audiobooks/{nothing}/sentences/{nothing}",
    ),
    (
        "/api/v1/audiobooks/{which}/sentences/{sentence}/join",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/sentences/{nothing}/join",
    ),
    (
        "/api/v1/audiobooks/{which}/sentences-found",
        &[Method::GET],
        Programs,
        "/api/v1/audiobooks/{nothing}/sentences-found?find=bell",
    ),
    (
        "/api/v1/audiobooks/{which}/sentences-found/replace",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/sentences-found/replace",
    ),
    ("/api/v1/audiobooks/{which}/edits", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/edits"),
    ("/api/v1/audiobooks/{which}/edits/undo", &[Method::POST], Programs, "/api/v1/audiobooks/{nothing}/edits/undo"),
    (
        "/api/v1/audiobooks/{which}/kept-chapters",
        &[Method::GET, Method::PUT],
        Programs,
        "/api/v1/audiobooks/{nothing}/kept-chapters",
    ),
    ("/api/v1/audiobooks/{which}/headings", &[Method::GET], Programs, "/api/v1/audiobooks/{nothing}/headings"),
    ("/api/v1/admin/workers", &[Method::GET], Programs, "/api/v1/admin/workers"),
    ("/api/v1/orders/{number}/refund", &[Method::POST], Programs, "/api/v1/orders/{order}/refund"),
    ("/api/v1/admin/orders", &[Method::GET], Programs, "/api/v1/admin/orders"),
    ("/api/v1/admin/orders/{number}", &[Method::GET], Programs, "/api/v1/admin/orders/{order}"),
    ("/api/v1/admin/orders/{number}/notes", &[Method::POST], Programs, "/api/v1/admin/orders/{order}/notes"),
    ("/api/v1/admin/orders/{number}/receipt", &[Method::POST], Programs, "/api/v1/admin/orders/{order}/receipt"),
    ("/api/v1/admin/orders/{number}/receipt.pdf", &[Method::GET], Programs, "/api/v1/admin/orders/{order}/receipt.pdf"),
    ("/api/v1/admin/orders/{number}/invoice.pdf", &[Method::GET], Programs, "/api/v1/admin/orders/{order}/invoice.pdf"),
    (
        "/api/v1/admin/orders/{number}/invoice",
        &[Method::GET, Method::POST],
        Programs,
        "/api/v1/admin/orders/{order}/invoice",
    ),
    ("/api/v1/admin/dashboard", &[Method::GET], Programs, "/api/v1/admin/dashboard"),
    ("/api/v1/admin/jobs", &[Method::GET], Programs, "/api/v1/admin/jobs"),
    ("/api/v1/admin/jobs/{id}/requeue", &[Method::POST], Programs, "/api/v1/admin/jobs/{nothing}/requeue"),
    ("/api/v1/admin/jobs/{id}/cancel", &[Method::POST], Programs, "/api/v1/admin/jobs/{nothing}/cancel"),
    ("/api/v1/admin/job-kinds/{kind}/requeue", &[Method::POST], Programs, "/api/v1/admin/job-kinds/nothing/requeue"),
    ("/api/v1/admin/audit", &[Method::GET], Programs, "/api/v1/admin/audit"),
    ("/api/v1/coupons", &[Method::GET, Method::POST], Programs, "/api/v1/coupons"),
    ("/api/v1/coupons/{id}", &[Method::DELETE], Programs, "/api/v1/coupons/{nothing}"),
    ("/api/v1/sales", &[Method::GET, Method::POST], Programs, "/api/v1/sales"),
    ("/api/v1/sales/{id}", &[Method::GET, Method::PATCH, Method::DELETE], Programs, "/api/v1/sales/{nothing}"),
    ("/api/v1/bundles", &[Method::GET, Method::POST], Programs, "/api/v1/bundles"),
    ("/api/v1/bundles/{id}", &[Method::GET, Method::PATCH, Method::DELETE], Programs, "/api/v1/bundles/{nothing}"),
    ("/api/v1/taxes", &[Method::GET, Method::PATCH], Programs, "/api/v1/taxes"),
    ("/api/v1/taxes/{country}", &[Method::PUT, Method::DELETE], Programs, "/api/v1/taxes/DE"),
    ("/api/v1/admin/users", &[Method::GET], Programs, "/api/v1/admin/users"),
    ("/api/v1/admin/users/{id}", &[Method::GET], Programs, "/api/v1/admin/users/{nothing}"),
    ("/api/v1/admin/users/{id}/permissions", &[Method::PUT], Programs, "/api/v1/admin/users/{nothing}/permissions"),
    ("/api/v1/admin/users/{id}/second-step", &[Method::DELETE], Programs, "/api/v1/admin/users/{nothing}/second-step"),
    ("/api/v1/admin/users/{id}/sessions", &[Method::DELETE], Programs, "/api/v1/admin/users/{nothing}/sessions"),
    ("/api/v1/admin/settings", &[Method::GET, Method::PATCH], Programs, "/api/v1/admin/settings"),
    ("/api/v1/admin/providers", &[Method::GET, Method::POST], Programs, "/api/v1/admin/providers"),
    (
        "/api/v1/admin/providers/{id}",
        &[Method::GET, Method::PATCH, Method::DELETE],
        Programs,
        "/api/v1/admin/providers/{nothing}",
    ),
    ("/api/v1/admin/providers/{id}/move", &[Method::POST], Programs, "/api/v1/admin/providers/{nothing}/move"),
    ("/api/v1/admin/models", &[Method::GET], Programs, "/api/v1/admin/models"),
    ("/api/v1/admin/models/{name}", &[Method::PUT, Method::DELETE], Programs, "/api/v1/admin/models/base.en"),
    ("/api/v1/admin/flags", &[Method::GET], Programs, "/api/v1/admin/flags"),
    ("/api/v1/admin/flags/{name}", &[Method::PATCH], Programs, "/api/v1/admin/flags/reviews"),
    ("/api/v1/users/me/address", &[Method::GET, Method::POST], Programs, "/api/v1/users/me/address"),
    ("/api/v1/users/me/address/move", &[Method::DELETE], Programs, "/api/v1/users/me/address/move"),
    ("/api/v1/users/me/address/mail", &[Method::POST], Programs, "/api/v1/users/me/address/mail"),
    ("/api/v1/users/me/google", &[Method::GET, Method::PUT, Method::DELETE], Programs, "/api/v1/users/me/google"),
    ("/api/v1/users/me/deletion", &[Method::GET], Programs, "/api/v1/users/me/deletion"),
    ("/api/v1/users/me/data", &[Method::GET], Programs, "/api/v1/users/me/data"),
    ("/api/v1/admin/seller", &[Method::GET, Method::PUT], Programs, "/api/v1/admin/seller"),
    ("/api/v1/admin/legal/{page}", &[Method::GET, Method::PUT], Programs, "/api/v1/admin/legal/terms"),
    ("/api/v1/admin/opening", &[Method::GET], Programs, "/api/v1/admin/opening"),
    ("/api/v1/admin/trials/{of}", &[Method::POST], Programs, "/api/v1/admin/trials/mail"),
    ("/api/v1/users/me/password", &[Method::PUT], Programs, "/api/v1/users/me/password"),
    ("/api/v1/users/me/sessions/others", &[Method::DELETE], Programs, "/api/v1/users/me/sessions/others"),
    ("/api/v1/auth/confirm-address", &[Method::POST], Everybody, "/api/v1/auth/confirm-address"),
    ("/api/v1/users/me/tokens", &[Method::GET, Method::POST], Programs, "/api/v1/users/me/tokens"),
    ("/api/v1/users/me/tokens/{id}", &[Method::DELETE], Programs, "/api/v1/users/me/tokens/{nothing}"),
    ("/api/v1/admin/webhooks", &[Method::GET, Method::POST], Programs, "/api/v1/admin/webhooks"),
    (
        "/api/v1/admin/webhooks/{id}",
        &[Method::GET, Method::PATCH, Method::DELETE],
        Programs,
        "/api/v1/admin/webhooks/{nothing}",
    ),
    ("/api/v1/admin/webhooks/{id}/secret", &[Method::POST], Programs, "/api/v1/admin/webhooks/{nothing}/secret"),
    ("/api/v1/admin/webhooks/{id}/messages", &[Method::GET], Programs, "/api/v1/admin/webhooks/{nothing}/messages"),
    (
        "/api/v1/admin/webhooks/{id}/messages/{message}/resend",
        &[Method::POST],
        Programs,
        "/api/v1/admin/webhooks/{nothing}/messages/{nothing}/resend",
    ),
    ("/api/v1/audiobooks", &[Method::GET], Everybody, "/api/v1/audiobooks?limit=2"),
    ("/api/v1/audiobooks", &[Method::POST], Programs, "/api/v1/audiobooks"),
    ("/api/v1/audiobooks/{which}", &[Method::GET], Everybody, "/api/v1/audiobooks/{slug}"),
    ("/api/v1/audiobooks/{which}", &[Method::PATCH, Method::DELETE], Programs, "/api/v1/audiobooks/{nothing}"),
    ("/api/v1/audiobooks/{which}/chapters", &[Method::GET], Everybody, "/api/v1/audiobooks/{slug}/chapters"),
    ("/api/v1/audiobooks/{which}/reviews", &[Method::GET], Everybody, "/api/v1/audiobooks/{slug}/reviews"),
    (
        "/api/v1/audiobooks/{which}/reviews/mine",
        &[Method::GET, Method::PUT, Method::DELETE],
        Programs,
        "/api/v1/audiobooks/{slug}/reviews/mine",
    ),
    (
        "/api/v1/audiobooks/{which}/cover",
        &[Method::PUT, Method::DELETE],
        Programs,
        "/api/v1/audiobooks/{nothing}/cover",
    ),
    (
        "/api/v1/audiobooks/{which}/cover/use-embedded",
        &[Method::POST],
        Programs,
        "/api/v1/audiobooks/{nothing}/cover/use-embedded",
    ),
    ("/api/v1/audiobooks/{which}/publish", &[Method::POST], Programs, "/api/v1/audiobooks/{nothing}/publish"),
    ("/api/v1/audiobooks/{which}/unpublish", &[Method::POST], Programs, "/api/v1/audiobooks/{nothing}/unpublish"),
    (
        "/api/v1/audiobooks/{which}/schedule",
        &[Method::POST, Method::DELETE],
        Programs,
        "/api/v1/audiobooks/{nothing}/schedule",
    ),
    ("/api/v1/audiobooks/{which}/duplicate", &[Method::POST], Programs, "/api/v1/audiobooks/{nothing}/duplicate"),
    ("/api/v1/reviews/{id}/report", &[Method::POST], Programs, "/api/v1/reviews/{nothing}/report"),
    ("/api/v1/search", &[Method::GET], Everybody, "/api/v1/search?text=bell"),
    ("/api/v1/rates", &[Method::GET], Everybody, "/api/v1/rates"),
    ("/api/v1/public/dashboard", &[Method::GET], Everybody, "/api/v1/public/dashboard"),
    ("/api/v1/categories", &[Method::GET], Everybody, "/api/v1/categories"),
    ("/api/v1/categories", &[Method::POST], Programs, "/api/v1/categories"),
    ("/api/v1/categories/{id}", &[Method::PATCH, Method::DELETE], Programs, "/api/v1/categories/{nothing}"),
    ("/api/v1/categories/{id}/merge", &[Method::POST], Programs, "/api/v1/categories/{nothing}/merge"),
    ("/api/v1/categories/{id}/move", &[Method::POST], Programs, "/api/v1/categories/{nothing}/move"),
    ("/api/v1/people", &[Method::GET], Everybody, "/api/v1/people"),
    ("/api/v1/people/{which}", &[Method::GET], Everybody, "/api/v1/people/nobody"),
    ("/api/v1/people/{which}", &[Method::PATCH], Programs, "/api/v1/people/{nothing}"),
    ("/api/v1/people/{which}/merge", &[Method::POST], Programs, "/api/v1/people/{nothing}/merge"),
    ("/api/v1/people/{which}/portrait", &[Method::PUT, Method::DELETE], Programs, "/api/v1/people/{nothing}/portrait"),
    ("/api/v1/series", &[Method::GET], Everybody, "/api/v1/series"),
    ("/api/v1/series/{which}", &[Method::GET], Everybody, "/api/v1/series/nothing"),
    ("/api/v1/series/{which}", &[Method::PATCH, Method::DELETE], Programs, "/api/v1/series/{nothing}"),
    ("/api/v1/series/{which}/merge", &[Method::POST], Programs, "/api/v1/series/{nothing}/merge"),
    ("/api/v1/series/{which}/order", &[Method::PUT], Programs, "/api/v1/series/{nothing}/order"),
    ("/api/v1/admin/audiobooks", &[Method::GET], Programs, "/api/v1/admin/audiobooks"),
    ("/api/v1/admin/audiobooks/{which}", &[Method::GET], Programs, "/api/v1/admin/audiobooks/{slug}"),
    (
        "/api/v1/admin/audiobooks/{which}/deletion",
        &[Method::GET],
        Programs,
        "/api/v1/admin/audiobooks/{nothing}/deletion",
    ),
    ("/api/v1/admin/audiobooks/bulk", &[Method::POST], Programs, "/api/v1/admin/audiobooks/bulk"),
    ("/api/v1/admin/audiobooks/bulk/{id}", &[Method::GET], Programs, "/api/v1/admin/audiobooks/bulk/{nothing}"),
    ("/api/v1/admin/reviews", &[Method::GET], Programs, "/api/v1/admin/reviews"),
    ("/api/v1/admin/reviews/{id}/hide", &[Method::POST], Programs, "/api/v1/admin/reviews/{nothing}/hide"),
    ("/api/v1/admin/reviews/{id}/show", &[Method::POST], Programs, "/api/v1/admin/reviews/{nothing}/show"),
    ("/api/v1/admin/categories", &[Method::GET], Programs, "/api/v1/admin/categories"),
    ("/api/v1/admin/categories/{id}", &[Method::GET], Programs, "/api/v1/admin/categories/{nothing}"),
    ("/api/v1/admin/people", &[Method::GET], Programs, "/api/v1/admin/people"),
    ("/api/v1/admin/people/{which}", &[Method::GET], Programs, "/api/v1/admin/people/{nothing}"),
    ("/api/v1/admin/series", &[Method::GET], Programs, "/api/v1/admin/series"),
    ("/api/v1/admin/series/{which}", &[Method::GET], Programs, "/api/v1/admin/series/{nothing}"),
    ("/api/v1/users/me", &[Method::GET, Method::PATCH, Method::DELETE], Programs, "/api/v1/users/me"),
    ("/api/v1/users/me/sessions", &[Method::GET, Method::DELETE], Programs, "/api/v1/users/me/sessions"),
    ("/api/v1/users/me/sessions/{id}", &[Method::DELETE], Programs, "/api/v1/users/me/sessions/{nothing}"),
    (
        "/api/v1/users/me/two-factor",
        &[Method::GET, Method::POST, Method::PUT, Method::DELETE],
        Programs,
        "/api/v1/users/me/two-factor",
    ),
    (
        "/api/v1/users/me/two-factor/recovery-codes",
        &[Method::POST, Method::PUT],
        Programs,
        "/api/v1/users/me/two-factor/recovery-codes",
    ),
    ("/api/v1/cart", &[Method::GET], Programs, "/api/v1/cart"),
    ("/api/v1/cart/add", &[Method::POST], Programs, "/api/v1/cart/add"),
    ("/api/v1/cart/{which}", &[Method::DELETE], Programs, "/api/v1/cart/{slug}"),
    ("/api/v1/cart/coupon", &[Method::PUT, Method::DELETE], Programs, "/api/v1/cart/coupon"),
    ("/api/v1/cart/bundles", &[Method::POST], Programs, "/api/v1/cart/bundles"),
    ("/api/v1/checkout", &[Method::POST], Programs, "/api/v1/checkout"),
    ("/api/v1/orders", &[Method::GET], Programs, "/api/v1/orders"),
    ("/api/v1/orders/{number}", &[Method::GET], Programs, "/api/v1/orders/{order}"),
    ("/api/v1/orders/{number}/gift", &[Method::GET], Programs, "/api/v1/orders/{order}/gift"),
    ("/api/v1/orders/{number}/gift/mail", &[Method::POST], Programs, "/api/v1/orders/{order}/gift/mail"),
    ("/api/v1/orders/{number}/cancel", &[Method::POST], Programs, "/api/v1/orders/{order}/cancel"),
    ("/api/v1/orders/{number}/invoice", &[Method::GET, Method::POST], Programs, "/api/v1/orders/{order}/invoice"),
    ("/api/v1/orders/{number}/receipt.pdf", &[Method::GET], Programs, "/api/v1/orders/{order}/receipt.pdf"),
    ("/api/v1/orders/{number}/invoice.pdf", &[Method::GET], Programs, "/api/v1/orders/{order}/invoice.pdf"),
    ("/api/v1/audiobooks/{which}/gift", &[Method::GET, Method::POST], Programs, "/api/v1/audiobooks/{slug}/gift"),
    // Who has the code is who it is for.
    ("/api/v1/gifts/{code}", &[Method::GET], Everybody, "/api/v1/gifts/2222"),
    ("/api/v1/gifts/{code}/accept", &[Method::POST], Programs, "/api/v1/gifts/2222/accept"),
    ("/api/v1/wishlist", &[Method::GET], Programs, "/api/v1/wishlist"),
    ("/api/v1/wishlist/{which}", &[Method::PUT, Method::DELETE], Programs, "/api/v1/wishlist/{slug}"),
    ("/api/v1/my-books", &[Method::GET], Programs, "/api/v1/my-books"),
    ("/api/v1/my-books/{which}", &[Method::GET], Programs, "/api/v1/my-books/{slug}"),
    ("/api/v1/my-books/search", &[Method::GET], Programs, "/api/v1/my-books/search?text=bell"),
    ("/api/v1/my-books/{which}/position", &[Method::PUT], Programs, "/api/v1/my-books/{slug}/position"),
    ("/api/v1/my-books/{which}/search", &[Method::GET], Programs, "/api/v1/my-books/{slug}/search?text=bell"),
    ("/api/v1/my-books/{which}/transcript", &[Method::GET], Programs, "/api/v1/my-books/{slug}/transcript"),
    ("/api/v1/my-books/{which}/bookmarks", &[Method::GET, Method::POST], Programs, "/api/v1/my-books/{slug}/bookmarks"),
    (
        "/api/v1/my-books/{which}/bookmarks/{id}",
        &[Method::PATCH, Method::DELETE],
        Programs,
        "/api/v1/my-books/{slug}/bookmarks/{nothing}",
    ),
    ("/api/v1/stats/me", &[Method::GET], Programs, "/api/v1/stats/me"),
    // Signed for one person: `api/listening` tries them.
    ("/api/v1/listen/{audiobook}/parts/{number}", &[Method::GET], Everybody, "/api/v1/listen/{nothing}/parts/0"),
    (
        "/api/v1/listen/{audiobook}/parts/{number}/download",
        &[Method::GET],
        Everybody,
        "/api/v1/listen/{nothing}/parts/0/download",
    ),
    (
        "/api/v1/listen/{audiobook}/transcript/{format}",
        &[Method::GET],
        Everybody,
        "/api/v1/listen/{nothing}/transcript/vtt",
    ),
    ("/api/v1/openapi.json", &[Method::GET], Everybody, "/api/v1/openapi.json"),
    ("/api/v1/docs", &[Method::GET], Everybody, "/api/v1/docs"),
    ("/api/v1/docs/plain", &[Method::GET], Everybody, "/api/v1/docs/plain"),
    ("/api/v1/docs/style.css", &[Method::GET], Everybody, "/api/v1/docs/style.css"),
    ("/api/v1/docs/try.js", &[Method::GET], Everybody, "/api/v1/docs/try.js"),
    ("/robots.txt", &[Method::GET], Everybody, "/robots.txt"),
    ("/sitemap.xml", &[Method::GET], Everybody, "/sitemap.xml"),
    ("/sitemaps/{name}", &[Method::GET], Everybody, "/sitemaps/titles-1.xml"),
    ("/feeds/{name}", &[Method::GET], Everybody, "/feeds/new.atom"),
    ("/feeds/categories/{name}", &[Method::GET], Everybody, "/feeds/categories/nothing.atom"),
    ("/feeds/people/{name}", &[Method::GET], Everybody, "/feeds/people/nobody.atom"),
    ("/opds", &[Method::GET], Everybody, "/opds"),
    ("/opds/titles", &[Method::GET], Everybody, "/opds/titles?query=bell"),
    ("/opds/titles/{slug}", &[Method::GET], Everybody, "/opds/titles/{slug}"),
    ("/.well-known/jwks.json", &[Method::GET], Everybody, "/.well-known/jwks.json"),
];

/// One request that everybody makes.
struct Try {
    whom: For,
    method: Method,
    path: String,
    body: Option<String>,
}

/// The whole shop with its sample titles, one of them bought.
struct Shop {
    router: Router,
    /// Addresses as the router has them.
    addresses: BTreeSet<String>,
    title: String,
    order: String,
    guest: String,
    stranger: String,
    buyer: String,
    admin: String,
    _folder: TempDir,
}

impl Shop {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::load(None).unwrap();
        config.data_dir = folder.path().to_path_buf();
        // All of them come from one place, and ask for everything.
        config.limits.set(domain::limits::Rule::Api, "off");
        let state = AppState::connect(config).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        seed::fill(&state, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed"), |_| {}).await.unwrap();
        let password = Password::parse(PASSWORD).unwrap();
        for name in ["buyer", "stranger"] {
            let email = format!("{name}@post.example").parse().unwrap();
            registration::register(&state.db, &email, name, &password).await.unwrap();
        }
        registration::create_admin(&state.db, &"admin@post.example".parse().unwrap(), "Ada", &password).await.unwrap();
        let title = domain::catalog::titles::id_of(&state.db, BOUGHT).await.unwrap();
        let router = router(state.clone());
        let mut shop = Self {
            addresses: addresses(&router),
            router,
            title: title.to_string(),
            order: String::new(),
            guest: String::new(),
            stranger: String::new(),
            buyer: String::new(),
            admin: String::new(),
            _folder: folder,
        };
        shop.stranger = shop.log_in("stranger").await;
        shop.buyer = shop.log_in("buyer").await;
        shop.admin = shop.log_in("admin").await;
        shop.buy().await;
        shop.make_out_invoice(&state).await;
        assert!(entitled(&state, title).await, "the buyer has bought nothing");
        shop
    }

    async fn log_in(&self, name: &str) -> String {
        let form = format!("email={name}%40post.example&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.ask("", &Method::POST, "/api/account/login", Some(&form)).await;
        assert_eq!(answer.status, StatusCode::OK, "{name} cannot log in: {}", answer.text());
        answer.cookies()
    }

    /// As a browser does it: cart, checkout, card.
    async fn buy(&mut self) {
        let added = self.ask(&self.buyer, &Method::POST, "/api/cart/add", Some(&format!("slug={BOUGHT}"))).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text());
        let form = self.ask(&self.buyer, &Method::GET, "/api/orders/checkout-form", None).await;
        let form: serde_json::Value = serde_json::from_slice(&form.body).unwrap();
        let (key, total) = (form["key"].as_str().unwrap(), form["cart"]["total"]["minor"].as_i64().unwrap());
        let pay = format!("key={key}&total_minor={total}&card=4242424242424242&withdrawal=1");
        let paid = self.ask(&self.buyer, &Method::POST, "/api/orders/checkout", Some(&pay)).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        let order: serde_json::Value = serde_json::from_slice(&paid.body).unwrap();
        self.order = order["number"].as_str().unwrap().to_owned();
    }

    async fn make_out_invoice(&self, state: &AppState) {
        use domain::invoices::{Billing, issue::issue, read::Asker};
        use domain::settings::legal::{Seller, keep};
        let seller = Seller { name: "Moss".to_owned(), address: "Quay 1".to_owned(), ..Seller::default() };
        keep::save_seller(&state.db, &seller).await.unwrap();
        let billing = Billing { name: "Kim".to_owned(), ..Billing::default() };
        issue(&state.db, Asker::Office, &self.order, &billing).await.unwrap();
    }

    async fn ask(&self, cookie: &str, method: &Method, path: &str, body: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "shop.example")
            .header("accept", if path.starts_with("/api/") { "application/json" } else { "text/html" })
            .header("tus-resumable", "1.0.0")
            .header("x-http-method-override", "PATCH");
        if !cookie.is_empty() {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = body {
            let json = body.starts_with('{');
            request = request
                .header("content-type", if json { "application/json" } else { "application/x-www-form-urlencoded" });
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_owned()));
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        // A page that streams may end early; what counts here is how it begins.
        let body = body.collect().await.map_or_else(|_| Bytes::new(), |body| body.to_bytes());
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{form}", &FORM.replace('[', "%5B").replace(']', "%5D"))
            .replace("{title}", &self.title)
            .replace("{slug}", BOUGHT)
            .replace("{order}", &self.order)
            .replace("{nothing}", NOTHING)
    }

    fn tries(&self) -> Vec<Try> {
        let methods: BTreeMap<&str, Method> = leptos::server_fn::axum::server_fn_paths().collect();
        let routes = ROUTES.iter().flat_map(|(_, methods, whom, path)| {
            methods.iter().map(|method| Try { whom: *whom, method: method.clone(), path: self.fill(path), body: None })
        });
        let functions = FUNCTIONS.iter().map(|(path, whom, arguments)| {
            let path = format!("/api/{path}");
            let arguments = self.fill(arguments);
            let method = methods.get(path.as_str()).unwrap_or_else(|| panic!("{path} is gone")).clone();
            if method == Method::GET {
                Try { whom: *whom, method, path: format!("{path}?{arguments}"), body: None }
            } else {
                Try { whom: *whom, method, path, body: Some(arguments) }
            }
        });
        routes.chain(functions).collect()
    }
}

async fn entitled(state: &AppState, title: Uuid) -> bool {
    use entitlements::{Column, Entity};
    use sea_orm::{ColumnTrait, QueryFilter};
    Entity::find().filter(Column::AudiobookId.eq(title)).one(state.db.read()).await.unwrap().is_some()
}

/// What a router answers to, as it says of itself: axum has no list to ask for, but prints one.
pub(super) fn addresses<S>(router: &Router<S>) -> BTreeSet<String> {
    let said = format!("{router:?}");
    let paths = said.split("RouteId(").filter_map(|piece| {
        let (id, rest) = piece.split_once("): \"")?;
        id.bytes().all(|byte| byte.is_ascii_digit()).then(|| rest.split('"').next().unwrap_or_default().to_owned())
    });
    paths.filter(|path| !path.contains("__private__axum")).collect()
}

#[tokio::test]
async fn every_address_says_whom_it_is_for() {
    let shop = Shop::open().await;
    let functions = FUNCTIONS.iter().map(|(path, ..)| format!("/api/{path}"));
    let known: BTreeSet<String> = ROUTES.iter().map(|(path, ..)| (*path).to_owned()).chain(functions).collect();
    assert!(shop.addresses.len() > 60, "the router does not print its addresses any more: {:?}", shop.addresses);
    let forgotten: Vec<_> = shop.addresses.difference(&known).collect();
    let gone: Vec<_> = known.difference(&shop.addresses).collect();
    assert!(forgotten.is_empty() && gone.is_empty(), "not in the list above: {forgotten:?}; no more: {gone:?}");
}

/// Keeps the session that an answer gives in place of the one that asked, as a browser does.
fn renew(cookie: &mut String, answer: &Answer) {
    let given = answer.cookies();
    let is_session = |pair: &&str| pair.starts_with("lectern=");
    let Some(session) = given.split("; ").find(is_session).filter(|pair| pair.len() > "lectern=".len()) else { return };
    if !cookie.is_empty() {
        let others = cookie.split("; ").filter(|pair| !is_session(pair));
        let renewed = others.chain([session]).collect::<Vec<_>>().join("; ");
        *cookie = renewed;
    }
}

#[tokio::test]
async fn nobody_a_stranger_the_buyer_and_an_admin_get_what_is_theirs_and_nothing_else() {
    let shop = Shop::open().await;
    let mut wrong = Vec::new();
    let mut people = [
        ("nobody", shop.guest.clone()),
        ("a stranger", shop.stranger.clone()),
        ("the buyer", shop.buyer.clone()),
        ("an admin", shop.admin.clone()),
    ];
    for Try { whom, method, path, body } in shop.tries() {
        for (who, cookie) in &mut people {
            let answer = shop.ask(cookie, &method, &path, body.as_deref()).await;
            let status = answer.status.as_u16();
            renew(cookie, &answer);
            let fits = match (whom, *who) {
                (People | Owner | Admins, "nobody") => status == 401 || answer.header("location").starts_with("/login"),
                (Admins, "a stranger" | "the buyer") => status == 403,
                (Owner, "a stranger") => matches!(status, 403 | 404),
                (Owner, "the buyer") => answer.status.is_success(),
                (Programs, _) => status == 401,
                _ => {
                    !matches!(status, 401 | 403 | 405)
                        && status < 500
                        && !answer.header("location").starts_with("/login?next")
                }
            };
            if !fits {
                let said: String = answer.text().chars().take(200).collect();
                wrong.push(format!("{who}: {method} {path} answered {status}, but it is for {whom:?}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How often everybody asks for every page: `LECTERN_CROWD_ROUNDS`, or a few times.
fn rounds() -> usize {
    std::env::var("LECTERN_CROWD_ROUNDS").map_or(3, |rounds| rounds.parse().expect("LECTERN_CROWD_ROUNDS is a number"))
}

/// Pages are drawn side by side on all threads. Whoever reads what is reactive after its page is done, or on another
/// thread, finds nothing there or what belongs to somebody else.
#[test]
fn a_crowd_gets_every_page_and_none_of_them_fails() {
    /// By it a panic of this crowd is told from one of another test.
    const CROWD: &str = "crowd";
    let panics = Arc::new(Mutex::new(Vec::new()));
    let (before, said) = (std::panic::take_hook(), panics.clone());
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(CROWD) {
            said.lock().unwrap().push(panic.to_string());
        }
        before(panic);
    }));
    let crowd = tokio::runtime::Builder::new_multi_thread().worker_threads(4).thread_name(CROWD).enable_all().build();
    crowd.unwrap().block_on(crowded());
    // What was caught is an answer all the same, and what broke in the background nobody was told.
    let panics = panics.lock().unwrap();
    assert!(panics.is_empty(), "{} panics, such as {}", panics.len(), panics[0]);
}

async fn crowded() {
    const AT_ONCE: usize = 16;
    let shop = Arc::new(Shop::open().await);
    let of_title = [
        "/admin/titles/{title}",
        "/admin/titles/{title}/text",
        "/admin/titles/{title}/editor",
        "/admin/titles/{title}/replace?find=the&put=a",
        "/admin/titles/{title}/chapters",
        "/admin/titles/{title}/delete",
        "/people/nora-fenwick",
        "/people/nora-fenwick?page=2",
        "/series/the-lantern-coast",
        "/browse",
        "/browse?category=adventure&sort=price-up",
        "/browse?q=nothing-of-the-kind",
        "/no-such-page",
    ];
    let listed = ROUTES.iter().filter(|(_, methods, ..)| methods.contains(&Method::GET)).map(|(.., path)| *path);
    let pages: Vec<String> = listed.chain(of_title).map(|path| shop.fill(path)).collect();
    let people = [shop.guest.clone(), shop.stranger.clone(), shop.buyer.clone(), shop.admin.clone()];
    let visits = (0..rounds()).flat_map(|_| pages.iter().flat_map(|page| people.iter().map(move |who| (page, who))));
    let failed: Vec<String> = futures::stream::iter(visits)
        .map(|(page, who)| {
            let (shop, page, who) = (shop.clone(), page.clone(), who.clone());
            tokio::spawn(async move {
                let answer = shop.ask(&who, &Method::GET, &page, None).await;
                let is_page = answer.status.is_success() && answer.header("content-type").starts_with("text/html");
                let broke_off = is_page && !page.contains("/api/") && !answer.text().contains("</html>");
                (answer.status.is_server_error() || broke_off)
                    .then(|| format!("{page}: {} {}", answer.status, answer.text()))
            })
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(async |visit| visit.unwrap_or_else(|panic| Some(panic.to_string())))
        .collect()
        .await;
    assert!(failed.is_empty(), "{} failed: {}", failed.len(), failed.join("\n"));
}
