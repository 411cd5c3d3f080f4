//! What people do with titles, as it is counted for the office.

use super::*;
use domain::entities::day_interest;
use domain::figures::tally;
use domain::testing;
use sea_orm::EntityTrait;

#[tokio::test]
async fn a_title_is_counted_when_it_is_new_in_a_cart_that_is_no_admins() {
    let shop = Shop::open().await;
    for name in ["The Bell", "The Owl"] {
        testing::for_sale(&shop.db, name, 500).await;
    }
    let desk = admin(&shop).await;
    let both =
        json!({ "name": "Both", "price": { "minor": 900, "currency": "USD" }, "titles": ["the-bell", "the-owl"] });
    let made = send(&shop, &desk, "POST", "bundles", &both).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.header("location").rsplit('/').next().unwrap();

    let (bell, both) = ("slug=the-bell".to_owned(), format!("id={id}"));
    for cookie in [shop.shopper().await.1, shop.admin().await] {
        for (path, form) in [("add", &bell), ("add", &bell), ("add-bundle", &both)] {
            let added = shop.post(&cookie, &format!("/api/cart/{path}"), form, &[]).await;
            assert_eq!(added.status, 200, "{path}: {}", added.text());
        }
    }
    let (bell, both) = (json!({ "audiobook": "the-bell" }), json!({ "bundle": id }));
    for token in [shopper(&shop).await, desk] {
        for (path, body) in [("cart/add", &bell), ("cart/add", &bell), ("cart/bundles", &both)] {
            let added = send(&shop, &token, "POST", path, body).await;
            assert_eq!(added.status, 200, "{path}: {}", added.text());
        }
    }

    tally::flush(&shop.db).await.unwrap();
    let day = day_interest::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    // Both titles, of one who clicks and of one who has a program.
    assert_eq!(day.carts, 4);
}
