//! The description of the API, collected from what the routes say of themselves.

use super::problem::{self, Details, FieldError};
use super::{described, examples, manners};
use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};

/// What is true of all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lectern",
        version = "1",
        description = "The audiobook shop, for programs. A program logs in with the password of an account and gets an \
                       access token for ten minutes and a refresh token for the next ones. Errors are problem details \
                       (RFC 9457): rely on `type` and `code`, show `detail`. Requests that a browser sends for another site are \
                       refused (403). A change on a condition (`If-Match`) is made where the operation names that header; \
                       everywhere else it is refused (412 `condition-unknown`), and never made without a look.",
        contact(name = "Whoever runs this shop: see /contact"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This shop")),
    components(schemas(Details, FieldError)),
    modifiers(&AccessToken),
    tags(
        (name = "auth", description = "Accounts and tokens"),
        (name = "account", description = "Whoever is logged in"),
        (name = "catalogue", description = "What the shop sells"),
        (name = "shopping", description = "Buying"),
        (name = "listening", description = "What was bought"),
        (name = "production", description = "From a recording to a title"),
        (name = "office", description = "The desk of the shop"),
        (name = "machines", description = "Tokens for machines, and webhooks"),
        (name = "keys", description = "Checking access tokens elsewhere"),
        (name = "about", description = "The shop, and this description"),
    )
)]
pub struct Description;

struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        document.components.get_or_insert_default().add_security_scheme("access_token", SecurityScheme::Http(scheme));
    }
}

/// The document.
static DOCUMENT: LazyLock<serde_json::Result<String>> = LazyLock::new(|| {
    let mut document = serde_json::to_value(manners::complete(described().into_openapi()))?;
    manners::want_values(&mut document);
    // A test says which could not be made.
    examples::fill(&mut document);
    examples::drop_unused(&mut document);
    serde_json::to_string_pretty(&document)
});

/// The whole description as JSON, OpenAPI 3.1.
///
/// # Errors
/// Never, unless the description of a route cannot be written.
pub fn document() -> anyhow::Result<&'static str> {
    DOCUMENT.as_deref().map_err(|error| anyhow::anyhow!("the API's description cannot be written: {error}"))
}

/// This description
///
/// To be read in a browser at `/api/v1/docs`.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "about",
    responses(
        (status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json"),
        Unchanged, OurProblems,
    )
)]
pub async fn serve() -> Result<impl IntoResponse, problem::Problem> {
    let document = document().map_err(problem::Problem::internal)?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")], document))
}

/// Problems that any request may meet, whatever it asks for.
pub struct OurProblems;

/// What may be wrong with a body.
pub struct BodyProblems;

/// What may be wrong with an access token.
pub struct TokenProblems;

/// What may be wrong with the query of a request.
pub struct QueryProblems;

/// There is nothing at this address.
pub struct NotThere;

/// What is there does not allow it.
pub struct Clash;

/// Somebody was faster.
pub struct Outdated;

/// Whoever asks has it already.
pub struct Unchanged;

type Responses = BTreeMap<String, RefOr<Response>>;

fn problems(kinds: &[(&str, &str)]) -> Responses {
    let described = kinds.iter().map(|(status, description)| {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new().description(*description).content(problem::MEDIA_TYPE, content);
        ((*status).to_owned(), response.build().into())
    });
    described.collect()
}

impl IntoResponses for OurProblems {
    fn responses() -> Responses {
        problems(&[
            ("429", "It was tried too often: wait for as many seconds as `Retry-After` says."),
            ("500", "Something went wrong on our side."),
            ("503", "The shop is busy: try again in a moment."),
        ])
    }
}

impl IntoResponses for BodyProblems {
    fn responses() -> Responses {
        let mut responses = problems(&[
            ("400", "The body is no JSON."),
            ("403", "A browser sent it for another site."),
            ("413", "The body is too large."),
            ("415", "The body is not said to be JSON."),
            ("422", "The body is JSON of another shape, or a field is not valid."),
        ]);
        responses.extend(OurProblems::responses());
        responses
    }
}

impl IntoResponses for TokenProblems {
    fn responses() -> Responses {
        let mut responses = problems(&[
            ("400", "The header Authorization was sent twice."),
            ("401", "No access token was sent, or one that is not valid."),
            ("403", "The token was not made for this, or its owner may not do it."),
        ]);
        responses.extend(OurProblems::responses());
        responses
    }
}

impl IntoResponses for QueryProblems {
    fn responses() -> Responses {
        let mut responses = problems(&[("422", "A parameter is not known or not valid.")]);
        responses.extend(OurProblems::responses());
        responses
    }
}

impl IntoResponses for NotThere {
    fn responses() -> Responses {
        problems(&[("404", "There is no such thing, or it is not for whoever asks.")])
    }
}

impl IntoResponses for Clash {
    fn responses() -> Responses {
        problems(&[("409", "It clashes with what is there: `code` says how.")])
    }
}

impl IntoResponses for Outdated {
    fn responses() -> Responses {
        problems(&[("412", "It was changed since the version that `If-Match` names.")])
    }
}

impl IntoResponses for Unchanged {
    fn responses() -> Responses {
        let unchanged =
            ResponseBuilder::new().description("It is as the tag in `If-None-Match` says: nothing is sent.");
        [("304".to_owned(), unchanged.build().into())].into()
    }
}
