//! Whatever a test of the server is answered under /api/v1 has to be in the description.

use crate::http::api::browse::operations;
use crate::http::api::document;
use http::{Method, StatusCode};
use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(document().unwrap()).unwrap());

/// # Panics
/// When an operation was answered with a status that its description does not name.
pub fn is_described(method: &Method, path: &str, status: StatusCode) {
    let method = if *method == Method::HEAD { Method::GET } else { method.clone() };
    let fits = operations(&DOCUMENT)
        .filter(|(_, described, _)| described.eq_ignore_ascii_case(method.as_str()))
        .filter_map(|(template, _, operation)| Some((variables_of(template, path)?, operation)));
    // Where two fit, the router takes the one that says more.
    let Some((_, operation)) = fits.min_by_key(|(variables, _)| *variables) else { return };
    let described = operation["responses"].get(status.as_str()).is_some();
    assert!(described, "{method} {path} answers {status}, which is not described: {}", operation["operationId"]);
}

/// How many variable parts of a template stand for parts of this path; `None` when it is another address.
fn variables_of(template: &str, path: &str) -> Option<usize> {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let same = template.len() == path.len()
        && template.iter().zip(&path).all(|(part, sent)| part == sent || (part.starts_with('{') && !sent.is_empty()));
    same.then(|| template.iter().filter(|part| part.starts_with('{')).count())
}
