//! Routes that programs should leave behind. `.routes(deprecated(routes!(old::thing), &THING))` marks one, in its answers and in
//! the description: the headers Deprecation (RFC 9745) and Sunset (RFC 8594).

use crate::http::date::http_date;
use axum::response::Response;
use axum::routing::MethodRouter;
use domain::Timestamp;
use http::HeaderName;
use http::header::{HeaderValue, LINK};
use utoipa::openapi::Deprecated;
use utoipa_axum::router::UtoipaMethodRouter;

/// Since when a route is old, and until when it is there.
#[derive(Clone, Copy, Debug)]
pub struct Old {
    pub since: Timestamp,
    /// It answers until then.
    pub until: Timestamp,
    /// What to use instead, as an address.
    pub instead: &'static str,
}

/// Marks all methods of a route as old.
pub fn deprecated<S: Clone + Send + Sync + 'static>(
    (schemas, mut paths, methods): UtoipaMethodRouter<S>,
    old: &'static Old,
) -> UtoipaMethodRouter<S> {
    for item in paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            operation.deprecated = Some(Deprecated::True);
        }
    }
    (schemas, paths, told(methods, old))
}

fn told<S: Clone + Send + Sync + 'static>(methods: MethodRouter<S>, old: &'static Old) -> MethodRouter<S> {
    methods.layer(axum::middleware::map_response(async move |mut response: Response| {
        let headers = response.headers_mut();
        let instead = format!("<{}>; rel=\"successor-version\"", old.instead);
        for (name, value) in [
            (HeaderName::from_static("deprecation"), format!("@{}", old.since.0 / 1000)),
            (HeaderName::from_static("sunset"), http_date(old.until)),
            (LINK, instead),
        ] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.append(name, value);
            }
        }
        response
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    use utoipa_axum::router::OpenApiRouter;
    use utoipa_axum::routes;

    const THING: Old =
        Old { since: Timestamp(1_798_761_600_000), until: Timestamp(1_830_297_600_000), instead: "/api/v1/new-thing" };

    /// A thing
    #[utoipa::path(get, path = "/old-thing", responses((status = 200, description = "It.")))]
    async fn thing() -> &'static str {
        "it"
    }

    #[tokio::test]
    async fn an_old_route_says_since_when_and_until_when_and_what_is_new() {
        let router: OpenApiRouter = OpenApiRouter::new().routes(deprecated(routes!(thing), &THING));
        let (router, document) = router.split_for_parts();
        let document = serde_json::to_value(document).unwrap();
        assert_eq!(document["paths"]["/old-thing"]["get"]["deprecated"], true);
        let answer = router.oneshot(Request::get("/old-thing").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.headers()["deprecation"], "@1798761600");
        assert_eq!(answer.headers()["sunset"], "Sat, 01 Jan 2028 00:00:00 GMT");
        assert_eq!(answer.headers()["link"], "</api/v1/new-thing>; rel=\"successor-version\"");
    }
}
