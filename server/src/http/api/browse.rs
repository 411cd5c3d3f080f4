//! The API's description as a page. Plain HTML says everything; where there is JavaScript, Swagger UI takes the place of the
//! operations, to try them with a token. All of it is the shop's own: no other host is asked, and nothing is written into
//! the page that a policy would have to make an exception for.

use super::openapi;
use super::problem::{Kind, Problem};
use crate::markup::escape;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::Value;
use std::fmt::Write;

/// The plain page brings nothing but its style.
const PLAIN: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Swagger UI draws its icons as `data:`, asks the shop, and may do nothing else.
const TRIED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const KEPT: &str = "public, max-age=300";

/// The page to read and to try.
///
/// # Errors
/// When the description cannot be written.
pub async fn page() -> Result<Response, Problem> {
    answer(TRIED, true)
}

/// The page without a script.
///
/// # Errors
/// When the description cannot be written.
pub async fn plain() -> Result<Response, Problem> {
    answer(PLAIN, false)
}

fn answer(policy: &'static str, tried: bool) -> Result<Response, Problem> {
    let document = openapi::document().map_err(Problem::internal)?;
    let document: Value = serde_json::from_str(document).map_err(Problem::internal)?;
    let headers =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, KEPT)];
    Ok((headers, render(&document, tried)).into_response())
}

/// Its style.
pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, KEPT)], include_str!("browse.css"))
}

/// What starts Swagger UI.
pub async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, KEPT)], include_str!("browse.js"))
}

/// Swagger UI's own files: the build puts them into the site. Without them the page stays as it is.
const TRYING: &str = "<link rel=\"stylesheet\" href=\"/swagger-ui/swagger-ui.css\">\
     <script src=\"/swagger-ui/swagger-ui-bundle.js\" defer></script>\
     <script src=\"/api/v1/docs/try.js\" defer></script>";

fn render(document: &Value, tried: bool) -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>API · Lectern</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"/api/v1/docs/style.css\">",
    );
    html.push_str(if tried { TRYING } else { "" });
    html.push_str("</head><body><main>");
    let about = &document["info"];
    let _ = write!(
        html,
        "<h1>{} API, version {}</h1><p>{}</p><p>The same for programs: <a href=\"/api/v1/openapi.json\">OpenAPI</a>. \
         Without scripts: <a href=\"/api/v1/docs/plain\">plain</a>.</p><div id=\"try\" hidden></div><div id=\"plain\">",
        text(&about["title"]),
        text(&about["version"]),
        text(&about["description"])
    );
    for (path, method, operation) in operations(document) {
        render_operation(&mut html, path, method, operation);
    }
    html.push_str("<h2 id=\"schemas\">What is sent</h2>");
    for (name, schema) in members(&document["components"]["schemas"]) {
        render_schema(&mut html, name, schema);
    }
    html.push_str(
        "</div><h2 id=\"problems\">What may go wrong</h2><p>As <code>application/problem+json</code>:</p><dl>",
    );
    for kind in Kind::ALL {
        let (status, name, title) = kind.facts();
        let _ = write!(
            html,
            "<dt id=\"problem-{name}\"><code>{name}</code> ({})</dt><dd>{}.</dd>",
            status.as_u16(),
            escape(title)
        );
    }
    html.push_str("</dl></main></body></html>");
    html
}

/// Every operation: its path, its method, and what is said of it.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    members(&document["paths"])
        .flat_map(|(path, item)| members(item).map(move |(method, operation)| (path, method, operation)))
}

fn render_operation(html: &mut String, path: &str, method: &str, operation: &Value) {
    let id = text(&operation["operationId"]);
    let _ = write!(
        html,
        "<section><h2 id=\"{id}\"><code>{} {}</code></h2><p><strong>{}</strong>. {}</p>",
        escape(&method.to_uppercase()),
        escape(path),
        text(&operation["summary"]),
        text(&operation["description"])
    );
    if !operation["security"].is_null() {
        html.push_str("<p>With <code>Authorization: Bearer …</code></p>");
    }
    if let Some(schema) = content_schema(&operation["requestBody"]) {
        let _ = write!(html, "<p>Body: {}</p>", kind_of(schema));
    }
    html.push_str("<table><thead><tr><th>Status</th><th>When</th><th>Body</th></tr></thead><tbody>");
    for (status, response) in members(&operation["responses"]) {
        let body = content_schema(response).map(kind_of).unwrap_or_default();
        let when = text(&response["description"]);
        let _ = write!(html, "<tr><td>{}</td><td>{when}</td><td>{body}</td></tr>", escape(status));
    }
    html.push_str("</tbody></table></section>");
}

fn render_schema(html: &mut String, name: &str, schema: &Value) {
    let name = escape(name);
    let _ = write!(html, "<section><h3 id=\"schema-{name}\">{name}</h3><p>{}</p>", text(&schema["description"]));
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(|value| format!("<code>{}</code>", text(value))).collect();
        let _ = write!(html, "<p>{}</p>", values.join(", "));
    }
    html.push_str("<dl>");
    let required = schema["required"].as_array();
    for (field, about) in members(&schema["properties"]) {
        let optional = required.is_none_or(|names| !names.iter().any(|name| name == field));
        let _ = write!(
            html,
            "<dt><code>{}</code>: {}{}</dt><dd>{}</dd>",
            escape(field),
            kind_of(about),
            if optional { ", may be missing" } else { "" },
            text(&about["description"])
        );
    }
    html.push_str("</dl></section>");
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn content_schema(body: &Value) -> Option<&Value> {
    members(&body["content"]).next().map(|(_, content)| &content["schema"])
}

/// A schema in a word, linked where it has a name.
fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", kind_of(items));
    }
    match schema["format"].as_str() {
        Some(format) => format!("{} ({})", text(&schema["type"]), escape(format)),
        None => text(&schema["type"]),
    }
}

/// A sentence of the description, in which code stands between backticks.
fn text(value: &Value) -> String {
    let mut html = String::new();
    for (number, piece) in value.as_str().unwrap_or_default().split('`').enumerate() {
        let piece = escape(piece);
        html += &if number % 2 == 1 { format!("<code>{piece}</code>") } else { piece };
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_described_cannot_become_markup() {
        let document = json!({
            "info": { "title": "<b>", "version": "1", "description": "\"& `<a>`" },
            "paths": { "/a": { "get": { "summary": "<script>", "responses": { "200": { "description": "<i>" } } } } },
        });
        let html = render(&document, false);
        assert!(html.contains("&lt;b&gt;") && html.contains("&lt;script&gt;") && html.contains("&lt;i&gt;"));
        assert!(html.contains("<code>&lt;a&gt;</code>"));
        assert!(!html.contains("<script") && !html.contains("<i>"));
    }
}
