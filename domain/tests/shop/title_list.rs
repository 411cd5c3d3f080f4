//! The admins' list of titles: searched, picked, put in order, counted as far as anybody waits for.

use crate::database::{Shop, fresh};
use crate::fixtures::{DAY, row};
use domain::catalog::{Status, drafts, edit, scheduling};
use domain::entities::audiobooks;
use domain::insight::{Bounded, Lack, TitleFilter, TitleList, TitleSort, TitleTab, titles};
use domain::production::samples;
use domain::{Currency, PageRequest};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

async fn page(shop: &Shop, filter: &TitleFilter, sort: TitleSort, number: u32) -> TitleList {
    titles::list(&shop.db, filter, sort, PageRequest::new(number, 2)).await.unwrap()
}

/// The addresses of the first titles that fit.
async fn found(shop: &Shop, filter: TitleFilter) -> Vec<String> {
    let list = titles::list(&shop.db, &filter, TitleSort::Title, PageRequest::new(1, 50)).await.unwrap();
    assert_eq!(list.total.0, list.rows.len() as u64, "what is counted is what is listed");
    list.rows.into_iter().map(|row| row.slug).collect()
}

fn open() -> TitleFilter {
    TitleFilter::default()
}

#[tokio::test]
async fn the_list_holds_everything_newest_first_page_by_page() {
    let shop = fresh().await;
    shop.title("First").draft().await;
    shop.clock.advance(1);
    shop.title("Second").author("Ben Oak").published().await;
    shop.clock.advance(1);
    let third = shop.title("Third").sold(4).archived().await;
    let slugs = |list: &TitleList| list.rows.iter().map(|row| row.slug.clone()).collect::<Vec<_>>();
    let first = page(&shop, &open(), TitleSort::Newest, 1).await;
    assert_eq!(
        (slugs(&first), first.total, first.pages),
        (vec!["third".to_owned(), "second".to_owned()], Bounded(3), 2)
    );
    let second = page(&shop, &open(), TitleSort::Newest, 2).await;
    assert_eq!((slugs(&second), second.pages), (vec!["first".to_owned()], 2));
    assert!(page(&shop, &open(), TitleSort::Newest, 3).await.rows.is_empty());
    let row = &first.rows[0];
    assert_eq!((row.id, row.status, row.sold), (third.id, Status::Archived, 4));
    assert_eq!((row.authors.as_slice(), row.step), (&["Ada Moss".to_owned()][..], None));
    assert_eq!(row.price.map(|price| price.minor), Some(1290));
}

#[tokio::test]
async fn a_title_is_found_by_its_words_its_author_its_narrator_and_its_series() {
    let shop = fresh().await;
    shop.title("The Bell").author("Ben Oak").narrator("Cleo Reed").series("Nights", Some(1)).draft().await;
    shop.title("The Owl").published().await;
    for text in ["bell", "oak", "reed", "nights"] {
        assert_eq!(found(&shop, TitleFilter { text: text.to_owned(), ..open() }).await, ["the-bell"], "{text}");
    }
    assert!(found(&shop, TitleFilter { text: "nobody".to_owned(), ..open() }).await.is_empty());
}

#[tokio::test]
async fn tabs_say_how_many_stand_where() {
    let shop = fresh().await;
    let draft = shop.title("Draft").draft().await;
    shop.title("Other draft").draft().await;
    shop.title("Public").published().await;
    shop.title("Old").archived().await;
    scheduling::schedule(&shop.db, draft.id, "2026-11-21T09:00").await.unwrap();
    let tabs = page(&shop, &open(), TitleSort::Newest, 1).await.tabs;
    let of = |tab: TitleTab| tabs.iter().find(|(known, _)| *known == tab).unwrap().1.0;
    assert_eq!(TitleTab::ALL.map(|(tab, ..)| of(tab)), [4, 2, 1, 1, 1, 0]);
    assert_eq!(found(&shop, TitleFilter { tab: TitleTab::Scheduled, ..open() }).await, ["draft"]);
    assert_eq!(found(&shop, TitleFilter { tab: TitleTab::Draft, ..open() }).await, ["draft", "other-draft"]);
    // Under a search the tabs count what it finds.
    let tabs = page(&shop, &TitleFilter { text: "draft".to_owned(), ..open() }, TitleSort::Newest, 1).await.tabs;
    assert_eq!(tabs.iter().map(|(_, count)| count.0).collect::<Vec<_>>(), [2, 2, 1, 0, 0, 0]);
}

#[tokio::test]
async fn what_a_title_lacks_finds_it() {
    let shop = fresh().await;
    shop.title("Whole").published().await;
    let bare = drafts::create(&shop.db, "Bare", Currency::USD).await.unwrap();
    for (lack, ..) in Lack::ALL {
        assert_eq!(found(&shop, TitleFilter { lacks: Some(lack), ..open() }).await, ["bare"], "{lack:?}");
    }
    let mut form = edit::form(&shop.db, bare).await.unwrap();
    form.price = "0".to_owned();
    form.authors = "Ben Oak".to_owned();
    samples::save_title(&shop.db, bare, &form).await.unwrap();
    assert!(found(&shop, TitleFilter { lacks: Some(Lack::Price), ..open() }).await.is_empty(), "free is a price");
    assert!(found(&shop, TitleFilter { lacks: Some(Lack::Author), ..open() }).await.is_empty());
    assert_eq!(found(&shop, TitleFilter { lacks: Some(Lack::Audio), ..open() }).await, ["bare"]);
}

#[tokio::test]
async fn category_language_and_a_running_sale_pick_titles() {
    let shop = fresh().await;
    let now = shop.db.now();
    shop.title("Bread").category("food").sale(500, None, None).published().await;
    shop.title("Salt").category("food").and_category("sea").sale(500, Some(now.plus_ms(DAY)), None).published().await;
    let fish = shop.title("Fish").category("sea").sale(500, None, Some(now)).published().await;
    crate::fixtures::set(&shop.db, fish.id, audiobooks::Column::Language, "de").await;
    assert_eq!(found(&shop, TitleFilter { category: "food".to_owned(), ..open() }).await, ["bread", "salt"]);
    assert_eq!(found(&shop, TitleFilter { category: "nothing".to_owned(), ..open() }).await, Vec::<String>::new());
    assert_eq!(found(&shop, TitleFilter { language: "de".to_owned(), ..open() }).await, ["fish"]);
    assert_eq!(found(&shop, TitleFilter { reduced: true, ..open() }).await, ["bread"]);
    shop.clock.advance(DAY);
    assert_eq!(found(&shop, TitleFilter { reduced: true, ..open() }).await, ["bread", "salt"], "its sale has begun");
    let both = TitleFilter { reduced: true, category: "sea".to_owned(), ..open() };
    assert_eq!(found(&shop, both).await, ["salt"]);
    let list = page(&shop, &open(), TitleSort::Title, 1).await;
    assert_eq!(list.languages, ["de", "en"]);
    assert_eq!(list.categories.len(), 2);
    assert_eq!(list.rows[0].sale.map(|price| price.minor), Some(500));
}

#[tokio::test]
async fn every_order_is_the_one_that_it_says() {
    let shop = fresh().await;
    for (name, price, sold) in [("Ash", 300, 1), ("Birch", 100, 3), ("Cedar", 200, 2)] {
        shop.title(name).price(price).sold(sold).draft().await;
        shop.clock.advance(1000);
    }
    let ash = domain::catalog::titles::id_of(&shop.db, "ash").await.unwrap();
    let form = edit::form(&shop.db, ash).await.unwrap();
    samples::save_title(&shop.db, ash, &form).await.unwrap();
    for (sort, order) in [
        (TitleSort::Newest, ["cedar", "birch", "ash"]),
        (TitleSort::Title, ["ash", "birch", "cedar"]),
        (TitleSort::Cheapest, ["birch", "cedar", "ash"]),
        (TitleSort::Dearest, ["ash", "cedar", "birch"]),
        (TitleSort::Sold, ["birch", "cedar", "ash"]),
        (TitleSort::Changed, ["ash", "cedar", "birch"]),
    ] {
        let list = titles::list(&shop.db, &open(), sort, PageRequest::new(1, 9)).await.unwrap();
        assert_eq!(list.rows.into_iter().map(|row| row.slug).collect::<Vec<_>>(), order, "{sort:?}");
    }
}

/// So many titles besides the first: 1,100, or what `LECTERN_LIST_TITLES` says, to measure. One in a hundred lacks a price.
async fn very_many(shop: &Shop) -> i64 {
    let number = std::env::var("LECTERN_LIST_TITLES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_100);
    let model = row(shop, shop.title("Story").published().await.id).await;
    let copy = |n: i64| audiobooks::Model {
        id: Uuid::now_v7(),
        slug: format!("copy-{n}"),
        sort_title: format!("story {:06}", n * 7_919 % number),
        priced: n % 100 != 0,
        price_minor: n % 2_000,
        sold_count: n % 977,
        created_at: shop.db.now().plus_ms(n),
        updated_at: shop.db.now().plus_ms(n * 31 % number),
        ..model.clone()
    };
    let all: Vec<i64> = (0..number).collect();
    for some in all.chunks(500) {
        let rows = some.iter().map(|n| copy(*n).into_active_model());
        audiobooks::Entity::insert_many(rows).exec_without_returning(shop.db.read()).await.unwrap();
    }
    number
}

#[tokio::test]
async fn nobody_waits_for_the_exact_number_of_very_many() {
    let shop = fresh().await;
    let number = very_many(&shop).await;
    let request = |number: i64| PageRequest::new(u32::try_from(number).unwrap(), 25);
    for (sort, param, _) in TitleSort::ALL {
        for (words, lacks) in [("all", None), ("without a price", Some(Lack::Price))] {
            let begun = std::time::Instant::now();
            let list = titles::list(&shop.db, &TitleFilter { lacks, ..open() }, sort, request(1)).await.unwrap();
            println!("  {number} titles, {words}, by {param}: {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(
                list.rows.len(),
                if lacks.is_some() { usize::try_from(number / 100).unwrap().min(25) } else { 25 }
            );
        }
    }
    let list = titles::list(&shop.db, &open(), TitleSort::Newest, request(1)).await.unwrap();
    assert_eq!((list.total.0, list.total.words()), (Bounded::MOST + 1, "1,000+".to_owned()));
    let last = number / 25 + 1;
    let end = titles::list(&shop.db, &open(), TitleSort::Newest, request(last)).await.unwrap();
    assert_eq!(end.rows.len(), 1, "the pages beyond the count can be turned to all the same");
    let before = titles::list(&shop.db, &open(), TitleSort::Newest, request(last - 1)).await.unwrap();
    assert_eq!((before.rows.len(), i64::from(before.pages)), (25, last), "and there is a way to each");
}
