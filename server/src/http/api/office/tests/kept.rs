//! What the office keeps: prices, people, settings.

use super::*;

#[tokio::test]
async fn prices_are_reduced_and_bundled_by_a_program() {
    let (shop, token, _) = sold(2).await;
    let ask = async |method: &str, path: &str, body: &Value| send(&shop, &token, method, path, body).await;
    let sale = json!({ "name": "Winter", "percent": 20, "everything": true });
    let made = ask("POST", "sales", &sale).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = made.header("location").strip_prefix("/api/v1/").unwrap().to_owned();
    let price = json!({ "price": { "minor": 300, "currency": "USD" }, "ends": "2030-01-01T00:00:00+01:00" });
    let changed = ask("PATCH", &path, &price).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let now = changed.json();
    assert_eq!((&now["name"], &now["percent"], &now["price"]["minor"]), (&json!("Winter"), &Value::Null, &json!(300)));
    assert_eq!(now["ends"], "2029-12-31T23:00:00Z");
    assert_eq!(ask("PATCH", &path, &json!({ "ends": null })).await.json()["ends"], Value::Null);
    let foreign = ask("PATCH", &path, &json!({ "price": { "minor": 300, "currency": "EUR" } })).await;
    assert_eq!(foreign.problem(), "invalid");
    assert_eq!(ask("DELETE", &path, &Value::Null).await.status, 204);
    assert_eq!(ask("PATCH", &path, &json!({ "percent": 10, "ends": null })).await.problem(), "conflict", "it is over");

    let bundle = json!({ "name": "Two", "price": { "minor": 900, "currency": "USD" }, "titles": ["bell-0", "bell-1"] });
    let made = ask("POST", "bundles", &bundle).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["titles"], json!(["bell-0", "bell-1"]));
    let path = made.header("location").strip_prefix("/api/v1/").unwrap().to_owned();
    assert_eq!(ask("PATCH", &path, &json!({ "name": "Both" })).await.json()["price"]["minor"], 900);
    assert_eq!(ask("DELETE", &path, &Value::Null).await.status, 204);

    let coupon = json!({ "code": "winter-25", "percent": 25, "everything": true, "max_uses": 3 });
    assert_eq!(ask("POST", "coupons", &coupon).await.json()["code"], "WINTER-25");
    assert_eq!(ask("POST", "coupons", &coupon).await.json()["errors"][0]["field"], "code", "there is one already");
    let id = get(&shop, &token, "coupons").await["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ask("DELETE", &format!("coupons/{id}"), &Value::Null).await.status, 204);
    assert_eq!(get(&shop, &token, "coupons").await["items"][0]["off"], true);

    let tax = ask("PUT", "taxes/de", &json!({ "name": "VAT", "rate": 19_000 })).await;
    assert_eq!(tax.json(), json!({ "country": "DE", "name": "VAT", "rate": 19_000 }));
    assert_eq!(ask("PATCH", "taxes", &json!({ "added": true })).await.json()["added"], true);
    assert_eq!(ask("DELETE", "taxes/DE", &Value::Null).await.status, 204);
    assert_eq!(ask("DELETE", "taxes/DE", &Value::Null).await.problem(), "not-found");
}

#[tokio::test]
async fn who_may_do_what_and_what_the_shop_is_called_is_said_by_a_program() {
    let (shop, token, _) = sold(0).await;
    let person = post(&shop, "auth/login", &Value::Null).await;
    assert_eq!(person.status, 422);
    let kim = crate::http::api::tests::register(&shop, "kim@post.example").await;
    let id = kim["user"]["id"].as_str().unwrap();
    let found = get(&shop, &token, "admin/users?text=kim").await;
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["role"]), (&json!(id), &json!("shopper")));
    let rights = json!({ "permissions": ["orders"] });
    let set = send(&shop, &token, "PUT", &format!("admin/users/{id}/permissions"), &rights).await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!((&set.json()["role"], &set.json()["permissions"]), (&json!("admin"), &json!(["orders"])));
    let unknown = json!({ "permissions": ["everything"] });
    let refused = send(&shop, &token, "PUT", &format!("admin/users/{id}/permissions"), &unknown).await;
    assert_eq!(refused.problem(), "invalid");
    assert_eq!(send(&shop, access(&kim), "GET", "users/me", &Value::Null).await.status, 401, "they were logged out");
    let out = send(&shop, &token, "DELETE", &format!("admin/users/{id}/sessions"), &Value::Null).await;
    assert_eq!(out.status, 204, "{}", out.text());

    let named = send(&shop, &token, "PATCH", "admin/settings", &json!({ "name": "Bells", "country": "DE" })).await;
    assert_eq!(named.status, 200, "{}", named.text());
    let settings = get(&shop, &token, "admin/settings").await;
    assert_eq!(
        (&settings["name"], &settings["country"], &settings["currency"]),
        (&json!("Bells"), &json!("DE"), &json!("USD"))
    );
    let elsewhere = send(&shop, &token, "PATCH", "admin/settings", &json!({ "country": null, "contact": "?" })).await;
    assert_eq!(elsewhere.json()["errors"][0]["field"], "contact");
}

#[tokio::test]
async fn who_sells_and_the_words_of_the_owner_are_said_by_a_program() {
    let (shop, token, _) = sold(0).await;
    let ask = async |method: &str, path: &str, body: Value| send(&shop, &token, method, path, &body).await;
    let seller = json!({ "name": "Lectern Books", "address": "1 Harbour Street\nPort Ellery", "vat": "GB1" });
    let said = ask("PUT", "admin/seller", seller).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let kept = get(&shop, &token, "admin/seller").await;
    assert_eq!((&kept["name"], &kept["phone"], &kept["vat"]), (&json!("Lectern Books"), &json!(""), &json!("GB1")));
    let nameless = ask("PUT", "admin/seller", json!({ "name": " ", "address": "1 Harbour Street" })).await;
    assert_eq!(nameless.json()["errors"][0]["field"], "name");

    let words = json!({ "text": "We answer within two days.", "instead": true });
    assert_eq!(ask("PUT", "admin/legal/contact", words.clone()).await.json(), words);
    assert_eq!(get(&shop, &token, "admin/legal/contact").await, words);
    assert_eq!(ask("PUT", "admin/legal/contact", json!({ "text": "" })).await.json()["instead"], false);
    assert_eq!(ask("GET", "admin/legal/jokes", Value::Null).await.problem(), "not-found");
}

#[tokio::test]
async fn how_far_a_shop_is_set_up_is_read_and_tried_by_a_program() {
    let (shop, token, _) = sold(0).await;
    let before = get(&shop, &token, "admin/opening").await;
    assert_eq!((&before["seller"], before.get("mail")), (&json!(false), None));
    let begun = send(&shop, &token, "POST", "admin/trials/mail", &Value::Null).await;
    assert_eq!(begun.status, 202, "{}", begun.text());
    let trial = &begun.json()["mail"];
    assert!(trial["asked_at"].is_string() && trial.get("done_at").is_none(), "{trial}");
    assert_eq!(send(&shop, &token, "POST", "admin/trials/models", &Value::Null).await.status, 202);
    assert_eq!(send(&shop, &token, "POST", "admin/trials/luck", &Value::Null).await.problem(), "not-found");
}
