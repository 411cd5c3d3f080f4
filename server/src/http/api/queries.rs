//! Queries at addresses that take none. Where parameters are taken, `params::Query` names the one that it does not know.

use super::described;
use super::problem::{FieldError, Problem};
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use std::collections::HashSet;
use std::sync::LazyLock;
use url::form_urlencoded;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};

/// The operations that are described and take no query: method and address, as the router has it.
static WITHOUT: LazyLock<HashSet<(Method, String)>> = LazyLock::new(|| {
    let document = described().into_openapi();
    let all = document.paths.paths.iter().flat_map(|(path, item)| {
        let described = operations(item).into_iter().filter_map(|(method, operation)| Some((method, operation?)));
        described.filter(|(_, operation)| !takes_a_query(operation)).map(|(method, _)| (method, path.clone()))
    });
    all.collect()
});

/// What can be done at an address.
pub fn operations(item: &PathItem) -> [(Method, Option<&Operation>); 5] {
    [
        (Method::GET, item.get.as_ref()),
        (Method::PUT, item.put.as_ref()),
        (Method::POST, item.post.as_ref()),
        (Method::PATCH, item.patch.as_ref()),
        (Method::DELETE, item.delete.as_ref()),
    ]
}

/// Whether an operation says that it reads parameters of the query.
pub fn takes_a_query(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        // None of ours is referred to; one that were might be of the query.
        RefOr::Ref(_) => true,
    })
}

/// Refuses a query where the address takes none.
pub async fn refuse_unknown(request: Request, next: Next) -> Response {
    let query = request.uri().query().filter(|query| !query.is_empty());
    let (Some(query), Some(path)) = (query, request.extensions().get::<MatchedPath>()) else {
        return next.run(request).await;
    };
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    if !WITHOUT.contains(&(method, path.as_str().to_owned())) {
        return next.run(request).await;
    }
    let field = form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default();
    let message = "This address takes no such parameter.".to_owned();
    Problem::invalid(vec![FieldError { field, code: "malformed".to_owned(), message }]).into_response()
}
