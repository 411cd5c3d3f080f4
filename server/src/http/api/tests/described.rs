//! The description of the API against the API itself.

use super::*;
use crate::http::api::browse::operations;
use crate::http::api::{document, examples};
use domain::account::{Password, registration};
use std::collections::BTreeSet;
use url::form_urlencoded;

pub(super) fn description() -> Value {
    serde_json::from_str(document().unwrap()).unwrap()
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = description();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn every_request_and_every_answer_has_an_example() {
    let mut document = description();
    assert_eq!(examples::fill(&mut document), Vec::<String>::new(), "fields without an example");
    for (path, method, operation) in operations(&document) {
        assert!(!operation["description"].as_str().unwrap_or_default().is_empty(), "{method} {path} says nothing");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{method} {path} stands in one group");
        assert!(operation.get("parameters").is_none_or(Value::is_array), "{method} {path} has parameters or none");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            assert!(parameter["description"].is_string(), "{method} {path} says nothing of {name}");
            // What a cursor is like is nobody's business.
            assert!(name == "cursor" || value_of(parameter).is_some(), "{method} {path} gives no example of {name}");
        }
    }
}

#[test]
fn no_two_operations_have_the_same_name() {
    let document = description();
    let mut names = BTreeSet::new();
    for (path, _, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name.clone()), "{path}: {name} is another one's");
    }
}

/// An example of a parameter.
fn value_of(parameter: &Value) -> Option<String> {
    let schema = &parameter["schema"];
    let given =
        [&parameter["example"], &schema["example"], &schema["examples"][0], &schema["enum"][0], &schema["default"]];
    let value = given.into_iter().find(|value| !value.is_null())?;
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The answer to a request is one that the description knows, of the media type and with the members it names.
fn as_described(document: &Value, operation: &Value, answer: &Answer, what: &str) {
    let status = answer.status.as_u16().to_string();
    let response = &operation["responses"][&status];
    assert!(response.is_object(), "{what} answers {status}, which is not described: {}", answer.text());
    if answer.body.is_empty() {
        return;
    }
    let media_type = answer.header("content-type").split(';').next().unwrap();
    let content = &response["content"][media_type];
    assert!(content.is_object(), "{what} answers {status} as {media_type}: {response}");
    let Some(reference) = content["schema"]["$ref"].as_str() else { return };
    let schema = document.pointer(&reference[1..]).unwrap();
    let Some(properties) = schema["properties"].as_object() else { return };
    let body = answer.json();
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(body.get(name.as_str().unwrap()).is_some(), "{what} answers without {name}: {body}");
    }
    for name in body.as_object().unwrap().keys() {
        assert!(properties.contains_key(name), "{what} answers with {name}, which is not described");
    }
}

/// The address of an operation and the headers it needs, made of the examples in the description.
pub(super) fn addressed(path: &str, operation: &Value) -> (String, Vec<(String, String)>) {
    let (mut path, mut query, mut headers) =
        (path.to_owned(), form_urlencoded::Serializer::new(String::new()), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if parameter["required"] != true {
            continue;
        }
        let (name, value) = (parameter["name"].as_str().unwrap(), value_of(parameter).unwrap());
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &value),
            "query" => {
                query.append_pair(name, &value);
            }
            "header" => headers.push((name.to_owned(), value)),
            other => panic!("{path}: {name} stands in {other}"),
        }
    }
    let query = query.finish();
    (if query.is_empty() { path } else { format!("{path}?{query}") }, headers)
}

/// An admin who may do everything, as their program.
async fn another_admin(shop: &Shop, number: usize) -> String {
    let email = format!("root-{number}@example.com");
    let password = Password::parse(PASSWORD).unwrap();
    registration::create_admin(&shop.db, &email.parse().unwrap(), "Root", &password).await.unwrap();
    let tokens = post(shop, "auth/login", &json!({ "email": email, "password": PASSWORD })).await.json();
    format!("Bearer {}", access(&tokens))
}

#[tokio::test]
async fn every_described_route_answers_as_described() {
    let (shop, document) = (Shop::open().await, description());
    let (mut admins, mut well) = (0, 0);
    let mut bearer = another_admin(&shop, admins).await;
    for (path, method, operation) in operations(&document) {
        let (address, headers) = addressed(path, operation);
        let request = |body: Option<&str>, authorization: Option<&str>| {
            let mut request = Request::builder().method(method.to_uppercase().as_str()).uri(&address);
            for (name, value) in &headers {
                request = request.header(name, value);
            }
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            if body.is_some() {
                request = request.header("content-type", "application/json");
            }
            request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()
        };
        let what = format!("{method} {path}");
        let ways = operation["security"].as_array();
        let secured = ways.is_some_and(|ways| ways.iter().all(|way| *way != json!({})));
        let body = operation.pointer("/requestBody/content/application~1json/example").map(Value::to_string);
        let good = shop.send(request(body.as_deref(), ways.map(|_| bearer.as_str()))).await;
        as_described(&document, operation, &good, &what);
        well += usize::from(good.status.is_success());
        // Some end the log-in, or the account.
        if method != "get" && secured && me(&shop, &bearer["Bearer ".len()..]).await.status == 401 {
            admins += 1;
            bearer = another_admin(&shop, admins).await;
        }
        let authorization = ways.map(|_| bearer.as_str());
        if secured {
            let stranger = shop.send(request(None, None)).await;
            assert_eq!(stranger.status, 401, "{what}");
            as_described(&document, operation, &stranger, &what);
        }
        let required = operation["requestBody"]["required"] == true;
        if body.is_some() && required {
            for (bad, status) in [("{", 400), ("[]", 422)] {
                let refused = shop.send(request(Some(bad), authorization)).await;
                assert_eq!(refused.status, status, "{what}: {}", refused.text());
                as_described(&document, operation, &refused, &what);
            }
            let unnamed = shop.send(request(None, authorization)).await;
            assert_eq!(unnamed.status, 415, "{what}");
            as_described(&document, operation, &unnamed, &what);
        }
    }
    assert!(well >= 5, "only {well} routes answered well to their own examples");
}

#[tokio::test]
async fn a_parameter_without_a_value_is_refused_wherever_one_is_read() {
    let (shop, document) = (Shop::open().await, description());
    let bearer = another_admin(&shop, 0).await;
    let mut tried = 0;
    for (path, method, operation) in operations(&document) {
        let (address, headers) = addressed(path, operation);
        let address = address.split('?').next().unwrap();
        for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|each| each["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(format!("{address}?{name}="));
            let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
            let request = request.header("authorization", &bearer).body(Body::empty()).unwrap();
            let (answer, what) = (shop.send(request).await, format!("{method} {path}?{name}="));
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            assert_eq!(answer.json()["errors"][0]["field"], name, "{what}");
            as_described(&document, operation, &answer, &what);
            tried += 1;
        }
    }
    assert!(tried >= 40, "only {tried} parameters of queries");
}

#[tokio::test]
async fn the_description_is_a_page_as_well_without_any_script() {
    let (shop, document) = (Shop::open().await, description());
    let page = shop.get("", "/api/v1/docs/plain", &[]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    let html = page.text();
    assert!(!html.contains("<script") && !html.contains("style="));
    for (path, _, _) in operations(&document) {
        assert!(html.contains(path), "{path} is not on the page");
    }
    // Where the types of problems lead.
    assert!(html.contains("id=\"problem-refresh-reused\""));
    let style = shop.get("", "/api/v1/docs/style.css", &[]).await;
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css; charset=utf-8"));
}

#[tokio::test]
async fn the_page_to_try_it_brings_nothing_from_elsewhere_and_says_everything_without_its_scripts() {
    let shop = Shop::open().await;
    let page = shop.get("", "/api/v1/docs", &[]).await;
    let (policy, html) = (page.header("content-security-policy"), page.text());
    assert!(policy.contains("script-src 'self'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
    for mark in ["src=\"", "href=\""] {
        for address in html.split(mark).skip(1) {
            assert!(
                address.starts_with('#') || address.starts_with('/') && !address.starts_with("//"),
                "{address:.60}"
            );
        }
    }
    for inline in ["<style", "style=", "<script>", "onclick"] {
        assert!(!html.contains(inline), "{inline}");
    }
    assert!(html.contains("id=\"login\"") && html.contains("id=\"problem-refresh-reused\""));
    let script = shop.get("", "/api/v1/docs/try.js", &[]).await;
    assert_eq!((script.status.as_u16(), script.header("content-type")), (200, "text/javascript; charset=utf-8"));
}
