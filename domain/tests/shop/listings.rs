//! Lists of titles: their order, their pages, and what stands in them.

use crate::database::{self, Shop};
use domain::Error;
use domain::catalog::{Browse, Sort, browse};
use std::collections::HashSet;
use uuid::Uuid;

async fn slugs(shop: &Shop, sort: Sort) -> Vec<String> {
    let page = browse::browse(&shop.db, &Browse { sort, ..Default::default() }).await.unwrap();
    page.items.into_iter().map(|card| card.slug).collect()
}

#[tokio::test]
async fn every_order_puts_titles_where_a_shopper_expects_them() {
    let shop = database::fresh().await;
    let now = shop.db.now();
    shop.title("The Zebra").price(500).minutes(30).sold(1).days_old(3).published().await;
    shop.title("apple").price(900).minutes(10).sold(3).days_old(2).published().await;
    shop.title("Élan")
        .price(1000)
        .sale(100, None, Some(now.plus_ms(1000)))
        .minutes(20)
        .sold(2)
        .days_old(1)
        .published()
        .await;

    assert_eq!(slugs(&shop, Sort::Relevance).await, ["elan", "apple", "the-zebra"]);
    assert_eq!(slugs(&shop, Sort::Newest).await, ["elan", "apple", "the-zebra"]);
    assert_eq!(slugs(&shop, Sort::BestSelling).await, ["apple", "elan", "the-zebra"]);
    assert_eq!(slugs(&shop, Sort::Title).await, ["apple", "elan", "the-zebra"]);
    assert_eq!(slugs(&shop, Sort::Shortest).await, ["apple", "elan", "the-zebra"]);
    assert_eq!(slugs(&shop, Sort::Longest).await, ["the-zebra", "elan", "apple"]);
    assert_eq!(slugs(&shop, Sort::PriceUp).await, ["elan", "the-zebra", "apple"]);
    assert_eq!(slugs(&shop, Sort::PriceDown).await, ["apple", "the-zebra", "elan"]);
    shop.clock.advance(1000);
    assert_eq!(slugs(&shop, Sort::PriceUp).await, ["the-zebra", "apple", "elan"], "the sale is over");
}

#[tokio::test]
async fn walking_all_pages_shows_every_title_once_in_every_order() {
    let shop = database::fresh().await;
    let mut all = HashSet::new();
    for n in 0..53 {
        all.insert(shop.title(&format!("Story {n}")).published().await.id);
    }
    for (sort, param, _) in Sort::ALL {
        for text in ["", "sto"] {
            let mut seen: Vec<Uuid> = Vec::new();
            for page in 1..=3 {
                let wanted = Browse { sort, page, text: text.to_owned(), ..Default::default() };
                let page = browse::browse(&shop.db, &wanted).await.unwrap();
                assert_eq!((page.total, page.count()), (53, 3));
                seen.extend(page.items.iter().map(|card| card.id));
            }
            assert_eq!(seen.len(), 53, "{param} with {text:?}");
            assert_eq!(seen.into_iter().collect::<HashSet<_>>(), all, "{param} with {text:?}");
        }
    }
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_knows_how_many_titles_there_are() {
    let shop = database::fresh().await;
    shop.title("Only One").published().await;
    let past = browse::browse(&shop.db, &Browse { page: 9, ..Default::default() }).await.unwrap();
    assert_eq!((past.items.len(), past.total), (0, 1));
    let first = browse::browse(&shop.db, &Browse::default()).await.unwrap();
    assert_eq!((first.items.len(), first.number), (1, 1));
}

#[tokio::test]
async fn a_category_holds_its_own_titles() {
    let shop = database::fresh().await;
    shop.title("Fern").category("nature").and_category("food").published().await;
    shop.title("Bread").category("food").published().await;
    shop.title("Unfinished Soup").category("food").draft().await;
    let within = async |category: &str, text: &str| {
        let wanted =
            Browse { category: category.to_owned(), text: text.to_owned(), sort: Sort::Title, ..Default::default() };
        let page = browse::browse(&shop.db, &wanted).await.unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items.into_iter().map(|card| card.slug).collect::<Vec<_>>()
    };
    assert_eq!(within("food", "").await, ["bread", "fern"]);
    assert_eq!(within("nature", "").await, ["fern"]);
    assert_eq!(within("food", "fer").await, ["fern"]);
    assert!(within("no-such-place", "").await.is_empty());
    let counts = browse::categories(&shop.db).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.category.slug.as_str(), count.titles)).collect();
    assert_eq!(counts, [("food", 2), ("nature", 1)]);
}

#[tokio::test]
async fn the_home_page_shows_what_is_featured_new_and_bought() {
    let shop = database::fresh().await;
    shop.title("Old Favourite").featured().sold(9).days_old(400).published().await;
    shop.title("Quiet One").days_old(2).published().await;
    shop.title("Secret Draft").featured().sold(99).draft().await;
    let home = browse::home(&shop.db).await.unwrap();
    let slugs =
        |cards: &[domain::catalog::AudiobookSummary]| cards.iter().map(|card| card.slug.clone()).collect::<Vec<_>>();
    assert_eq!(slugs(&home.featured), ["old-favourite"]);
    assert_eq!(slugs(&home.newest), ["quiet-one", "old-favourite"]);
    assert_eq!(slugs(&home.best_selling), ["old-favourite"], "what nobody bought is no best-seller");
    assert_eq!(home.categories.len(), 1);
}

#[tokio::test]
async fn a_card_tells_who_where_and_how_much() {
    let shop = database::fresh().await;
    let title = shop
        .title("Salt")
        .author("Ingrid Holm")
        .narrator("Theo Vance")
        .narrator("Ada Moss")
        .series("Harbour Nights", Some(2))
        .category("mystery")
        .and_category("nature")
        .price(1000)
        .sale(700, None, None)
        .licences(0)
        .published()
        .await;
    let cards = browse::summaries(&shop.db, &[title.id, Uuid::now_v7()]).await.unwrap();
    assert_eq!(cards.len(), 1, "an unknown id is left out");
    let card = &cards[&title.id];
    let names = |links: &[domain::catalog::Link]| links.iter().map(|link| link.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&card.authors), ["Ingrid Holm"]);
    assert_eq!(names(&card.narrators), ["Theo Vance", "Ada Moss"]);
    assert_eq!(names(&card.categories), ["mystery", "nature"]);
    let place = card.series.as_ref().unwrap();
    assert_eq!((place.series.slug.as_str(), place.position), ("harbour-nights", Some(2)));
    assert_eq!((card.price.list.minor, card.price.now.minor, card.price.on_sale()), (1000, 700, true));
    assert!(card.sold_out());
    assert!(!card.cover.uploaded);
}

#[tokio::test]
async fn a_person_who_wrote_a_title_and_reads_it_is_listed_with_it_once() {
    let shop = database::fresh().await;
    shop.title("Own Voice").author("Ada Moss").narrator("Ada Moss").days_old(5).published().await;
    shop.title("Other Voice").author("Ben Oak").narrator("Ada Moss").days_old(1).published().await;
    shop.title("Not Yet").author("Ada Moss").draft().await;
    domain::catalog::seed::upsert_contributor(&shop.db, "Ada Moss", "Lives by the sea.").await.unwrap();
    let ada = browse::contributor(&shop.db, "ada-moss").await.unwrap();
    assert_eq!((ada.name.as_str(), ada.about.as_str()), ("Ada Moss", "Lives by the sea."));
    assert_eq!(ada.titles.iter().map(|card| card.slug.as_str()).collect::<Vec<_>>(), ["other-voice", "own-voice"]);
    assert!(matches!(browse::contributor(&shop.db, "nobody").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_series_stands_in_its_order() {
    let shop = database::fresh().await;
    shop.title("Extra").series("Nights", None).published().await;
    shop.title("Third").series("Nights", Some(10)).published().await;
    shop.title("First").series("Nights", Some(1)).published().await;
    shop.title("Second").series("Nights", Some(2)).published().await;
    let nights = browse::series(&shop.db, "nights").await.unwrap();
    let slugs: Vec<_> = nights.titles.iter().map(|card| card.slug.as_str()).collect();
    assert_eq!(slugs, ["first", "second", "third", "extra"]);
    assert!(matches!(browse::series(&shop.db, "days").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn more_like_this_begins_with_the_closest() {
    let shop = database::fresh().await;
    let this = shop.title("This").author("A A").series("S", Some(1)).category("mystery").published().await;
    shop.title("Same Series").author("B B").series("S", Some(2)).category("food").published().await;
    shop.title("Same Series And Author").author("A A").series("S", Some(3)).category("food").published().await;
    shop.title("Same Shelf").author("C C").category("mystery").sold(1).published().await;
    shop.title("Same Shelf Best Seller").author("D D").category("mystery").sold(7).published().await;
    shop.title("Stranger").author("E E").category("food").published().await;
    shop.title("Hidden").author("A A").series("S", Some(4)).category("mystery").draft().await;
    let like = browse::more_like_this(&shop.db, this.id, 10).await.unwrap();
    let slugs: Vec<_> = like.iter().map(|card| card.slug.as_str()).collect();
    assert_eq!(slugs, ["same-series-and-author", "same-series", "same-shelf-best-seller", "same-shelf"]);
    assert_eq!(browse::more_like_this(&shop.db, this.id, 2).await.unwrap().len(), 2);
}
