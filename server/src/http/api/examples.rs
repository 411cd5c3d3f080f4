//! Examples of what is sent and answered: each body gets one, made of the examples of its fields, so that no handler has to
//! write the same thing twice.

use super::problem::{DOCS, Kind, MEDIA_TYPE};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// No schema of ours goes deeper, unless it holds itself.
const DEEPEST: usize = 24;
const SOME_ID: &str = "0192f0c1-2b3c-7d4e-8f50-617283940a1b";
const SOME_TIME: &str = "2026-11-20T09:30:00Z";

/// Gives an example to every JSON body that has none, and says of which it could not: the field without an example.
pub fn fill(document: &mut Value) -> Vec<String> {
    let components = document.get("components").cloned().unwrap_or_default();
    let mut missing = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let mut note = |status: &str, given: Result<(), String>| {
                missing.extend(given.err().map(|field| format!("{method} {path} {status}: {field}")));
            };
            if let Some(body) = operation.get_mut("requestBody") {
                note("", give(body, "", &components));
            }
            let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (status, answer) in answers.into_iter().flatten() {
                note(status, give(answer, status, &components));
            }
        }
    }
    missing
}

/// Gives an example to one body; `status` is that of an answer.
fn give(body: &mut Value, status: &str, components: &Value) -> Result<(), String> {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (media_type, content) in content.into_iter().flatten() {
        let Some(content) = content.as_object_mut() else { continue };
        if content.contains_key("example") || content.contains_key("examples") || !media_type.ends_with("json") {
            continue;
        }
        let example = match problem(status).filter(|_| media_type == MEDIA_TYPE) {
            Some(problem) => problem,
            None => content.get("schema").map_or(Ok(Value::Null), |schema| sample(schema, components, 0))?,
        };
        content.insert("example".to_owned(), example);
    }
    Ok(())
}

/// A problem of this status; none for 422, whose example names fields.
fn problem(status: &str) -> Option<Value> {
    if status == Kind::Invalid.facts().0.as_str() {
        return None;
    }
    let kind = Kind::ALL.into_iter().find(|kind| kind.facts().0.as_str() == status)?;
    let (code, name, title) = kind.facts();
    Some(json!({
        "type": format!("{DOCS}#problem-{name}"),
        "title": title,
        "status": code.as_u16(),
        "code": name,
        "detail": format!("{title}."),
    }))
}

/// A value that fits a schema. Fails with the name of a field that gives no example.
fn sample(schema: &Value, components: &Value, depth: usize) -> Result<Value, String> {
    if depth > DEEPEST {
        return Err(" holds itself".to_owned());
    }
    let given = schema.get("example").or_else(|| schema.get("examples").and_then(|all| all.get(0)));
    let given = given.or_else(|| schema.get("const")).or_else(|| schema.get("enum").and_then(|all| all.get(0)));
    if let Some(example) = given {
        return Ok(example.clone());
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches("#/components");
        let named = components.pointer(pointer).ok_or_else(|| format!(" leads nowhere: {reference}"))?;
        return sample(named, components, depth + 1);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(first) =
            schema.get(choice).and_then(Value::as_array).and_then(|all| all.iter().find(|one| !is_null(one)))
        {
            return sample(first, components, depth + 1);
        }
    }
    // A name with a description of its own, such as a reference has that says more.
    if let (Some([one]), None) =
        (schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice), schema.get("properties"))
    {
        return sample(one, components, depth + 1);
    }
    match kind(schema) {
        "object" => object(schema, components, depth),
        "array" if nullable(schema) => Ok(Value::Null),
        "array" => match schema.get("items") {
            Some(items) => Ok(json!([sample(items, components, depth + 1).map_err(|field| format!("[]{field}"))?])),
            None => Ok(json!([])),
        },
        "boolean" => Ok(json!(true)),
        "null" => Ok(Value::Null),
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => Ok(json!(SOME_ID)),
            Some("date-time") => Ok(json!(SOME_TIME)),
            _ if nullable(schema) => Ok(Value::Null),
            _ => Err(" has no example".to_owned()),
        },
    }
}

/// All members, those of `allOf` among them.
fn object(schema: &Value, components: &Value, depth: usize) -> Result<Value, String> {
    let mut members = Map::new();
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        if let Value::Object(more) = sample(part, components, depth + 1)? {
            members.extend(more);
        }
    }
    for (name, about) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let value = sample(about, components, depth + 1).map_err(|field| format!(".{name}{field}"))?;
        members.insert(name.clone(), value);
    }
    Ok(Value::Object(members))
}

/// The type of a schema, which may allow null besides.
fn kind(schema: &Value) -> &str {
    let named = match schema.get("type") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).find(|one| *one != "null"),
        Some(Value::String(one)) => Some(one.as_str()),
        _ => None,
    };
    named.unwrap_or(if schema.get("properties").or_else(|| schema.get("allOf")).is_some() { "object" } else { "" })
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|named| named == "null")
}

fn nullable(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == "null"))
}

/// Takes away the schemas that nothing names: those of items, which lists hold as they are.
pub fn drop_unused(document: &mut Value) {
    loop {
        let mut named = BTreeSet::new();
        names(document, &mut named);
        let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
        let Some(schemas) = schemas else { return };
        let before = schemas.len();
        schemas.retain(|name, _| named.contains(name));
        if schemas.len() == before {
            return;
        }
    }
}

fn names(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            named.extend(reference.and_then(|it| it.rsplit('/').next()).map(str::to_owned));
            members.values().for_each(|member| names(member, named));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, named)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(schema: Value) -> (Value, Vec<String>) {
        let mut document = json!({
            "paths": { "/a": { "post": {
                "requestBody": { "content": { "application/json": { "schema": schema } } },
                "responses": { "404": { "content": { "application/problem+json": {} } }, "204": {} },
            } } },
            "components": { "schemas": {
                "Price": { "type": "object", "properties": { "minor": { "type": "integer", "example": 5 } } },
                "Tree": { "type": "object", "properties": { "below": { "$ref": "#/components/schemas/Tree" } } },
            } },
        });
        let missing = fill(&mut document);
        (document, missing)
    }

    #[test]
    fn a_body_gets_an_example_made_of_its_fields() {
        let (document, missing) = filled(json!({
            "allOf": [{ "$ref": "#/components/schemas/Price" }],
            "properties": {
                "id": { "type": "string", "format": "uuid" },
                "name": { "type": ["string", "null"] },
                "old": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Price" }] },
                "all": { "type": "array", "items": { "enum": ["a", "b"] } },
                "sure": { "type": "boolean" },
            },
        }));
        assert_eq!(missing, Vec::<String>::new());
        let post = &document["paths"]["/a"]["post"];
        assert_eq!(
            post["requestBody"]["content"]["application/json"]["example"],
            json!({ "minor": 5, "id": SOME_ID, "name": null, "old": { "minor": 5 }, "all": ["a"], "sure": true })
        );
        let answer = &post["responses"]["404"]["content"]["application/problem+json"]["example"];
        assert_eq!((answer["status"].as_u64(), answer["code"].as_str()), (Some(404), Some("not-found")));
    }

    #[test]
    fn what_nothing_names_is_not_described() {
        let mut document = json!({
            "paths": { "/a": { "get": { "$ref": "#/components/schemas/Used" } } },
            "components": { "schemas": {
                "Used": { "items": { "$ref": "#/components/schemas/Below" } }, "Below": {},
                "Unused": { "items": { "$ref": "#/components/schemas/UnusedToo" } }, "UnusedToo": {},
            } },
        });
        drop_unused(&mut document);
        let kept: Vec<_> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(kept, ["Below", "Used"]);
    }

    #[test]
    fn a_field_without_an_example_is_named() {
        let (_, missing) = filled(json!({ "properties": { "a": { "properties": { "b": { "type": "string" } } } } }));
        assert_eq!(missing, ["post /a : .a.b has no example"]);
        let (_, missing) = filled(json!({ "$ref": "#/components/schemas/Tree" }));
        assert!(missing[0].ends_with("holds itself"), "{missing:?}");
    }
}
