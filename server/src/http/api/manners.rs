//! What is true of every operation and is added to what each says of itself: the headers of every answer, and that a parameter
//! which nobody knows and a condition which nobody would look at are refused everywhere.

use super::problem;
use super::queries::takes_a_query;
use super::unconditional::{self, IF_MATCH};
use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};

/// Headers of answers: their names, an example, and what they say.
const HEADERS: [(&str, &str, &str); 4] = [
    ("RateLimit-Policy", "\"requests\";q=600;w=60", "How many requests (`q`) are allowed in how many seconds (`w`)."),
    (
        "RateLimit",
        "\"requests\";r=598;t=1",
        "How many requests (`r`) are left now, and in how many seconds (`t`) all of them are again.",
    ),
    (
        "X-Request-Id",
        "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
        "The request's own `X-Request-Id`, or one that was made for it: name it when you ask for help.",
    ),
    ("Retry-After", "3", "After how many seconds it is worth trying again."),
];
const LATER: &str = "Retry-After";
const API: &str = "/api/v1/";

/// The description with what is true of all of it.
pub fn complete(mut document: Document) -> Document {
    let components = document.components.get_or_insert_default();
    for (name, example, about) in HEADERS {
        let text = ObjectBuilder::new().schema_type(Type::String).examples([json!(example)]);
        let header = HeaderBuilder::new().schema(Some(text)).description(Some(about)).build();
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
    for (path, item) in &mut document.paths.paths {
        if !path.starts_with(API) {
            continue;
        }
        for operation in [&mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            name_unheeded_conditions(operation);
        }
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            name_unknown_queries(operation);
            name_headers(operation);
        }
    }
    document
}

/// Says of each text in a query that it is not empty: `params::Query` refuses one that is.
pub fn want_values(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    let operations = paths.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    for operation in operations {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let schema = &parameter["schema"];
            let text = schema["type"] == "string"
                || schema["type"].as_array().is_some_and(|types| types.contains(&json!("string")));
            if parameter["in"] == "query" && text && schema.get("minLength").is_none() {
                parameter["schema"]["minLength"] = json!(1);
            }
        }
    }
}

fn name_unknown_queries(operation: &mut Operation) {
    if takes_a_query(operation) {
        return;
    }
    operation.responses.responses.entry("422".to_owned()).or_insert_with(|| {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new().description("A parameter was sent, and there is none.");
        response.content(problem::MEDIA_TYPE, content).build().into()
    });
}

fn name_unheeded_conditions(operation: &mut Operation) {
    if unconditional::heeds(operation) {
        return;
    }
    let (_, details) = unconditional::problem(IF_MATCH).written();
    operation.responses.responses.entry("412".to_owned()).or_insert_with(|| {
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).example(serde_json::to_value(details).ok()).build();
        let response = ResponseBuilder::new().description("It was sent on a condition, and this is done on none.");
        response.content(problem::MEDIA_TYPE, content).build().into()
    });
}

fn name_headers(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let waits = matches!(status.as_str(), "429" | "503");
        for (name, ..) in HEADERS.iter().filter(|(name, ..)| *name != LATER || waits) {
            let header = RefOr::Ref(Ref::new(format!("#/components/headers/{name}")));
            response.headers.entry((*name).to_owned()).or_insert(header);
        }
    }
}
