//! Whatever is sent, the answer is a refusal and never a fault of the shop's.

use super::*;
use crate::http::api::browse::operations;
use crate::http::api::document;
use http::{HeaderValue, StatusCode};
use proptest::prelude::*;

/// Values that a field may hold instead of a good one.
fn hostile_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        ".{0,40}".prop_map(Value::from),
        "\\PC{150,400}".prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!("\u{0}")),
        Just(json!("ada\u{0}@example.com")),
        Just(json!("ada@example.com")),
        Just(json!("ada@exämple.example")),
        Just(json!(PASSWORD)),
        Just(json!(["a", { "b": [] }])),
        "[0-9a-f]{64}".prop_map(Value::from),
        "[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20}".prop_map(Value::from),
    ]
}

/// Every route that takes JSON, with the names of its fields.
fn posts() -> Vec<(String, Vec<String>)> {
    let document: Value = serde_json::from_str(document().unwrap()).unwrap();
    let fields = |operation: &Value| -> Option<Vec<String>> {
        let schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
        let members = document.pointer(&schema[1..]).unwrap()["properties"].as_object()?;
        Some(members.keys().cloned().collect())
    };
    operations(&document)
        .filter(|(_, method, _)| *method == "post")
        .filter_map(|(path, _, operation)| Some((path.to_owned(), fields(operation)?)))
        .collect()
}

#[test]
fn no_body_breaks_a_route() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (shop, posts) = (runtime.block_on(Shop::open()), posts());
    assert!(posts.len() >= 5);
    let send = |path: &str, body: Vec<u8>| {
        let request = Request::post(path).header("content-type", "application/json");
        let answer = runtime.block_on(shop.send(request.body(Body::from(body)).unwrap()));
        assert!(answer.status < StatusCode::INTERNAL_SERVER_ERROR, "{path}: {}", answer.text());
        assert!(answer.status.is_success() || !answer.problem().is_empty(), "{path}: {}", answer.text());
        answer.status
    };
    let noise = prop_oneof![prop::collection::vec(any::<u8>(), 0..200), Just("[".repeat(10_000).into_bytes())];
    let values = prop::collection::vec(hostile_value(), 3);
    let understood = std::cell::Cell::new(0);
    proptest!(|(noise in noise, values in values)| {
        for (path, fields) in &posts {
            let body: Value = fields.iter().cloned().zip(values.iter().cloned()).collect();
            let status = send(path, body.to_string().into_bytes());
            understood.set(understood.get() + u32::from(status != StatusCode::UNPROCESSABLE_ENTITY));
            send(path, noise.clone());
        }
    });
    assert!(understood.get() > 100, "hardly any body got as far as the shop's rules");
}

#[test]
fn no_header_breaks_a_route() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shop = runtime.block_on(Shop::open());
    let value = prop::collection::vec(prop_oneof![0x20..0x7f_u8, 0x80..=0xff_u8, Just(b'\t')], 0..120);
    let values = prop_oneof![
        value.clone(),
        value.prop_map(|value| [b"Bearer ".as_slice(), &value].concat()),
        "[A-Za-z0-9_-]{1,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}"
            .prop_map(|token| format!("Bearer {token}").into_bytes()),
    ];
    proptest!(|(value in values)| {
        let header = HeaderValue::from_bytes(&value).unwrap();
        let request = Request::get("/api/v1/users/me").header("authorization", header).body(Body::empty()).unwrap();
        let answer = runtime.block_on(shop.send(request));
        prop_assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        prop_assert!(!answer.header("www-authenticate").is_empty());
    });
}
