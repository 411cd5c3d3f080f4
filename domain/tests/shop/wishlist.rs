//! What people wish for, and that they hear when it is on sale.

use crate::database::{Shop, fresh};
use crate::fixtures::{Title, for_sale, give, shopper};
use crate::mailbox::deliver;
use crate::prices::sale_of;
use domain::account::email::mail::Content;
use domain::account::{User, profile};
use domain::catalog::publish;
use domain::entities::users;
use domain::pricing::reduced;
use domain::privacy::deletion;
use domain::wishlist::keep::{forget, list, wish, wished};
use domain::wishlist::privacy::{told_after, wishes_after};
use domain::wishlist::tell::tell;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Somebody whose address is confirmed.
async fn reader(shop: &Shop, name: &str) -> User {
    let reader = shopper(shop, name).await;
    users::Entity::update_many()
        .col_expr(users::Column::EmailVerifiedAt, Expr::value(shop.db.now()))
        .filter(users::Column::Id.eq(reader.id))
        .exec(shop.db.read())
        .await
        .unwrap();
    reader
}

async fn wishes(shop: &Shop, user: &User, titles: &[&Title]) {
    for title in titles {
        wish(&shop.db, user.id, &title.slug).await.unwrap();
        shop.clock.advance(1);
    }
}

async fn names(shop: &Shop, user: &User) -> Vec<String> {
    list(&shop.db, user.id).await.unwrap().books.into_iter().map(|book| book.title).collect()
}

/// What is told to whom: address and titles.
async fn told(shop: &Shop) -> Vec<(String, Vec<String>)> {
    reduced::keep_all(&shop.db).await.unwrap();
    tell(&shop.db).await.unwrap();
    let letters = deliver(shop).await.into_iter().filter_map(|letter| match letter.content {
        Content::OnSale(titles) => {
            Some((letter.to.to_string(), titles.into_iter().map(|title| title.title).collect::<Vec<_>>()))
        }
        _ => None,
    });
    letters.collect()
}

#[tokio::test]
async fn the_latest_wish_comes_first_and_a_title_is_wished_for_once() {
    let shop = fresh().await;
    let ada = reader(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    wishes(&shop, &ada, &[&bell, &owl, &bell]).await;
    assert_eq!(names(&shop, &ada).await, ["The Owl", "The Bell"]);
    assert_eq!(wished(&shop.db, ada.id).await.unwrap(), [owl.id, bell.id]);
    forget(&shop.db, ada.id, &owl.slug).await.unwrap();
    forget(&shop.db, ada.id, &owl.slug).await.unwrap();
    assert_eq!(names(&shop, &ada).await, ["The Bell"]);
}

#[tokio::test]
async fn a_draft_cannot_be_wished_for() {
    let shop = fresh().await;
    let ada = reader(&shop, "Ada").await;
    let draft = shop.title("Draft").draft().await;
    assert!(wish(&shop.db, ada.id, &draft.slug).await.is_err());
}

#[tokio::test]
async fn what_is_owned_or_not_for_sale_is_not_shown() {
    let shop = fresh().await;
    let ada = reader(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    wishes(&shop, &ada, &[&bell, &owl]).await;
    give(&shop.db, &ada, bell.id).await;
    publish::archive(&shop.db, owl.id).await.unwrap();
    assert!(names(&shop, &ada).await.is_empty());
    sale_of(&shop, &[], 50, 0, None).await;
    assert!(told(&shop).await.is_empty(), "there is nothing to buy");
}

#[tokio::test]
async fn each_sale_is_told_once_to_each_person() {
    let shop = fresh().await;
    let (ada, bob) = (reader(&shop, "Ada").await, reader(&shop, "Bob").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    wishes(&shop, &ada, &[&bell, &owl]).await;
    wishes(&shop, &bob, &[&owl]).await;
    assert!(told(&shop).await.is_empty());
    let sale = sale_of(&shop, &[&bell, &owl], 25, 0, None).await;
    let mut heard = told(&shop).await;
    heard.iter_mut().for_each(|(_, titles)| titles.sort());
    heard.sort();
    let expected = [("ada@example.com", vec!["The Bell", "The Owl"]), ("bob@example.com", vec!["The Owl"])];
    let expected = expected.map(|(to, titles)| (to.to_owned(), titles.into_iter().map(str::to_owned).collect()));
    assert_eq!(heard, expected);
    assert!(told(&shop).await.is_empty(), "once");
    domain::promotions::sales::end(&shop.db, sale).await.unwrap();
    sale_of(&shop, &[&owl], 30, 0, None).await;
    assert_eq!(told(&shop).await.len(), 2, "another sale is told again");
}

#[tokio::test]
async fn a_sale_that_was_seen_when_the_wish_was_made_is_not_told() {
    let shop = fresh().await;
    let ada = reader(&shop, "Ada").await;
    let bell = shop.title("The Bell").price(1000).sale(600, None, None).published().await;
    wishes(&shop, &ada, &[&bell]).await;
    assert!(told(&shop).await.is_empty());
    sale_of(&shop, &[], 50, 0, None).await;
    assert_eq!(told(&shop).await.len(), 1, "a lower price is another sale");
}

#[tokio::test]
async fn who_wants_no_mails_or_never_confirmed_an_address_gets_none() {
    let shop = fresh().await;
    let (ada, bob) = (reader(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    wishes(&shop, &ada, &[&bell]).await;
    wishes(&shop, &bob, &[&bell]).await;
    assert!(list(&shop.db, ada.id).await.unwrap().mails);
    profile::want_sale_mails(&shop.db, ada.id, false).await.unwrap();
    sale_of(&shop, &[], 50, 0, None).await;
    assert!(told(&shop).await.is_empty());
    profile::want_sale_mails(&shop.db, ada.id, true).await.unwrap();
    assert_eq!(told(&shop).await.len(), 1);
}

#[tokio::test]
async fn wishes_can_be_taken_along_and_go_with_the_person() {
    let shop = fresh().await;
    let ada = reader(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    wishes(&shop, &ada, &[&bell]).await;
    sale_of(&shop, &[], 50, 0, None).await;
    told(&shop).await;
    let taken = async || {
        let wishes = wishes_after(&shop.db, ada.id, None, 10).await.unwrap();
        let told = told_after(&shop.db, ada.id, None, 10).await.unwrap();
        (wishes.into_iter().map(|wish| wish.title).collect::<Vec<_>>(), told.len())
    };
    assert_eq!(taken().await, (vec!["The Bell".to_owned()], 1));
    deletion::delete(&shop.db, ada.id, "ada@example.com").await.unwrap();
    assert_eq!(taken().await, (Vec::new(), 0));
}
