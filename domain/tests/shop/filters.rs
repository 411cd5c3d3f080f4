//! Narrowing a list: by people, language, length, price and category.

use crate::database::{self, Shop};
use domain::catalog::{Browse, BrowseForm, Sort, browse};
use domain::entities::audiobooks;
use domain::testing::set;
use domain::{Currency, Money};

/// The slugs that a form finds, by title.
async fn found(shop: &Shop, change: impl FnOnce(&mut BrowseForm)) -> Vec<String> {
    let mut form = BrowseForm { sort: "title".to_owned(), ..BrowseForm::default() };
    change(&mut form);
    let page = browse::browse(&shop.db, &form.read(Currency::USD)).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|card| card.slug).collect()
}

async fn stocked() -> Shop {
    let shop = database::fresh().await;
    let now = shop.db.now();
    shop.title("Apple").author("Ada Moss").narrator("Ben Oak").minutes(30).price(0).category("food").published().await;
    shop.title("Birch").author("Ben Oak").narrator("Ada Moss").minutes(60).price(500).published().await;
    shop.title("Cedar")
        .author("Ada Moss")
        .minutes(300)
        .price(2000)
        .sale(400, None, Some(now.plus_ms(1000)))
        .published()
        .await;
    let german =
        shop.title("Douglasie").author("Cleo Ash").minutes(1300).price(1500).category("food").published().await;
    set(&shop.db, german.id, audiobooks::Column::Language, "de").await;
    shop.title("Elm").author("Ada Moss").minutes(30).price(500).category("food").draft().await;
    shop
}

#[tokio::test]
async fn a_list_is_narrowed_by_who_wrote_and_who_reads() {
    let shop = stocked().await;
    assert_eq!(found(&shop, |form| form.author = "ada-moss".to_owned()).await, ["apple", "cedar"]);
    assert_eq!(found(&shop, |form| form.author = " Ada Moss ".to_owned()).await, ["apple", "cedar"], "as one types it");
    assert_eq!(found(&shop, |form| form.narrator = "ada moss".to_owned()).await, ["birch"]);
    assert!(found(&shop, |form| form.author = "nobody".to_owned()).await.is_empty());
}

#[tokio::test]
async fn a_list_is_narrowed_by_language_and_length() {
    let shop = stocked().await;
    assert_eq!(found(&shop, |form| form.language = "DE".to_owned()).await, ["douglasie"]);
    for (length, titles) in [
        ("under-1", vec!["apple"]),
        ("1-5", vec!["birch"]),
        ("5-10", vec!["cedar"]),
        ("10-20", vec![]),
        ("over-20", vec!["douglasie"]),
    ] {
        assert_eq!(found(&shop, |form| form.length = length.to_owned()).await, titles, "{length}");
    }
    assert_eq!(browse::languages(&shop.db).await.unwrap(), ["de", "en"]);
}

#[tokio::test]
async fn a_list_is_narrowed_by_what_is_charged_now() {
    let shop = stocked().await;
    assert_eq!(found(&shop, |form| form.price = "free".to_owned()).await, ["apple"]);
    assert_eq!(found(&shop, |form| form.price_to = "5".to_owned()).await, ["apple", "birch", "cedar"]);
    let range = |form: &mut BrowseForm| (form.price_from, form.price_to) = ("4.00".to_owned(), "5.00".to_owned());
    assert_eq!(found(&shop, range).await, ["birch", "cedar"], "the sale price counts");
    assert_eq!(found(&shop, |form| form.on_sale = "1".to_owned()).await, ["cedar"]);
    shop.clock.advance(1000);
    assert_eq!(found(&shop, range).await, ["birch"], "the sale is over");
    assert!(found(&shop, |form| form.on_sale = "1".to_owned()).await.is_empty());
    let mut other = Browse::default();
    other.filters.price.to = Some(Money::new(100_000, "EUR".parse().unwrap()));
    assert_eq!(browse::browse(&shop.db, &other).await.unwrap().total, 0, "amounts of two currencies are not compared");
}

#[tokio::test]
async fn filters_and_words_work_together_in_every_order() {
    let shop = stocked().await;
    for (_, param, _) in Sort::ALL {
        let both = |form: &mut BrowseForm| {
            (form.text, form.category, form.sort) = ("moss".to_owned(), "food".to_owned(), param.to_owned());
        };
        assert_eq!(found(&shop, both).await, ["apple"], "{param}");
        let all = |form: &mut BrowseForm| (form.category, form.sort) = ("food".to_owned(), param.to_owned());
        assert_eq!(found(&shop, all).await.len(), 2, "{param}");
        let much = |form: &mut BrowseForm| {
            (form.author, form.language, form.length) = ("ada-moss".to_owned(), "en".to_owned(), "5-10".to_owned());
            (form.on_sale, form.price_from, form.sort) = ("1".to_owned(), "1".to_owned(), param.to_owned());
        };
        assert_eq!(found(&shop, much).await, ["cedar"], "{param}");
    }
}
