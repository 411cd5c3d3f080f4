//! Looking after titles.

use super::*;
use crate::http::api::tests::shopper;
use axum::body::Body;
use http::Request;

#[tokio::test]
async fn a_title_is_begun_filled_in_published_and_taken_off_again() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let call = async |method: &str, path: &str, body: Value| send(&shop, &token, method, path, &body).await;
    let begun = call("POST", "audiobooks", json!({ "title": "Salt" })).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let id = begun.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(begun.header("location"), format!("/api/v1/admin/audiobooks/{id}"));
    let path = format!("audiobooks/{id}");
    testing::record(&shop.db, id.parse().unwrap(), 600_000, &["salt.mp3"]).await;

    let refused = call("POST", &format!("{path}/publish"), Value::Null).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "invalid"));
    call("POST", "categories", json!({ "name": "Adventure" })).await;
    let change = json!({
        "description": "A story.", "authors": ["Ada Moss"], "categories": ["adventure"],
        "price": { "minor": 990, "currency": "USD" },
        "series": "Seas", "series_position": 2, "text_rights": "download",
    });
    let changed = call("PATCH", &path, change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let kept = changed.json();
    assert_eq!(kept["price"], json!({ "minor": 990, "currency": "USD" }));
    assert_eq!((&kept["title"], &kept["series_position"], &kept["version"]), (&json!("Salt"), &json!(2), &json!(2)));
    assert_eq!(kept["missing"], json!([]));
    let elsewhere = call("PATCH", &path, json!({ "price": { "minor": 990, "currency": "EUR" } })).await;
    assert_eq!((elsewhere.status.as_u16(), &elsewhere.json()["errors"][0]["field"]), (422, &json!("price.currency")));

    let published = call("POST", &format!("{path}/publish"), Value::Null).await;
    assert_eq!(published.json()["status"], "published", "{}", published.text());
    assert_eq!(get(&shop, "audiobooks/salt").await.json()["price"]["now"]["minor"], 990);
    let back = call("POST", &format!("{path}/unpublish"), Value::Null).await;
    assert_eq!(back.json()["status"], "draft");
    assert_eq!(call("POST", &format!("{path}/unpublish"), Value::Null).await.problem(), "conflict");

    let at = json!({ "publish_at": "2099-12-24T06:00:00Z" });
    let scheduled = call("POST", &format!("{path}/schedule"), at).await;
    assert_eq!(scheduled.json()["publish_at"], "2099-12-24T06:00:00Z", "{}", scheduled.text());
    let past = call("POST", &format!("{path}/schedule"), json!({ "publish_at": "2001-12-24T06:00:00Z" })).await;
    assert_eq!(past.json()["errors"][0]["field"], "publish_at");
    assert_eq!(call("DELETE", &format!("{path}/schedule"), Value::Null).await.json()["publish_at"], Value::Null);

    let copy = call("POST", &format!("{path}/duplicate"), Value::Null).await;
    assert_eq!((copy.status.as_u16(), &copy.json()["title"]), (201, &json!("Salt (copy)")));
    let copy = format!("audiobooks/{}", copy.json()["id"].as_str().unwrap());
    assert_eq!(call("DELETE", &copy, Value::Null).await.status, 204);
    assert_eq!(call("DELETE", &copy, Value::Null).await.problem(), "not-found");
}

#[tokio::test]
async fn a_change_to_an_older_version_is_not_made() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    testing::title(&shop.db, "Salt").draft().await;
    let read = send(&shop, &token, "GET", "admin/audiobooks/salt", &Value::Null).await;
    let tag = read.header("etag").to_owned();
    let change = async |tag: &str, title: &str| {
        let request = Request::patch("/api/v1/audiobooks/salt")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("if-match", tag);
        shop.send(request.body(Body::from(json!({ "subtitle": title }).to_string())).unwrap()).await
    };
    let first = change(&tag, "A sea").await;
    assert_eq!((first.status.as_u16(), &first.json()["subtitle"]), (200, &json!("A sea")));
    let lost = change(&tag, "No sea").await;
    assert_eq!((lost.status.as_u16(), lost.problem().as_str()), (412, "precondition-failed"));
    assert_eq!(change(first.header("etag"), "Another sea").await.status, 200);
    assert_eq!(change("\"v99\"", "No sea").await.status, 412);
}

#[tokio::test]
async fn a_title_that_is_for_sale_is_archived_and_not_deleted() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..1).await;
    assert_eq!(send(&shop, &token, "DELETE", "audiobooks/bell-0", &Value::Null).await.status, 204);
    assert_eq!(get(&shop, "audiobooks/bell-0").await.status, 404);
    let kept = send(&shop, &token, "GET", "audiobooks/bell-0", &Value::Null).await;
    assert_eq!(kept.json()["status"], "archived");
    assert_eq!(send(&shop, &token, "DELETE", "audiobooks/bell-0", &Value::Null).await.problem(), "conflict");
}

#[tokio::test]
async fn nobody_else_changes_a_title() {
    let shop = Shop::open().await;
    bells(&shop, 0..1).await;
    let shopper = shopper(&shop).await;
    for (method, path) in [
        ("PATCH", "audiobooks/bell-0"),
        ("DELETE", "audiobooks/bell-0"),
        ("POST", "audiobooks"),
        ("POST", "audiobooks/bell-0/unpublish"),
        ("GET", "admin/audiobooks"),
        ("GET", "admin/audiobooks/bell-0"),
        ("POST", "admin/audiobooks/bulk"),
        ("GET", "admin/reviews"),
    ] {
        assert_eq!(send(&shop, "", method, path, &json!({})).await.problem(), "no-token", "{method} {path}");
        assert_eq!(send(&shop, &shopper, method, path, &json!({})).await.problem(), "forbidden", "{method} {path}");
    }
    assert_eq!(get(&shop, "audiobooks/bell-0").await.status, 200);
}

#[tokio::test]
async fn many_titles_are_listed_and_changed_at_once() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..3).await;
    testing::title(&shop.db, "Salt").draft().await;
    let list = send(&shop, &token, "GET", "admin/audiobooks?status=published&sort=title&limit=2", &Value::Null).await;
    assert_eq!(list.status, 200, "{}", list.text());
    assert_eq!((slugs(&list).len(), &list.json()["total"]), (2, &json!(3)));
    let next = list.json()["next"].as_str().unwrap().to_owned();
    let path = format!("admin/audiobooks?status=published&sort=title&limit=2&cursor={next}");
    assert_eq!(slugs(&send(&shop, &token, "GET", &path, &Value::Null).await), ["bell-2"]);

    let wish = json!({ "action": "percent", "percent": 10, "fitting": { "status": "published" } });
    let run = send(&shop, &token, "POST", "admin/audiobooks/bulk", &wish).await;
    assert_eq!(run.status, 202, "{}", run.text());
    assert_eq!((&run.json()["changed"], &run.json()["refused"]), (&json!(3), &json!(0)));
    let again = send(&shop, &token, "GET", run.header("location").strip_prefix("/api/v1/").unwrap(), &Value::Null);
    assert_eq!(again.await.json()["what"], "Raise the price by 10 %");
    assert_eq!(get(&shop, "audiobooks/bell-0").await.json()["price"]["now"]["minor"], 1419);
    let neither = send(&shop, &token, "POST", "admin/audiobooks/bulk", &json!({ "action": "archive" })).await;
    assert_eq!(neither.problem(), "invalid");

    let few = asked(&shop, &token, "admin/audiobooks").await.len();
    bells(&shop, 3..20).await;
    let many = asked(&shop, &token, "admin/audiobooks").await;
    assert!(many.len() <= few, "{few} statements for four titles, now {many:#?}");
}

#[tokio::test]
async fn what_goes_with_a_draft_is_told_before_it_is_deleted() {
    let shop = Shop::open().await;
    let (token, stranger) = (admin(&shop).await, shopper(&shop).await);
    testing::title(&shop.db, "Salt").files(&["one.mp3", "two.mp3"]).draft().await;
    bells(&shop, 0..1).await;
    let ask = async |token: &str, path: &str| send(&shop, token, "GET", path, &Value::Null).await;
    let told = ask(&token, "admin/audiobooks/salt/deletion").await.json();
    assert_eq!((&told["title"], &told["files"], &told["producing"]), (&json!("Salt"), &json!(2), &json!(false)));
    assert_eq!(ask(&token, "admin/audiobooks/bell-0/deletion").await.problem(), "conflict", "it is for sale");
    assert_eq!(ask(&token, "admin/audiobooks/nothing/deletion").await.problem(), "not-found");
    assert_eq!(ask(&stranger, "admin/audiobooks/salt/deletion").await.problem(), "forbidden");
}

#[tokio::test]
async fn a_cover_is_the_body_of_the_request() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..1).await;
    let put = async |bytes: Vec<u8>| {
        let request = Request::put("/api/v1/audiobooks/bell-0/cover")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "image/png");
        shop.send(request.body(Body::from(bytes)).unwrap()).await
    };
    assert_eq!(put(Vec::new()).await.json()["code"], "picture.missing");
    let large = put(vec![0; pictures::MOST_BYTES + 1]).await;
    assert_eq!((large.status.as_u16(), large.problem().as_str()), (413, "too-large"));
    let embedded = send(&shop, &token, "POST", "audiobooks/bell-0/cover/use-embedded", &Value::Null).await;
    assert_eq!(embedded.json()["code"], "cover.none-in-recording");
    assert_eq!(send(&shop, &token, "DELETE", "audiobooks/bell-0/cover", &Value::Null).await.status, 204);
}
