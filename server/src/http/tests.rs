//! What stands in front of every page and form, tried on the whole shop.

use super::testing::Shop;
use crate::Config;
use axum::body::Body;
use domain::account::{Password, Permission, Permissions, TwoFactor, User, registration, user_admin};
use domain::audit::{self, Action, Event, Filter, Outcome};
use domain::limits::Rule;
use domain::testing;
use http::{HeaderMap, Method, Request};
use totp_rs::Totp;

pub(super) const SECRET: &str = "a lamp above the harbour";
pub(super) const LOG_IN: &str = "/api/account/login";

pub(super) fn login_form(email: &str, password: &str) -> String {
    format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"))
}

pub(super) async fn ada(shop: &Shop) -> User {
    let password = Password::parse(SECRET).unwrap();
    registration::register(&shop.db, &"ada@example.com".parse().unwrap(), "Ada", &password).await.unwrap()
}

async fn admin(shop: &Shop) -> User {
    let password = Password::parse(SECRET).unwrap();
    registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap()
}

pub(super) async fn log_in(shop: &Shop, email: &str) -> String {
    let answer = shop.post("", LOG_IN, &login_form(email, SECRET), &[]).await;
    assert!(answer.status.is_success() || answer.status.is_redirection(), "{answer:?}");
    answer.cookies()
}

pub(super) fn cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

pub(super) async fn last(shop: &Shop, action: Action) -> Event {
    let filter = Filter { action: action.name().to_owned(), ..Filter::default() };
    audit::trail::events(&shop.db, &filter, None, 1).await.unwrap().remove(0)
}

pub(super) fn plain(_: &mut Config) {}

fn over_tls(config: &mut Config) {
    config.public_url = "https://shop.example".to_owned();
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn an_address_that_somebody_kept_leads_to_where_the_page_is_now() {
    let shop = Shop::open_whole(plain).await;
    let id = uuid::Uuid::now_v7();
    for (old, new) in [
        ("/admin/people?q=ada".to_owned(), "/admin/users?q=ada".to_owned()),
        (format!("/admin/people/{id}"), format!("/admin/users/{id}")),
        ("/account/second-step".to_owned(), "/account/two-factor".to_owned()),
    ] {
        let answer = shop.get("", &old, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, new.as_str()), "{old}");
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not_do() {
    let shop = Shop::open_whole(plain).await;
    for path in ["/login", "/healthz", "/covers/none.svg", "/no-such-page", "/admin/audit.csv"] {
        let answer = shop.get("", path, &[]).await;
        let header = |name| text(&answer.headers, name);
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
        assert!(header("permissions-policy").contains("camera=()"), "{path}");
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(header("strict-transport-security"), "", "{path}: without TLS it means nothing");
        assert_eq!(header("access-control-allow-origin"), "", "{path}: no other site may read it");
        let kind = header("content-type");
        assert!(kind == "application/json" || kind.ends_with("; charset=utf-8"), "{path}: {kind}");
    }
}

#[tokio::test]
async fn what_is_refused_for_another_site_carries_the_same_headers() {
    let shop = Shop::open_whole(over_tls).await;
    let elsewhere = [("sec-fetch-site", "cross-site")];
    for path in [LOG_IN, "/api/v1/auth/login", "/uploads"] {
        let answer = shop.post("", path, "", &elsewhere).await;
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(text(&answer.headers, "x-content-type-options"), "nosniff", "{path}");
        assert!(text(&answer.headers, "strict-transport-security").starts_with("max-age=63072000"), "{path}");
        let as_a_problem = text(&answer.headers, "content-type") == "application/problem+json";
        assert_eq!(as_a_problem, path.starts_with("/api/v1/"), "{path}");
    }
}

#[tokio::test]
async fn the_scripts_of_a_page_carry_the_nonce_of_that_answer_alone() {
    let shop = Shop::open_whole(plain).await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = shop.get("", "/login", &[]).await;
        let policy = text(&answer.headers, "content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let scripts = answer.text().matches("<script").count();
        assert!(scripts > 0);
        assert!(answer.text().matches(&format!("nonce=\"{nonce}\"")).count() >= scripts, "{}", answer.text());
        let early = ["rel=\"preload\"", "rel=\"modulepreload\""].iter().any(|link| answer.text().contains(link));
        assert!(!early, "no program is fetched before the page is painted: {}", answer.text());
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let shop = Shop::open_whole(over_tls).await;
    ada(&shop).await;
    let answer = shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &[]).await;
    assert_eq!(text(&answer.headers, "strict-transport-security"), "max-age=63072000; includeSubDomains");
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    assert!(cookies.all(|cookie| {
        cookie.starts_with("__Host-lectern")
            && ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|word| cookie.contains(word))
            && !cookie.contains("Domain")
    }));
    assert!(cookie(&answer.cookies(), "__Host-lectern").is_some());
    assert!(cookie(&answer.cookies(), "__Host-lectern_device").is_some());
}

#[tokio::test]
async fn what_is_somebodys_own_is_kept_by_no_cache() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    for path in ["/account", "/orders", "/api/account/viewer", "/api/orders/list", "/login"] {
        assert_eq!(shop.get(&cookies, path, &[]).await.header("cache-control"), "private, no-store", "{path}");
    }
    assert_eq!(shop.get("", "/login", &[]).await.header("cache-control"), "private, no-cache");
}

/// A cache that goes by how an address ends, and keeps what does not forbid it, would give it to everybody.
#[tokio::test]
async fn what_is_not_there_is_kept_by_no_cache_either() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    for path in ["/account/x.css", "/no-such-page.js", "/orders/nothing.png", "/uploads.jpg", "/listen/x.mp3"] {
        let answer = shop.get(&cookies, path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (404, "private, no-store"), "{path}");
        let guest = shop.get("", path, &[]).await;
        assert!(guest.header("cache-control").starts_with("private"), "{path}: {:?}", guest.headers);
    }
    for path in ["/healthz", "/readyz", "/api/v1/nothing", "/pkg/nothing.js"] {
        assert!(!shop.get(&cookies, path, &[]).await.header("cache-control").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_cookie_of_a_session_travels_on_nothing_that_a_cache_may_keep() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    testing::title(&shop.db, "The Bell").published().await;
    let cookies = log_in(&shop, "ada@example.com").await;
    shop.clock.advance(10 * 60_000);
    for path in ["/covers/the-bell.svg", "/covers/the-bell.svg?v=1", "/pkg/x.js", "/favicon.svg", "/fonts/x.woff2"] {
        let answer = shop.get(&cookies, path, &[]).await;
        assert_eq!(answer.cookies(), "", "{path}: {:?}", answer.headers);
    }
    assert!(shop.get("", "/covers/the-bell.svg", &[]).await.header("cache-control").starts_with("public"));
    let noted = shop.get(&cookies, "/account", &[]).await;
    assert!(cookie(&noted.cookies(), "lectern").is_some(), "it is noted at the next page");
    assert_eq!(noted.header("cache-control"), "private, no-store");
    // A guest's cart is a cookie too.
    let cart = shop.post("", "/api/cart/add", "slug=the-bell", &[]).await;
    assert!(cookie(&cart.cookies(), "lectern_cart").is_some(), "{cart:?}");
    assert_eq!(cart.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn whoever_owns_other_subdomains_keeps_them_out_of_what_browsers_are_told() {
    let shop = Shop::open_whole(|config| {
        over_tls(config);
        config.hsts_subdomains = false;
    })
    .await;
    assert_eq!(shop.get("", "/healthz", &[]).await.header("strict-transport-security"), "max-age=63072000");
}

#[tokio::test]
async fn guests_do_not_fill_the_shop_with_carts() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::GuestCart, "3/1h")).await;
    ada(&shop).await;
    testing::title(&shop.db, "The Bell").published().await;
    let add = async |cookies: &str| shop.post(cookies, "/api/cart/add", "slug=the-bell", &[]).await.status.as_u16();
    for _ in 0..3 {
        assert_eq!(add("").await, 200);
    }
    assert_eq!(add("").await, 429);
    assert_eq!(add(&log_in(&shop, "ada@example.com").await).await, 200, "whoever is logged in has one cart");
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded_by_people_who_want_to_move_there() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::MailAddress, "2/1h")).await;
    ada(&shop).await;
    let word = |name: &str| format!("name=Bea&email={name}%40example.com&password={}", SECRET.replace(' ', "+"));
    for name in ["bea", "cid", "dot"] {
        let opened = shop.post("", "/api/account/register", &word(name), &[]).await;
        assert!(opened.status.is_success(), "{}", opened.text());
        let cookies = log_in(&shop, &format!("{name}@example.com")).await;
        let form = format!("email=victim%40example.com&password={}", SECRET.replace(' ', "+"));
        let asked = shop.post(&cookies, "/api/account/change-email", &form, &[]).await;
        assert_eq!(asked.status.as_u16(), if name == "dot" { 429 } else { 200 }, "{name}: {}", asked.text());
    }
    // Nor is one that somebody registered with, and that is not theirs.
    let cookies = log_in(&shop, "bea@example.com").await;
    let mut last = 0;
    for number in 0..3 {
        let form = format!("email=other{number}%40example.com&password={}", SECRET.replace(' ', "+"));
        last = shop.post(&cookies, "/api/account/change-email", &form, &[]).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn nobody_tries_cards_as_fast_as_they_can() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::Checkout, "3/1h")).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let pay = async |key: u32| {
        let form = format!("key=k{key}&total_minor=990&card=4000000000000002&withdrawal=1");
        shop.post(&cookies, "/api/orders/checkout", &form, &[]).await.status.as_u16()
    };
    for key in 0..3 {
        assert_ne!(pay(key).await, 429);
    }
    assert_eq!(pay(9).await, 429);
}

#[tokio::test]
async fn a_request_is_never_sent_back_to_whoever_asks_for_a_trace() {
    let shop = Shop::open_whole(plain).await;
    for path in ["/", "/healthz", "/api/v1/users/me", "/no-such-page"] {
        let request = Request::builder().method(Method::TRACE).uri(path).header("x-secret", "hush");
        let answer = shop.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.status.is_client_error() && !answer.text().contains("hush"), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn logging_in_gives_a_session_that_nobody_knew_before() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let first = log_in(&shop, "ada@example.com").await;
    let id = cookie(&first, "lectern").unwrap();
    // In the browser that is logged in already.
    let again = shop.post(&first, LOG_IN, &login_form("ada@example.com", SECRET), &[]).await.cookies();
    let new_id = cookie(&again, "lectern").unwrap();
    assert_ne!(id, new_id);
    let viewer = async |id: &str| shop.get(&format!("lectern={id}"), "/api/account/viewer", &[]).await;
    assert!(viewer(new_id).await.text().contains("ada@example.com"));
    assert_eq!(viewer(id).await.text(), "null", "the old one opens nothing");
    // One that a stranger put into the browser.
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    let answer = shop.post(&format!("lectern={planted}"), LOG_IN, &login_form("ada@example.com", SECRET), &[]).await;
    assert_ne!(cookie(&answer.cookies(), "lectern").unwrap(), planted);
    assert_eq!(viewer(planted).await.text(), "null");
}

#[tokio::test]
async fn a_session_in_use_is_noted_once_in_a_while() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let asked = async || shop.get(&cookies, "/api/account/viewer", &[]).await;
    assert_eq!(cookie(&asked().await.cookies(), "lectern"), None, "not with every request");
    shop.clock.advance(5 * 60_000);
    assert!(cookie(&asked().await.cookies(), "lectern").is_some(), "its end is moved");
    assert_eq!(cookie(&asked().await.cookies(), "lectern"), None);
}

#[tokio::test]
async fn a_change_of_rights_ends_what_was_open() {
    let shop = Shop::open_whole(plain).await;
    let (ada, root) = (ada(&shop).await, admin(&shop).await);
    let cookies = log_in(&shop, "ada@example.com").await;
    let some: Permissions = [Permission::Catalogue].into_iter().collect();
    user_admin::set_permissions(&shop.db, root.id, ada.id, some).await.unwrap();
    assert_eq!(shop.get(&cookies, "/api/account/viewer", &[]).await.text(), "null");
}

#[tokio::test]
async fn who_tries_too_often_is_told_when_to_come_back() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let wrong = login_form("ada@example.com", "an unlucky guess");
    for _ in 0..10 {
        assert_eq!(shop.post("", LOG_IN, &wrong, &[]).await.status, 422);
    }
    let answer = shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &[]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("TooMany"), "{}", answer.text());
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn programs_are_counted_by_the_network_they_come_from() {
    let shop = Shop::open_whole(|config| {
        config.limits.set(Rule::Api, "2/1m");
        config.proxies = "127.0.0.1".to_owned();
    })
    .await;
    let ask = async |from: &str| shop.post("", "/api/v1/anything", "", &[("x-forwarded-for", from)]).await;
    for _ in 0..2 {
        assert_ne!(ask("2001:db8::1").await.status, 429);
    }
    let answer = ask("2001:db8::2").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "30"));
    assert_ne!(ask("2001:db8:0:1::1").await.status, 429, "another network");
}

#[tokio::test]
async fn the_trail_says_where_somebody_was() {
    let shop = Shop::open_whole(|config| config.proxies = "127.0.0.0/8".to_owned()).await;
    let ada = ada(&shop).await;
    let headers = [("user-agent", "Browser/1"), ("x-forwarded-for", "203.0.113.5, 198.51.100.9")];
    let cookies = shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &headers).await.cookies();
    let event = last(&shop, Action::LoggedIn).await;
    assert_eq!((event.user_id, event.who.as_str()), (Some(ada.id), "ada@example.com"));
    assert_eq!((event.ip.as_deref(), event.user_agent.as_deref()), (Some("198.51.100.9"), Some("Browser/1")));
    shop.post(&cookies, "/api/account/logout", "", &headers).await;
    assert_eq!(last(&shop, Action::LoggedOut).await.user_id, Some(ada.id));
    let form = "name=Bea&email=bea%40example.com&password=seven+green+bottles";
    shop.post("", "/api/account/register", form, &headers).await;
    let event = last(&shop, Action::Registered).await;
    assert_eq!((event.who.as_str(), event.ip.as_deref()), ("bea@example.com", Some("198.51.100.9")));
}

#[tokio::test]
async fn whoever_wants_more_than_they_may_is_noted_without_filling_the_trail() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::Refused, "4/1h")).await;
    let ada = ada(&shop).await;
    let cookies = log_in(&shop, "ada@example.com").await;
    let tries = ["/api/users/list", "/admin/users", "/admin/mail", "/admin/audit.csv", "/api/audit/trail"];
    for path in tries {
        assert_eq!(shop.get(&cookies, path, &[]).await.status, 403, "{path}");
    }
    assert_eq!(shop.get("", "/api/users/list", &[]).await.status, 401, "whom nobody knows is asked to log in");
    let filter = Filter { action: Action::AccessRefused.name().to_owned(), ..Filter::default() };
    let events = audit::trail::events(&shop.db, &filter, None, 10).await.unwrap();
    let paths: Vec<_> = events.iter().rev().map(|event| event.subject.as_deref().unwrap()).collect();
    assert_eq!(paths, &tries[..4], "the fifth is one too many");
    let known = |event: &Event| event.user_id == Some(ada.id) && event.outcome == Outcome::Refused;
    assert!(events.iter().all(known), "{events:?}");
}

#[tokio::test]
async fn each_permission_opens_its_own_doors() {
    let shop = Shop::open_whole(plain).await;
    let root = admin(&shop).await;
    let none = "00000000-0000-7000-8000-000000000000";
    // The way to try a door, and the permission that it needs. What is behind it does not matter.
    let doors = [
        ("POST /api/admin/create-draft title=x".to_owned(), Permission::Catalogue),
        (format!("POST /api/admin/publish id={none}"), Permission::Catalogue),
        (format!("POST /api/admin/unpublish id={none}"), Permission::Catalogue),
        (format!("POST /api/admin/archive id={none}"), Permission::Catalogue),
        (format!("POST /api/admin/use-proposal id={none}&version=1"), Permission::Catalogue),
        (format!("POST /api/production/resume id={none}"), Permission::Production),
        (format!("POST /api/production/redo id={none}&step=probe"), Permission::Production),
        (format!("POST /api/production/cancel id={none}"), Permission::Production),
        ("POST /api/uploads/begin-title title=x".to_owned(), Permission::Production),
        ("GET /api/uploads/unfinished".to_owned(), Permission::Production),
        ("GET /api/users/list".to_owned(), Permission::Users),
        (format!("GET /api/users/get?id={none}"), Permission::Users),
        (format!("POST /api/users/set-permissions id={none}"), Permission::Users),
        ("GET /api/audit/trail".to_owned(), Permission::Users),
        ("GET /admin/audit.csv".to_owned(), Permission::Users),
    ];
    let mut hands = Vec::new();
    for permission in Permission::ALL {
        let email = format!("{}@example.com", permission.name());
        let user = registration::register(&shop.db, &email.parse().unwrap(), "Hand", &Password::parse(SECRET).unwrap())
            .await
            .unwrap();
        user_admin::set_permissions(&shop.db, root.id, user.id, [permission].into_iter().collect()).await.unwrap();
        hands.push((permission, log_in(&shop, &email).await));
    }
    for (door, needed) in doors {
        let mut words = door.split(' ');
        let (method, path, form) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or_default());
        for (permission, cookies) in &hands {
            let answer = match method {
                "GET" => shop.get(cookies, path, &[]).await,
                _ => shop.post(cookies, path, form, &[]).await,
            };
            let forbidden = answer.status == 403;
            assert_eq!(forbidden, *permission != needed, "{door} by {}: {answer:?}", permission.name());
        }
    }
}

/// Somebody's app, set up by way of the pages.
async fn set_up_two_factor(shop: &Shop, cookies: &str) -> (Totp, String) {
    let begun = shop.post(cookies, "/api/account/two-factor/begin", "", &[]).await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    let status = shop.get(cookies, "/api/account/two-factor", &[]).await;
    assert_eq!(status.header("cache-control"), "no-store");
    let status: TwoFactor = serde_json::from_str(status.text()).unwrap();
    let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
    let on = shop.post(cookies, "/api/account/two-factor/on", &format!("code={}", shows(shop, &app)), &[]).await;
    assert_eq!(on.status, 200, "{}", on.text());
    // The code is used up.
    shop.clock.advance(30_000);
    (app, on.cookies())
}

fn shows(shop: &Shop, app: &Totp) -> String {
    app.generate(u64::try_from(shop.db.now().0 / 1000).unwrap()).to_string()
}

async fn who(shop: &Shop, cookies: &str) -> String {
    shop.get(cookies, "/api/account/viewer", &[]).await.text().to_owned()
}

#[tokio::test]
async fn with_a_second_step_the_password_alone_opens_nothing() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let first = log_in(&shop, "ada@example.com").await;
    let (app, staying) = set_up_two_factor(&shop, &first).await;
    assert_eq!(who(&shop, &first).await, "null", "what was open before is over");
    assert!(who(&shop, &staying).await.contains("ada@example.com"), "but not here");

    let answer = shop.post("", LOG_IN, &(login_form("ada@example.com", SECRET) + "&next=%2Flibrary"), &[]).await;
    let waiting = answer.cookies();
    assert!(answer.text().contains("/login/code") || answer.header("location") == "/login/code", "{answer:?}");
    assert!(cookie(&waiting, "lectern_device").is_none(), "the browser is not known yet");
    assert_eq!(who(&shop, &waiting).await, "null");
    assert_eq!(shop.get(&waiting, "/api/account/address", &[]).await.status, 401);

    let refused = shop.post(&waiting, "/api/account/login-code", "code=nonsense", &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let code = format!("code={}", shows(&shop, &app));
    let passed = shop.post(&waiting, "/api/account/login-code", &code, &[]).await;
    assert_eq!(passed.status, 200, "{}", passed.text());
    let inside = passed.cookies();
    assert!(who(&shop, &inside).await.contains("ada@example.com"));
    assert!(cookie(&inside, "lectern_device").is_some());
    assert_eq!(who(&shop, &waiting).await, "null", "the session has another id now");
    let again = shop.post(&waiting, "/api/account/login-code", &code, &[]).await;
    assert_eq!(again.status, 409, "{}", again.text());
}

#[tokio::test]
async fn who_waits_too_long_at_the_second_step_begins_again() {
    let shop = Shop::open_whole(plain).await;
    let user = ada(&shop).await;
    let first = log_in(&shop, "ada@example.com").await;
    let (app, _) = set_up_two_factor(&shop, &first).await;
    let waiting = shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &[]).await.cookies();
    shop.clock.advance(10 * 60_000);
    let late = shop.post(&waiting, "/api/account/login-code", &format!("code={}", shows(&shop, &app)), &[]).await;
    assert_eq!(late.status, 409, "{}", late.text());
    // Nor does it go on after the password was changed meanwhile.
    let waiting = shop.post("", LOG_IN, &login_form("ada@example.com", SECRET), &[]).await.cookies();
    let other = Password::parse("another lamp at the quay").unwrap();
    registration::create_admin(&shop.db, &user.email, "Ada", &other).await.unwrap();
    let stale = shop.post(&waiting, "/api/account/login-code", &format!("code={}", shows(&shop, &app)), &[]).await;
    assert_eq!(stale.status, 409, "{}", stale.text());
}

#[tokio::test]
async fn what_must_not_fall_into_the_wrong_hands_wants_a_proof_of_the_last_ten_minutes() {
    let shop = Shop::open_whole(plain).await;
    let (ada, _) = (ada(&shop).await, admin(&shop).await);
    let cookies = log_in(&shop, "root@example.com").await;
    shop.clock.advance(10 * 60_000);
    let rights = format!("id={}&permissions%5B0%5D=orders", ada.id);
    let off = format!("id={}", ada.id);
    let dangerous = [
        ("/api/users/set-permissions", rights.as_str()),
        ("/api/users/disable-two-factor", off.as_str()),
        ("/api/users/log-out", off.as_str()),
        ("/api/account/two-factor/begin", ""),
        ("/api/account/two-factor/on", "code=000000"),
        ("/api/account/two-factor/off", ""),
        ("/api/account/two-factor/renew-codes", ""),
        ("/api/account/two-factor/keep-codes", ""),
    ];
    for (path, form) in dangerous {
        let answer = shop.post(&cookies, path, form, &[]).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
        assert!(answer.text().contains("ReauthRequired"), "{path}: {}", answer.text());
    }
    assert_eq!(shop.get(&cookies, "/api/account/two-factor", &[]).await.status, 403);
    let page = shop.get(&cookies, "/account/two-factor", &[]).await;
    assert_eq!(page.header("location"), "/confirm?next=%2Faccount%2Ftwo%2Dfactor");

    let wrong = shop.post(&cookies, "/api/account/reauthenticate", "password=not+mine", &[]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert_eq!(last(&shop, Action::PasswordRefused).await.who, "root@example.com");
    let proof = format!("password={}&next=https%3A%2F%2Felsewhere.example", SECRET.replace(' ', "+"));
    let right = shop.post(&cookies, "/api/account/reauthenticate", &proof, &[]).await;
    assert_eq!(right.status, 200, "{}", right.text());
    assert!(!format!("{right:?}").contains("elsewhere"), "it leads out of the shop");
    let given = shop.post(&cookies, "/api/users/set-permissions", &rights, &[]).await;
    assert_eq!(given.status, 200, "{}", given.text());
}

#[tokio::test]
async fn where_admins_need_two_factor_they_may_do_nothing_without_one() {
    let shop = Shop::open_whole(|config| config.accounts.admins_need_two_factor = true).await;
    admin(&shop).await;
    let cookies = log_in(&shop, "root@example.com").await;
    for path in ["/api/admin/dashboard", "/api/users/list", "/admin/audit.csv", "/admin/mail"] {
        assert_eq!(shop.get(&cookies, path, &[]).await.status, 403, "{path}");
    }
    let page = shop.get(&cookies, "/admin", &[]).await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("/account/two-factor"), "the page says what to do");
    let (_, cookies) = set_up_two_factor(&shop, &cookies).await;
    for path in ["/api/admin/dashboard", "/api/users/list", "/admin/audit.csv", "/admin/mail"] {
        assert_eq!(shop.get(&cookies, path, &[]).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn an_admin_logs_somebody_out_whose_device_was_stolen() {
    let shop = Shop::open_whole(plain).await;
    let (ada, root) = (ada(&shop).await, admin(&shop).await);
    let hers = log_in(&shop, "ada@example.com").await;
    let cookies = log_in(&shop, "root@example.com").await;
    let out = shop.post(&cookies, "/api/users/log-out", &format!("id={}", ada.id), &[]).await;
    assert_eq!(out.status, 200, "{}", out.text());
    assert_eq!(who(&shop, &hers).await, "null");
    assert!(who(&shop, &cookies).await.contains("root@example.com"));
    let line = last(&shop, Action::SessionsEnded).await;
    assert_eq!((line.user_id, line.subject), (Some(root.id), Some(ada.id.to_string())));
    log_in(&shop, "ada@example.com").await;
}

#[tokio::test]
async fn with_a_second_step_the_password_alone_changes_neither_password_nor_address() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let first = log_in(&shop, "ada@example.com").await;
    let (app, cookies) = set_up_two_factor(&shop, &first).await;
    shop.clock.advance(10 * 60_000);
    let word = SECRET.replace(' ', "+");
    let changes = [
        ("/api/account/change-email", format!("email=thief%40example.com&password={word}")),
        ("/api/account/change-password", format!("current_password={word}&new_password=another+lamp+at+the+quay")),
    ];
    for (path, form) in &changes {
        let refused = shop.post(&cookies, path, form, &[]).await;
        assert!(refused.status == 403 && refused.text().contains("ReauthRequired"), "{path}: {}", refused.text());
    }
    let proof = format!("password={word}&code={}", shows(&shop, &app));
    assert_eq!(shop.post(&cookies, "/api/account/reauthenticate", &proof, &[]).await.status, 200);
    for (path, form) in &changes {
        let done = shop.post(&cookies, path, form, &[]).await;
        assert_eq!(done.status, 200, "{path}: {}", done.text());
    }
}

#[tokio::test]
async fn at_the_second_step_nothing_of_whoever_was_here_before_goes_on() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    admin(&shop).await;
    let first = log_in(&shop, "ada@example.com").await;
    set_up_two_factor(&shop, &first).await;
    let before = log_in(&shop, "root@example.com").await;
    let answer = shop.post(&before, LOG_IN, &login_form("ada@example.com", SECRET), &[]).await;
    for cookies in [before, answer.cookies()] {
        assert_eq!(who(&shop, &cookies).await, "null");
    }
}

#[tokio::test]
async fn logging_in_survives_a_hostile_way_on() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    for next in ["%2F%01", "%2F%00", "%2F%7F", "%2F%0D%0Ax", "%2F%2Felsewhere.example", "%2F%C3%A9"] {
        let form = login_form("ada@example.com", SECRET) + "&next=" + next;
        let answer = shop.post("", LOG_IN, &form, &[]).await;
        assert_eq!(answer.status, 200, "{next}: {}", answer.text());
        assert!(who(&shop, &answer.cookies()).await.contains("ada@example.com"), "{next}");
    }
}
