//! What holds for every answer: how much is left of what is allowed, which sites' pages may ask, by what name a request is
//! known, and that nothing that was sent is passed over.

use super::*;
use http::Method;

const SITE: &str = "https://app.example";

async fn ask(shop: &Shop, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path).header("host", "shop.example");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    shop.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_answer_tells_how_much_is_left() {
    let shop = Shop::open_whole(|config| config.limits.set(domain::limits::Rule::Api, "3/1m")).await;
    for (path, status, left) in [
        ("/api/v1/openapi.json", 200, "\"requests\";r=2;t=20"),
        ("/api/v1/users/me", 401, "\"requests\";r=1;t=40"),
        ("/api/v1/nothing", 404, "\"requests\";r=0;t=60"),
        ("/api/v1/openapi.json", 429, "\"requests\";r=0;t=20"),
    ] {
        let answer = shop.get("", path, &[]).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("ratelimit-policy"), "\"requests\";q=3;w=60", "{path}");
        let (told, expected) = (answer.header("ratelimit"), left.rsplit_once('=').unwrap());
        let (told, until) = told.rsplit_once('=').unwrap();
        // The clock of limits goes on while the test asks.
        let (until, expected_until): (i64, i64) = (until.parse().unwrap(), expected.1.parse().unwrap());
        assert_eq!(told, expected.0, "{path}");
        assert!((expected_until - 5..=expected_until).contains(&until), "{path}: {until}");
    }
    assert_eq!(shop.get("", "/healthz", &[]).await.header("ratelimit"), "");
}

#[tokio::test]
async fn a_request_is_known_by_its_own_name_or_by_one_that_it_is_given() {
    let shop = Shop::open().await;
    let named = ask(&shop, Method::GET, "/api/v1/openapi.json", &[("x-request-id", "tills-42")]).await;
    assert_eq!(named.header("x-request-id"), "tills-42");
    let (one, other) = (
        shop.get("", "/api/v1/users/me", &[]).await.header("x-request-id").to_owned(),
        shop.get("", "/api/v1/users/me", &[]).await.header("x-request-id").to_owned(),
    );
    assert!(uuid::Uuid::try_parse(&one).is_ok() && one != other, "{one} {other}");
}

#[tokio::test]
async fn a_query_that_nothing_reads_is_named() {
    let shop = Shop::open().await;
    for path in ["/api/v1/users/me?fields=name", "/api/v1/openapi.json?fields=name", "/api/v1/auth/login?fields=name"] {
        let method = if path.contains("login") { Method::POST } else { Method::GET };
        let answer = ask(&shop, method, path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"), "{path}");
        assert_eq!(answer.json()["errors"][0]["field"], "fields");
    }
    assert_eq!(ask(&shop, Method::HEAD, "/api/v1/openapi.json?a=b", &[]).await.status, 422);
    assert_eq!(shop.get("", "/api/v1/openapi.json?", &[]).await.status, 200);
    assert_eq!(shop.get("", "/api/v1/nothing?a=b", &[]).await.status, 404);
}

#[tokio::test]
async fn pages_of_no_other_site_use_the_api_unless_its_owner_says_so() {
    let shop = Shop::open().await;
    let preflight = [("origin", SITE), ("access-control-request-method", "PATCH")];
    let answer = ask(&shop, Method::OPTIONS, "/api/v1/users/me", &preflight).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (405, ""));
    let answer = ask(&shop, Method::GET, "/api/v1/openapi.json", &[("origin", SITE)]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn pages_of_a_site_that_its_owner_names_use_the_api_with_a_token_and_without_cookies() {
    let shop = Shop::open_whole(|config| {
        config.limits = crate::config::Limits::off();
        config.api.allowed_origins = SITE.to_owned();
    })
    .await;
    let preflight = |origin| [("origin", origin), ("access-control-request-method", "PATCH")];
    let answer = ask(&shop, Method::OPTIONS, "/api/v1/users/me", &preflight(SITE)).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, SITE));
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let body = json!({ "email": "ada@example.com", "password": "not the password" }).to_string();
    let post = async |origin: &str, path: &str| {
        let request = Request::post(path).header("host", "shop.example").header("origin", origin);
        let request = request.header("sec-fetch-site", "cross-site").header("content-type", "application/json");
        shop.send(request.body(Body::from(body.clone())).unwrap()).await
    };
    let answer = post(SITE, "/api/v1/auth/login").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (401, SITE));
    for exposed in ["etag", "link", "ratelimit", "retry-after", "x-request-id"] {
        let told = answer.header("access-control-expose-headers");
        assert!(told.split(", ").any(|name| name == exposed), "{exposed} is not in {told}");
    }
    assert!(answer.headers.get_all("vary").iter().any(|value| value == "origin"));
    let other = post("https://elsewhere.example", "/api/v1/auth/login").await;
    assert_eq!((other.status.as_u16(), other.header("access-control-allow-origin")), (403, ""));
    assert_eq!(post(SITE, "/api/account/logout").await.status, 403, "pages of the shop are for its own forms");
    let answer = ask(&shop, Method::OPTIONS, "/api/v1/users/me", &preflight("https://elsewhere.example")).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (405, ""));
}
