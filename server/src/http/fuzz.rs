//! Whatever is sent to the whole shop, the answer is never a fault of its own, and never somebody else's account.
//! Seconds by default; scripts/fuzz goes on for as long as it is told to.

use super::access_matrix::{FORM, FUNCTIONS};
use super::testing::{Answer, Shop};
use crate::config::Limits;
use axum::body::Body;
use domain::account::{Password, registration};
use http::{HeaderValue, Method, Request, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeMap;
use tokio::runtime::{Builder, Runtime};
use url::form_urlencoded;

const SECRET: &str = "a lamp above the harbour";
/// An id and an address that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";
/// Tried as nobody alone: they end the session that asks, or give another in its place.
const ENDING: &[&str] = &[
    "account/change-password",
    "account/delete",
    "account/log-out-elsewhere",
    "account/log-out-everywhere",
    "account/login",
    "account/login-code",
    "account/logout",
    "account/register",
    "account/two-factor/off",
];

/// A shop, and who comes to it: nobody, a shopper, an admin.
struct Open {
    runtime: Runtime,
    shop: Shop,
    cookies: [String; 3],
}

impl Open {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (shop, cookies) = runtime.block_on(async {
            let shop = Shop::open_whole(|config| config.limits = Limits::off()).await;
            let password = Password::parse(SECRET).unwrap();
            registration::register(&shop.db, &"ada@example.com".parse().unwrap(), "Ada", &password).await.unwrap();
            registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password)
                .await
                .unwrap();
            let mut cookies = [const { String::new() }; 3];
            for (cookie, name) in cookies[1..].iter_mut().zip(["ada", "root"]) {
                let form = format!("email={name}%40example.com&password={}", SECRET.replace(' ', "+"));
                *cookie = shop.post("", "/api/account/login", &form, &[]).await.cookies();
            }
            (shop, cookies)
        });
        let open = Self { runtime, shop, cookies };
        open.still_logged_in();
        open
    }

    /// Otherwise what was tried as somebody was tried as nobody.
    fn still_logged_in(&self) {
        for cookie in &self.cookies[1..] {
            assert!(
                self.viewer(cookie).text().contains("@example.com"),
                "a session ended: add what ended it to ENDING"
            );
        }
    }

    fn viewer(&self, cookie: &str) -> Answer {
        self.get("/api/account/viewer", cookie.as_bytes())
    }

    fn get(&self, path: &str, cookie: &[u8]) -> Answer {
        let request = Request::get(path).header("cookie", HeaderValue::from_bytes(cookie).unwrap());
        self.send(request.body(Body::empty()).unwrap())
    }

    fn send(&self, request: Request<Body>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = self.runtime.block_on(self.shop.send(request));
        assert!(answer.status < StatusCode::INTERNAL_SERVER_ERROR, "{what}: {} {}", answer.status, answer.text());
        answer
    }
}

/// What somebody may write where something else is expected.
fn hostile() -> impl Strategy<Value = String> {
    let known = vec![
        "",
        "\u{0}",
        "ada\u{0}@example.com",
        "ada@example.com",
        "\u{202e}ada@exämple.example",
        SECRET,
        NOTHING,
        "-1",
        "9223372036854775808",
        "1e309",
        "NaN",
        "true",
        "null",
        "[]",
        "{\"a\":{}}",
        "../../etc/passwd",
        "//elsewhere.example",
        "javascript:alert(1)",
        "<script>",
        "' OR 1=1 --",
        "%00%ff%",
        "2026-02-30",
        "+999999-01-01",
        "a\r\nSet-Cookie: a=b",
    ];
    prop_oneof![
        2 => prop::sample::select(known).prop_map(str::to_owned),
        2 => ".{0,40}",
        1 => "\\PC{120,400}",
        1 => "[0-9a-f]{64}",
        1 => "[0-9]{1,20}",
    ]
}

/// A server function: its address, its method, and the names and values of arguments that it can read.
type Function = (String, Method, Vec<(String, String)>);

fn functions() -> Vec<Function> {
    let methods: BTreeMap<&str, Method> = server_fn_paths().collect();
    let read = |text: &str| form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    FUNCTIONS
        .iter()
        .map(|(path, _, arguments)| {
            let path = format!("/api/{path}");
            let method = methods[path.as_str()].clone();
            let arguments = match serde_json::from_str::<serde_json::Value>(arguments) {
                // One takes JSON; as a form it has no names.
                Ok(json) => vec![(String::new(), json.to_string())],
                Err(_) => read(&arguments.replace("{form}", FORM)),
            };
            let arguments = arguments.into_iter().map(|(name, value)| {
                let value =
                    ["{nothing}", "{title}", "{slug}", "{order}"].iter().fold(value, |v, p| v.replace(p, NOTHING));
                (name, value)
            });
            (path, method, arguments.collect())
        })
        .collect()
}

/// How what is sent differs from what is expected.
#[derive(Clone, Debug)]
struct Change {
    /// Instead of the arguments, one by one; those that are `None` stay.
    values: Vec<Option<String>>,
    /// One more argument.
    more: Option<(String, String)>,
    /// Bytes in place of the whole form.
    noise: Option<Vec<u8>>,
    content_type: &'static str,
    script: bool,
}

fn change() -> impl Strategy<Value = Change> {
    let values = prop::collection::vec(prop::option::weighted(0.6, hostile()), 24);
    let more = prop::option::weighted(0.2, ("[a-z_]{1,12}(\\[[a-z0-9]{0,3}\\]){0,2}", hostile()));
    let noise = prop::option::weighted(0.15, prop::collection::vec(any::<u8>(), 0..300));
    let kinds =
        ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "text/plain"];
    let content_type = prop_oneof![6 => Just(kinds[0]), 1 => prop::sample::select(kinds[1..].to_vec())];
    (values, more, noise, content_type, any::<bool>()).prop_map(|(values, more, noise, content_type, script)| Change {
        values,
        more,
        noise,
        content_type,
        script,
    })
}

impl Change {
    fn applied(&self, arguments: &[(String, String)]) -> Vec<u8> {
        if let Some(noise) = &self.noise {
            return noise.clone();
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (place, (name, value)) in arguments.iter().enumerate() {
            let value = self.values.get(place).and_then(Option::as_ref).unwrap_or(value);
            form.append_pair(name, value);
        }
        if let Some((name, value)) = &self.more {
            form.append_pair(name, value);
        }
        form.finish().into_bytes()
    }
}

#[test]
fn no_form_breaks_the_shop() {
    let (open, functions) = (Open::new(), functions());
    assert!(functions.len() > 40);
    let understood = std::cell::Cell::new(0);
    proptest!(|(function in any::<Index>(), who in 0..3_usize, change in change())| {
        let (path, method, arguments) = function.get(&functions);
        let ending = path.strip_prefix("/api/").is_some_and(|name| ENDING.contains(&name));
        let who = if ending { 0 } else { who };
        let form = change.applied(arguments);
        let accept = if change.script { "application/json" } else { "text/html" };
        let request = Request::builder().method(method).header("cookie", &open.cookies[who]).header("accept", accept);
        let request = if *method == Method::GET {
            // What no address may hold does not even arrive.
            let query = form_urlencoded::byte_serialize(&form).collect::<String>();
            let query = if change.noise.is_some() { query } else { String::from_utf8(form).unwrap() };
            request.uri(format!("{path}?{query}")).body(Body::empty())
        } else {
            request.uri(path).header("content-type", change.content_type).body(Body::from(form))
        };
        let answer = open.send(request.unwrap());
        understood.set(understood.get() + u32::from(answer.status.is_success()));
    });
    open.still_logged_in();
    assert!(understood.get() > 0, "no form got as far as the shop's rules");
}

#[test]
fn no_cookie_breaks_the_shop_or_opens_a_session() {
    let open = Open::new();
    let names = vec!["lectern", "lectern_device", "lectern_cart", "__Host-lectern"];
    let value = prop_oneof!["[!-~]{0,80}", "[A-Za-z0-9_-]{22}", "[0-9a-f]{64}", Just("=;=".to_owned())];
    let pairs = prop::collection::vec((prop::sample::select(names), value), 0..6);
    let made = pairs.prop_map(|pairs| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ").into_bytes()
    });
    let noise = prop::collection::vec(prop_oneof![0x20..0x7f_u8, 0x80..=0xff_u8], 0..200);
    let cookies = prop_oneof![made, noise];
    let session = open.cookies[1].clone();
    let known = session.find("lectern=").unwrap() + "lectern=".len();
    proptest!(|(cookie in cookies, place in 0..22_usize, other in "[A-Za-z0-9_-]")| {
        for path in ["/api/account/viewer", "/api/cart/count", "/api/library/now"] {
            let answer = open.get(path, &cookie);
            prop_assert!(!answer.text().contains("@example.com"), "{}", answer.text());
        }
        // The true one with one sign changed.
        let mut changed = session.clone();
        changed.replace_range(known + place..=known + place, &other);
        let opens = open.viewer(&changed).text().contains("@example.com");
        prop_assert_eq!(opens, changed == session);
    });
}

#[test]
fn no_header_breaks_an_upload_a_stream_or_the_trail() {
    let open = Open::new();
    let headers = vec![
        "tus-resumable",
        "upload-length",
        "upload-offset",
        "upload-metadata",
        "upload-checksum",
        "x-http-method-override",
        "range",
        "if-range",
        "if-none-match",
        "if-match",
        "x-forwarded-for",
        "user-agent",
        "accept",
        "authorization",
    ];
    let value = prop_oneof![
        "[ -~]{0,80}",
        "[0-9]{1,25}",
        "bytes=[0-9]{0,20}-[0-9]{0,20}",
        "(sha1|sha256|md5) [A-Za-z0-9+/=]{0,60}",
        "(filename|position|audiobook|filetype) [A-Za-z0-9+/=]{0,40}(,relativePath [A-Za-z0-9+/=]{0,40})?",
        Just("1.0.0".to_owned()),
        Just("PATCH".to_owned()),
    ];
    let headers = prop::collection::vec((prop::sample::select(headers), value), 0..8);
    let methods = prop::sample::select(vec![Method::POST, Method::PATCH, Method::HEAD, Method::DELETE, Method::GET]);
    let asked = prop::sample::select(vec!["who", "action", "from", "to", "before"]);
    let query = prop::collection::vec((asked, hostile()), 0..5);
    let body = prop::collection::vec(any::<u8>(), 0..64);
    let sent = (headers, methods, any::<bool>(), body, query);
    proptest!(|((headers, method, speaks, body, query) in sent)| {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let upload = format!("/uploads/{NOTHING}");
        let part = format!("/listen/{NOTHING}/parts/0");
        let (table, trail) = (format!("/admin/audit.csv?{query}"), format!("/api/audit/trail?{query}"));
        for path in ["/uploads", &upload, &part, &table, &trail, "/covers/a.svg"] {
            let mut request = Request::builder().method(&method).uri(path).header("cookie", &open.cookies[2]);
            if speaks {
                request = request.header("tus-resumable", "1.0.0");
                request = request.header("content-type", "application/offset+octet-stream");
            }
            for (name, value) in &headers {
                request = request.header(*name, value);
            }
            open.send(request.body(Body::from(body.clone())).unwrap());
        }
    });
    open.still_logged_in();
}
