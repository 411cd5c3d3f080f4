//! Carts of guests and shoppers.

use crate::database::fresh;
use crate::fixtures::{bank, buy, cart_of, fill, for_sale, give, set, shopper};
use domain::Error;
use domain::catalog::Status;
use domain::entities::audiobooks::Column;
use domain::ordering::cart::{CartOwner, GUEST_CART_MS, add, count, delete_abandoned, get, merge_guest_cart, remove};
use domain::ordering::{Added, Availability, CartNotice, availability};

fn guest() -> CartOwner {
    CartOwner::Guest("a guest's token".into())
}

#[tokio::test]
async fn a_title_cannot_be_in_a_cart_twice_even_when_added_at_once() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let owner = guest();
    let tries = futures(&shop, &owner, &bell.slug).await;
    assert_eq!(tries.iter().filter(|added| **added == Added::Added).count(), 1, "{tries:?}");
    assert_eq!(add(&shop.db, &owner, &bell.slug).await.unwrap(), Added::AlreadyThere);
    assert_eq!(count(&shop.db, Some(&owner)).await.unwrap(), 1);
    let cart = get(&shop.db, Some(&owner)).await.unwrap();
    assert_eq!((cart.items.len(), cart.total.minor, cart.notices.len()), (1, 1290, 0));
}

async fn futures(shop: &crate::database::Shop, owner: &CartOwner, slug: &str) -> Vec<Added> {
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (db, owner, slug) = (shop.db.clone(), owner.clone(), slug.to_owned());
            tokio::spawn(async move { add(&db, &owner, &slug).await.unwrap() })
        })
        .collect();
    let mut outcomes = Vec::new();
    for one in tries {
        outcomes.push(one.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn an_owned_title_cannot_be_added() {
    let shop = fresh().await;
    let (ada, bell) = (shopper(&shop, "Ada").await, for_sale(&shop, "The Bell", 1290).await);
    give(&shop, &ada, bell.id).await;
    assert_eq!(add(&shop.db, &cart_of(&ada), &bell.slug).await.unwrap(), Added::Owned);
    assert_eq!(count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_not_for_sale_cannot_be_added() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1290).await;
    set(&shop, bell.id, Column::Status, Status::Draft).await;
    assert!(matches!(add(&shop.db, &guest(), &bell.slug).await, Err(Error::NotFound(_))));
    assert!(matches!(add(&shop.db, &guest(), "no-such-title").await, Err(Error::NotFound(_))));
    let rare = shop.title("The Rare Bell").licences(3).published().await;
    set(&shop, rare.id, Column::LicencesSold, 3).await;
    assert!(matches!(add(&shop.db, &guest(), &rare.slug).await, Err(Error::Conflict(_))));
    let euro = "EUR".parse().unwrap();
    let (dear, plain) =
        (shop.title("Der Glöckner").currency(euro).published().await, for_sale(&shop, "The Plain Bell", 100).await);
    fill(&shop, &guest(), &[&plain]).await;
    assert!(matches!(add(&shop.db, &guest(), &dear.slug).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_guests_cart_survives_login_and_merges_without_doubles() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let [bell, owl, sea, fog] = [
        for_sale(&shop, "The Bell", 100).await,
        for_sale(&shop, "The Owl", 200).await,
        for_sale(&shop, "The Sea", 400).await,
        for_sale(&shop, "The Fog", 800).await,
    ];
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    give(&shop, &ada, fog.id).await;
    fill(&shop, &guest(), &[&owl, &sea, &fog]).await;
    merge_guest_cart(&shop.db, "a guest's token", ada.id).await.unwrap();
    let cart = get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    let slugs: Vec<&str> = cart.items.iter().map(|card| card.slug.as_str()).collect();
    assert_eq!(slugs, ["the-bell", "the-owl", "the-sea"]);
    assert_eq!((cart.total.minor, cart.notices.len()), (700, 0));
    assert_eq!(count(&shop.db, Some(&guest())).await.unwrap(), 0);
    merge_guest_cart(&shop.db, "a guest's token", ada.id).await.unwrap();
    merge_guest_cart(&shop.db, "nobody's token", ada.id).await.unwrap();
    assert_eq!(count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 3);
}

#[tokio::test]
async fn a_cart_says_once_what_can_no_longer_be_bought() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let [bell, owl, sea] = [
        for_sale(&shop, "The Bell", 100).await,
        for_sale(&shop, "The Owl", 200).await,
        for_sale(&shop, "The Sea", 400).await,
    ];
    fill(&shop, &cart_of(&ada), &[&bell, &owl, &sea]).await;
    set(&shop, bell.id, Column::Status, Status::Archived).await;
    give(&shop, &ada, owl.id).await;
    let cart = get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!((cart.items.len(), cart.total.minor), (1, 400));
    assert_eq!(cart.notices, [CartNotice::NotForSale("The Bell".to_owned()), CartNotice::Owned("The Owl".to_owned())]);
    assert!(get(&shop.db, Some(&cart_of(&ada))).await.unwrap().notices.is_empty());
}

#[tokio::test]
async fn a_cart_shows_the_price_of_the_moment() {
    let shop = fresh().await;
    let bell = shop.title("The Bell").price(1000).sale(600, None, Some(shop.db.now().plus_ms(5000))).published().await;
    fill(&shop, &guest(), &[&bell]).await;
    let cart = get(&shop.db, Some(&guest())).await.unwrap();
    assert_eq!((cart.total.minor, cart.items[0].price.list.minor), (600, 1000));
    shop.clock.advance(5000);
    assert_eq!(get(&shop.db, Some(&guest())).await.unwrap().total.minor, 1000);
}

#[tokio::test]
async fn a_title_taken_out_is_out_and_others_carts_are_untouched() {
    let shop = fresh().await;
    let (ada, bell) = (shopper(&shop, "Ada").await, for_sale(&shop, "The Bell", 100).await);
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    fill(&shop, &guest(), &[&bell]).await;
    remove(&shop.db, &guest(), &bell.slug).await.unwrap();
    remove(&shop.db, &guest(), &bell.slug).await.unwrap();
    assert_eq!(count(&shop.db, Some(&guest())).await.unwrap(), 0);
    assert_eq!(count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 1);
    assert_eq!(count(&shop.db, None).await.unwrap(), 0);
    assert!(get(&shop.db, None).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_title_says_how_it_stands_with_each_person() {
    let shop = fresh().await;
    let (_, payments) = bank();
    let (ada, bob) = (shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let [bell, owl, sea, fog] = [
        for_sale(&shop, "The Bell", 100).await,
        for_sale(&shop, "The Owl", 200).await,
        for_sale(&shop, "The Sea", 400).await,
        for_sale(&shop, "The Fog", 800).await,
    ];
    buy(&shop, &payments, &ada, &[&bell]).await;
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    set(&shop, sea.id, Column::Status, Status::Archived).await;
    set(&shop, fog.id, Column::LicencesTotal, 0).await;
    let all =
        availability::of_titles(&shop.db, Some(&cart_of(&ada)), &[bell.id, owl.id, sea.id, fog.id]).await.unwrap();
    let stands = [&bell, &owl, &sea, &fog].map(|title| all[&title.id]);
    assert_eq!(stands, [Availability::Owned, Availability::InCart, Availability::NotForSale, Availability::SoldOut]);
    assert_eq!(
        availability::of_title(&shop.db, Some(&bob), Some(&cart_of(&bob)), "the-bell").await.unwrap(),
        Availability::ForSale
    );
    assert_eq!(availability::of_title(&shop.db, None, None, "the-owl").await.unwrap(), Availability::ForSale);
    assert!(matches!(availability::of_title(&shop.db, None, None, "nothing").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_guests_cart_goes_when_it_was_forgotten_and_a_shoppers_stays() {
    let shop = fresh().await;
    let (ada, bell) = (shopper(&shop, "Ada").await, for_sale(&shop, "The Bell", 100).await);
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    fill(&shop, &guest(), &[&bell]).await;
    assert_eq!(delete_abandoned(&shop.db).await.unwrap(), 0);
    shop.clock.advance(GUEST_CART_MS + 1);
    assert_eq!(delete_abandoned(&shop.db).await.unwrap(), 1);
    assert_eq!(count(&shop.db, Some(&guest())).await.unwrap(), 0);
    assert_eq!(count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 1);
}
