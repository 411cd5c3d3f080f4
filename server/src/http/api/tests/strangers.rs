//! What belongs to somebody is not there for anybody else.

use super::*;
use domain::ordering::CardNumber;
use domain::testing;

/// Buys under a key, and returns the number of the order.
pub(super) async fn buy(shop: &Shop, token: &str, (path, key): (&str, &str), wish: &Value) -> String {
    let request = Request::post(format!("/api/v1/{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    let answer = shop.send(request.body(Body::from(wish.to_string())).unwrap()).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json()["number"].as_str().unwrap().to_owned()
}

pub(super) async fn buy_bell(shop: &Shop, token: &str) -> String {
    let added = send(shop, token, "POST", "cart/add", &json!({ "audiobook": "the-bell" })).await;
    assert_eq!(added.status, 200, "{}", added.text());
    let total = json!({ "minor": 500, "currency": "USD" });
    buy(shop, token, ("checkout", "bell"), &json!({ "total": total, "withdrawal": 1, "card": CardNumber::ACCEPTED }))
        .await
}

#[tokio::test]
async fn orders_books_and_bookmarks_are_there_for_nobody_but_their_owner() {
    let shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 500).await;
    let (owner, other_owner, stranger) = (shopper(&shop).await, shopper(&shop).await, shopper(&shop).await);
    let order = buy_bell(&shop, &owner).await;
    buy_bell(&shop, &other_owner).await;
    let gift = json!({
        "total": { "minor": 500, "currency": "USD" }, "withdrawal": 1, "card": CardNumber::ACCEPTED,
        "recipient": "ben@example.com", "sender": "Ada",
    });
    let given = buy(&shop, &owner, ("audiobooks/the-bell/gift", "gift"), &gift).await;
    let marks = "my-books/the-bell/bookmarks";
    let marked = send(&shop, &owner, "POST", marks, &json!({ "position_ms": 1000, "note": "Here" })).await;
    assert_eq!(marked.status, 201, "{}", marked.text());
    let mark = format!("{marks}/{}", marked.json()["id"].as_str().unwrap());

    let of_the_mark = [("PATCH", mark.clone(), json!({ "note": "There" })), ("DELETE", mark.clone(), Value::Null)];
    let of_the_owner = [
        ("GET", format!("orders/{order}"), Value::Null),
        ("POST", format!("orders/{order}/cancel"), Value::Null),
        ("GET", format!("orders/{order}/invoice"), Value::Null),
        ("POST", format!("orders/{order}/invoice"), json!({ "name": "Ada" })),
        ("GET", format!("orders/{order}/receipt.pdf"), Value::Null),
        ("GET", format!("orders/{order}/invoice.pdf"), Value::Null),
        ("GET", format!("orders/{given}/gift"), Value::Null),
        ("POST", format!("orders/{given}/gift/mail"), json!({ "recipient": "ben@example.com" })),
    ];
    let of_owners = [
        ("GET", "my-books/the-bell".to_owned(), Value::Null),
        ("GET", "my-books/the-bell/transcript".to_owned(), Value::Null),
        ("GET", "my-books/the-bell/search?text=bell".to_owned(), Value::Null),
        ("GET", marks.to_owned(), Value::Null),
    ];
    for (method, path, body) in of_the_owner.iter().chain(&of_the_mark) {
        for (who, token) in [("a stranger", &stranger), ("another owner of the book", &other_owner)] {
            let answer = send(&shop, token, method, path, body).await;
            assert_eq!(answer.status, 404, "{who}, {method} {path}: {}", answer.text());
        }
    }
    for (method, path, body) in &of_owners {
        let answer = send(&shop, &stranger, method, path, body).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        let answer = send(&shop, &other_owner, method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
    }
    // For its owner all of it is there, as it was.
    let kept = send(&shop, &owner, "GET", marks, &Value::Null).await.json();
    assert_eq!(kept["items"][0]["note"], "Here");
    for (method, path, body) in of_the_owner.iter().chain(&of_owners).chain(&of_the_mark) {
        let status = send(&shop, &owner, method, path, body).await.status.as_u16();
        // No invoice is made out.
        let none = status == 409 || status == 404 && path.ends_with("invoice.pdf");
        assert!(status < 300 || none, "{method} {path}: {status}");
    }
}
