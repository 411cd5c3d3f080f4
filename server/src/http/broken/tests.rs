//! Pages of a shop whose database is too busy, and what every page says of its scripts.

use crate::http::testing::Shop;
use http::Request;
use sea_orm::ConnectionTrait;

const PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

#[tokio::test]
async fn when_nobody_can_find_out_who_is_asking_a_person_still_gets_a_page() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    // As when the database does not answer in time.
    shop.db.read().execute_unprepared("ALTER TABLE sessions RENAME TO sessions_away").await.unwrap();
    for path in ["/setup", "/admin", "/books/none?a='b&c"] {
        let answer = shop.get(&admin, path, &[PAGE]).await;
        assert_eq!(answer.status, 500, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("style-src 'self'") && !policy.contains("script-src"), "{policy}");
        assert!(answer.text().contains("Try again") && !answer.text().contains("<script"), "{}", answer.text());
        assert!(!answer.text().contains("'b&c"), "an address is never markup");
    }
    let program = shop.get(&admin, "/setup", &[("accept", "application/json")]).await;
    assert!(program.body.is_empty(), "who asks for no page gets none");
    shop.db.read().execute_unprepared("ALTER TABLE sessions_away RENAME TO sessions").await.unwrap();
    assert_eq!(shop.get(&admin, "/admin", &[PAGE]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_gets_pages_whose_scripts_their_own_policies_allow() {
    let shop = std::sync::Arc::new(Shop::open().await);
    let paths = ["/setup", "/", "/login", "/no-such-page"];
    let crowd = (0..120).map(|n| {
        let (shop, path) = (shop.clone(), paths[n % paths.len()]);
        tokio::spawn(async move { (path, shop.get("", path, &[PAGE]).await) })
    });
    for visit in crowd.collect::<Vec<_>>() {
        let (path, answer) = visit.await.unwrap();
        let policy = answer.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
        let nonce = nonce.unwrap_or_else(|| panic!("{path} has no policy of its own: {policy}"));
        // What only states facts is never run.
        let scripts = answer.text().matches("<script").count()
            - answer.text().matches("<script type=\"application/ld+json\"").count();
        assert!(scripts > 0 && answer.text().matches(&format!("nonce=\"{nonce}\"")).count() >= scripts, "{path}");
    }
}

#[tokio::test]
async fn a_form_that_meets_a_busy_database_is_answered_with_a_way_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    shop.db.read().execute_unprepared("ALTER TABLE sessions RENAME TO sessions_away").await.unwrap();
    let request = Request::post("/api/admin/create-category")
        .header("cookie", &admin)
        .header(PAGE.0, PAGE.1)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("name=Ships"))
        .unwrap();
    let answer = shop.send(request).await;
    assert_eq!(answer.status, 500);
    assert!(answer.text().contains("href=\"/\""), "not to the address of the form: {}", answer.text());
}
