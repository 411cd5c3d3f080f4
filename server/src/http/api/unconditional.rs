//! Changes that are made on no condition. What says `If-Match` relies on it that nothing is overwritten: where there is no version
//! to compare it with, nothing is done, rather than done without a look. [`super::conditional::IfMatch`] is for what has one.

use super::described;
use super::problem::{Kind, Problem};
use super::queries::operations;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use std::collections::HashSet;
use std::sync::LazyLock;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

pub const IF_MATCH: &str = "if-match";
const IF_NONE_MATCH: &str = "if-none-match";

/// The operations that read `If-Match`: method and address, as the router has it.
static HEEDING: LazyLock<HashSet<(Method, String)>> = LazyLock::new(|| {
    let document = described().into_openapi();
    let all = document.paths.paths.iter().flat_map(|(path, item)| {
        let described = operations(item).into_iter().filter_map(|(method, operation)| Some((method, operation?)));
        described.filter(|(_, operation)| heeds(operation)).map(|(method, _)| (method, path.clone()))
    });
    all.collect()
});

/// Whether an operation says that it reads `If-Match`.
pub fn heeds(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => {
            parameter.parameter_in == ParameterIn::Header && parameter.name.eq_ignore_ascii_case(IF_MATCH)
        }
        RefOr::Ref(_) => false,
    })
}

/// Refuses a change on a condition that nobody would look at.
pub async fn refuse(request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().filter(|_| !request.method().is_safe()) else {
        return next.run(request).await;
    };
    let unheeded = if request.headers().contains_key(IF_NONE_MATCH) {
        Some(IF_NONE_MATCH)
    } else if request.headers().contains_key(IF_MATCH) {
        let asked = (request.method().clone(), path.as_str().to_owned());
        (!HEEDING.contains(&asked)).then_some(IF_MATCH)
    } else {
        None
    };
    match unheeded {
        Some(header) => problem(header).into_response(),
        None => next.run(request).await,
    }
}

/// What is said of a condition in that header.
pub fn problem(header: &str) -> Problem {
    let detail = format!("Nothing was changed: this is not done on a condition. Send it without the header {header}.");
    Problem::new(Kind::ConditionUnknown, detail)
}
