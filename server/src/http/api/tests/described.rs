//! The description of the API against the API itself.

use super::*;
use crate::http::api::browse::operations;
use crate::http::api::document;
use std::collections::BTreeSet;

fn description() -> Value {
    serde_json::from_str(document().unwrap()).unwrap()
}

#[test]
fn every_route_that_is_promised_is_described() {
    let document = description();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let described: BTreeSet<String> =
        operations(&document).map(|(path, method, _)| format!("{method} {path}")).collect();
    for promised in [
        "post /api/v1/auth/register",
        "post /api/v1/auth/login",
        "post /api/v1/auth/google-login",
        "post /api/v1/auth/refresh",
        "post /api/v1/auth/revoke",
        "post /api/v1/auth/validate",
        "post /api/v1/auth/password-reset",
        "get /api/v1/users/me",
        "get /api/v1/openapi.json",
        "get /.well-known/jwks.json",
    ] {
        assert!(described.contains(promised), "{promised} is not described: {described:?}");
    }
    for (path, _, operation) in operations(&document) {
        assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{path} says nothing");
    }
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

/// The answer to a request is one that the description knows, of the media type and with the members it names.
fn as_described(document: &Value, operation: &Value, answer: &Answer, what: &str) {
    let status = answer.status.as_u16().to_string();
    let response = &operation["responses"][&status];
    assert!(response.is_object(), "{what} answers {status}, which is not described: {}", answer.text());
    let media_type = answer.header("content-type").split(';').next().unwrap();
    let content = &response["content"][media_type];
    assert!(content.is_object(), "{what} answers {status} as {media_type}: {response}");
    let Some(reference) = content["schema"]["$ref"].as_str() else { return };
    let schema = document.pointer(&reference[1..]).unwrap();
    let body = answer.json();
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(body.get(name.as_str().unwrap()).is_some(), "{what} answers without {name}: {body}");
    }
    for name in body.as_object().unwrap().keys() {
        assert!(schema["properties"].get(name).is_some(), "{what} answers with {name}, which is not described");
    }
}

/// A body made of the examples in the description.
fn example(document: &Value, operation: &Value) -> Option<Value> {
    let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
    let schema = document.pointer(&reference[1..])?;
    let members = schema["properties"].as_object()?;
    Some(members.iter().map(|(name, about)| (name.clone(), about["example"].clone())).collect())
}

#[tokio::test]
async fn every_described_route_answers_as_described() {
    let (shop, document) = (Shop::open().await, description());
    let tokens = register(&shop, "ben@example.com").await;
    let bearer = format!("Bearer {}", access(&tokens));
    let mut well = 0;
    for (path, method, operation) in operations(&document) {
        let request = |body: Option<&str>, authorization: Option<&str>| {
            let mut request = Request::builder().method(method.to_uppercase().as_str()).uri(path);
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            if body.is_some() {
                request = request.header("content-type", "application/json");
            }
            request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()
        };
        let what = format!("{method} {path}");
        // Where a token is welcome and not needed, nothing at all is one of the choices.
        let choices = operation["security"].as_array();
        let secured = choices.is_some_and(|choices| choices.iter().all(|one| *one != json!({})));
        let authorization = secured.then_some(bearer.as_str());
        let body = example(&document, operation);
        let good = shop.send(request(body.as_ref().map(Value::to_string).as_deref(), authorization)).await;
        as_described(&document, operation, &good, &what);
        well += usize::from(good.status.is_success());
        if secured {
            let stranger = shop.send(request(None, None)).await;
            assert_eq!(stranger.status, 401, "{what}");
            as_described(&document, operation, &stranger, &what);
        }
        if body.is_some() {
            for (bad, status) in [("{", 400), ("[]", 422), (&*" ".repeat(20_000), 413)] {
                let refused = shop.send(request(Some(bad), authorization)).await;
                assert_eq!(refused.status, status, "{what}");
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
async fn the_description_is_a_page_as_well_without_any_script() {
    let (shop, document) = (Shop::open().await, description());
    let page = shop.get("", "/api/v1/docs", &[]).await;
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
