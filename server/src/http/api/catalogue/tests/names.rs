//! People, series, categories, and what is found by their names.

use super::*;

#[tokio::test]
async fn whoever_was_renamed_or_merged_is_found_under_the_old_address() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..2).await;
    let person = get(&shop, "people/ada-moss").await;
    assert_eq!(person.json()["titles"].as_array().unwrap().len(), 2, "{}", person.text());
    let renamed = send(&shop, &token, "PATCH", "people/ada-moss", &json!({ "name": "Ada Mossing" })).await;
    assert_eq!(renamed.json()["slug"], "ada-mossing", "{}", renamed.text());
    let moved = get(&shop, "people/ada-moss").await;
    assert_eq!((moved.status.as_u16(), moved.header("location")), (301, "/api/v1/people/ada-mossing"));
    send(&shop, &token, "PATCH", "series/bells", &json!({ "name": "Old bells", "about": "Of iron." })).await;
    assert_eq!(get(&shop, "series/bells").await.header("location"), "/api/v1/series/old-bells");
    assert_eq!(get(&shop, "series/old-bells").await.json()["about"], "Of iron.");

    let kept = send(&shop, &token, "GET", "admin/categories", &Value::Null).await.json();
    let id = kept["items"][0]["id"].as_str().unwrap().to_owned();
    let change = json!({ "name": "Far away" });
    let changed = send(&shop, &token, "PATCH", &format!("categories/{id}"), &change).await;
    assert_eq!(changed.json()["slug"], "far-away", "{}", changed.text());
    let moved = get(&shop, "audiobooks?category=adventure&sort=title").await;
    assert_eq!(moved.header("location"), "/api/v1/audiobooks?category=far-away&sort=title");
    assert_eq!(get(&shop, "people/nobody").await.problem(), "not-found");
}

#[tokio::test]
async fn people_and_series_are_listed_when_they_have_something_to_sell() {
    let shop = Shop::open().await;
    bells(&shop, 0..1).await;
    testing::title(&shop.db, "Salt").author("Cora Pine").series("Seas", None).draft().await;
    let first = get(&shop, "people?limit=1").await;
    assert_eq!(slugs(&first), ["ada-moss"], "{}", first.text());
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = get(&shop, &format!("people?limit=1&cursor={next}")).await;
    assert_eq!(slugs(&second), ["ben-oak"]);
    assert!(second.json().get("next").is_none());
    assert_eq!(slugs(&get(&shop, "people?role=narrator").await), ["ben-oak"]);
    assert_eq!(slugs(&get(&shop, "people?text=Ada").await), ["ada-moss"]);
    assert_eq!(slugs(&get(&shop, "series").await), ["bells"]);
    let token = admin(&shop).await;
    let kept = send(&shop, &token, "GET", "admin/people?text=cora", &Value::Null).await.json();
    assert_eq!((&kept["items"][0]["in_shop"], &kept["items"][0]["wrote"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn a_series_is_numbered_and_merged() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..2).await;
    testing::title(&shop.db, "Gong").series("Gongs", None).published().await;
    let order = send(&shop, &token, "GET", "admin/series/bells", &Value::Null).await.json();
    let second = order["order"][1]["id"].clone();
    let numbers = json!({ "numbers": [{ "id": second, "number": 7 }] });
    let numbered = send(&shop, &token, "PUT", "series/bells/order", &numbers).await;
    assert_eq!(numbered.json()["order"][1]["number"], 7, "{}", numbered.text());
    assert_eq!(send(&shop, &token, "DELETE", "series/gongs", &Value::Null).await.problem(), "conflict");
    let merged = send(&shop, &token, "POST", "series/gongs/merge", &json!({ "into": "Bells" })).await;
    assert_eq!(merged.json()["titles"], 3, "{}", merged.text());
    let nobody = send(&shop, &token, "POST", "people/ada-moss/merge", &json!({ "into": "Nobody" })).await;
    assert_eq!(nobody.json()["errors"][0]["field"], "into");
}

#[tokio::test]
async fn categories_are_added_moved_and_merged() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    bells(&shop, 0..1).await;
    let added = send(&shop, &token, "POST", "categories", &json!({ "name": "Tall tales" })).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let moved = send(&shop, &token, "POST", &format!("categories/{id}/move"), &json!({ "up": true })).await;
    assert_eq!(moved.status, 204);
    assert_eq!(slugs(&get(&shop, "categories").await), ["tall-tales", "adventure"]);
    let all = send(&shop, &token, "GET", "admin/categories", &Value::Null).await.json();
    let into = json!({ "into": all["items"][1]["id"] });
    assert_eq!(send(&shop, &token, "POST", &format!("categories/{id}/merge"), &into).await.status, 200);
    assert_eq!(slugs(&get(&shop, "categories").await), ["adventure"]);
    let last = format!("categories/{}", all["items"][1]["id"].as_str().unwrap());
    assert_eq!(send(&shop, &token, "DELETE", &last, &Value::Null).await.problem(), "conflict");
}

#[tokio::test]
async fn a_search_finds_titles_and_names() {
    let shop = Shop::open().await;
    bells(&shop, 0..2).await;
    let found = get(&shop, "search?text=bell").await;
    assert_eq!(found.status, 200, "{}", found.text());
    let found = found.json();
    assert_eq!((&found["total"], found["titles"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(found["names"], json!([{ "kind": "series", "slug": "bells", "name": "Bells" }]));
    assert_eq!(get(&shop, "search").await.problem(), "invalid");
}

#[tokio::test]
async fn what_is_worth_a_look_may_be_kept_by_anybody() {
    let shop = Shop::open().await;
    bells(&shop, 0..2).await;
    let answer = get(&shop, "public/dashboard").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    assert_eq!(answer.json()["newest"].as_array().unwrap().len(), 2, "{}", answer.text());
    let again = shop.get("", "/api/v1/public/dashboard", &[("if-none-match", answer.header("etag"))]).await;
    assert_eq!(again.status, 304);
    assert_eq!(get(&shop, "public/dashboard?category=nothing").await.status, 404);
}

#[tokio::test]
async fn lists_of_names_ask_the_database_as_much_for_many_as_for_few() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let name = async |range: std::ops::Range<i32>| {
        for n in range {
            let title = testing::title(&shop.db, &format!("Bell {n}")).author(&format!("Author {n}"));
            title.series(&format!("Series {n}"), None).published().await;
        }
    };
    name(0..2).await;
    let paths =
        ["people", "series", "categories", "admin/people", "admin/series", "admin/categories", "people/author-1"];
    let mut few = Vec::new();
    for path in paths {
        few.push(asked(&shop, &token, path).await.len());
    }
    name(2..20).await;
    for (path, few) in paths.into_iter().zip(few) {
        let many = asked(&shop, &token, path).await;
        assert!(many.len() <= few, "{path}: {few} statements for two, now {many:#?}");
    }
}
