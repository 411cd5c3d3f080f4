//! Looking at titles.

use super::*;

#[tokio::test]
async fn a_list_is_read_part_by_part_with_all_that_narrows_it() {
    let shop = Shop::open().await;
    bells(&shop, 0..5).await;
    testing::title(&shop.db, "Salt").category("travel").price(0).minutes(90).published().await;
    testing::title(&shop.db, "Not yet").draft().await;

    let first = get(&shop, "audiobooks?sort=title&limit=4&category=adventure").await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(slugs(&first), ["bell-0", "bell-1", "bell-2", "bell-3"]);
    let list = first.json();
    assert_eq!((&list["total"], &list["more"]), (&json!(5), &json!(false)));
    let next = list["next"].as_str().unwrap();
    let path = format!("audiobooks?sort=title&limit=4&category=adventure&cursor={next}");
    assert_eq!(first.header("link"), format!("</api/v1/{path}>; rel=\"next\""));
    let second = get(&shop, &path).await;
    assert_eq!(slugs(&second), ["bell-4"]);
    assert!(second.json().get("next").is_none());

    for (query, found) in [
        ("free=true", 1),
        ("length=1-5", 1),
        ("length=under-1", 5),
        ("text=bell", 5),
        ("narrator=Ben%20Oak", 5),
        ("author=ada-moss", 6),
        ("language=de", 0),
        ("price_from=1&price_to=1290", 5),
        ("on_sale=true", 0),
        ("four_stars=true", 0),
        ("category=nothing", 0),
    ] {
        let answer = get(&shop, &format!("audiobooks?{query}")).await;
        assert_eq!(answer.json()["total"], found, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn only_the_members_that_are_asked_for_are_sent() {
    let shop = Shop::open().await;
    bells(&shop, 0..1).await;
    let answer = get(&shop, "audiobooks?fields=title,price").await.json();
    let names: Vec<&String> = answer["items"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "price", "title"]);
    assert_eq!(answer["items"][0]["price"]["now"], json!({ "minor": 1290, "currency": "USD" }));
    let answer = get(&shop, "audiobooks/bell-0?fields=chapters_count").await.json();
    assert_eq!(answer.as_object().unwrap().len(), 2);
    for path in [
        "audiobooks?fields=colour",
        "audiobooks/bell-0?fields=next",
        "audiobooks?colour=red",
        "audiobooks?sort=x",
        "audiobooks?price_to=-1",
        "audiobooks?price_to=9223372036854775808",
    ] {
        let refused = get(&shop, path).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "invalid"), "{path}");
    }
}

#[tokio::test]
async fn words_that_no_title_has_are_taken_for_those_that_one_has() {
    let shop = Shop::open().await;
    testing::title(&shop.db, "The Lantern").published().await;
    let answer = get(&shop, "audiobooks?text=lantren").await.json();
    assert_eq!(answer["did_you_mean"], json!({ "text": "Lantern", "shown": true }));
    assert_eq!(answer["total"], 1);
    let exact = get(&shop, "audiobooks?text=lantren&exact=true").await.json();
    assert_eq!((&exact["total"], &exact["did_you_mean"]["shown"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn a_title_is_found_by_its_address_and_by_its_id() {
    let shop = Shop::open().await;
    let title = testing::title(&shop.db, "Bell").series("Bells", Some(2)).licences(3).published().await;
    testing::say(&shop.db, title.id, 0, 0, 5_000, "Once there was a bell.").await;
    testing::sample(&shop.db, title.id, "samples/bell", 0, 10_000).await;
    let by_slug = get(&shop, "audiobooks/bell").await;
    assert_eq!(by_slug.status, 200, "{}", by_slug.text());
    let by_id = get(&shop, &format!("audiobooks/{}", title.id)).await;
    assert_eq!(by_slug.json(), by_id.json());
    let bell = by_id.json();
    assert_eq!(bell["availability"], "for-sale");
    assert_eq!(bell["series"], json!({ "series": { "slug": "bells", "name": "Bells" }, "position": 2 }));
    assert_eq!(bell["licences_left"], 3);
    assert_eq!(bell["sample"]["segments"][0]["text"], "Once there was a bell.");
    assert!(bell["cover"]["sizes"].as_array().unwrap().len() > 1 && bell.get("version").is_none());
    let tag = by_slug.header("etag").to_owned();
    let again = shop.get("", "/api/v1/audiobooks/bell", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    for path in ["audiobooks/nothing", "audiobooks/a%2Fb", &format!("audiobooks/{}", uuid::Uuid::nil())] {
        assert_eq!(get(&shop, path).await.problem(), "not-found", "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_for_admins_and_says_its_version() {
    let shop = Shop::open().await;
    let draft = testing::title(&shop.db, "Not yet").draft().await;
    let path = format!("audiobooks/{}", draft.id);
    assert_eq!(get(&shop, &path).await.status, 404);
    assert_eq!(
        send(&shop, &crate::http::api::tests::shopper(&shop).await, "GET", &path, &Value::Null).await.status,
        404
    );
    let token = admin(&shop).await;
    let answer = send(&shop, &token, "GET", &path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let version = answer.json()["version"].as_i64().unwrap();
    assert_eq!(answer.json()["status"], "draft");
    assert!(answer.header("etag").starts_with(&format!("\"v{version}")));
    assert_eq!(send(&shop, "no-such-token", "GET", &path, &Value::Null).await.problem(), "invalid-token");
}

#[tokio::test]
async fn chapters_come_in_their_order() {
    let shop = Shop::open().await;
    bells(&shop, 0..1).await;
    let answer = get(&shop, "audiobooks/bell-0/chapters?limit=1").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    for chapter in answer.json()["items"].as_array().unwrap() {
        assert_eq!((&chapter["number"], &chapter["start_ms"]), (&json!(1), &json!(0)));
    }
}

#[tokio::test]
async fn what_is_asked_of_the_database_does_not_grow_with_a_list() {
    let shop = Shop::open().await;
    bells(&shop, 0..2).await;
    let paths =
        ["audiobooks", "audiobooks?text=bell", "audiobooks?category=adventure&sort=price-up", "audiobooks/bell-0"];
    let mut few = Vec::new();
    for path in paths {
        few.push(asked(&shop, "", path).await.len());
    }
    bells(&shop, 2..20).await;
    for (path, few) in paths.into_iter().zip(few) {
        let many = asked(&shop, "", path).await;
        assert!(many.len() <= few.max(1), "{path}: {few} statements for two titles, now {many:#?}");
    }
}
