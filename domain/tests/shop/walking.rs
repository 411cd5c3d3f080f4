//! The catalogue as programs walk it: part by part, to its end.

use crate::database::{Shop, fresh};
use crate::fixtures::row;
use crate::query_plans::all_use_indexes;
use domain::catalog::{Browse, Filters, Length, PriceRange, Sort, browse, publish};
use domain::entities::{audiobook_terms, audiobooks};
use domain::{Currency, Error, Money, Place, Result, Walk};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::HashSet;
use uuid::Uuid;

/// A part of the list, and where it goes on.
async fn part(shop: &Shop, wanted: &Browse, after: Option<&Place>, limit: u32) -> Result<(Vec<Uuid>, Option<Place>)> {
    let walked = browse::part(&shop.db, wanted, Walk { after, limit }).await?;
    Ok((walked.items.into_iter().map(|title| title.id).collect(), walked.next))
}

/// The whole list.
async fn walk(shop: &Shop, wanted: &Browse, limit: u32) -> Vec<Uuid> {
    let (mut seen, mut next) = part(shop, wanted, None, limit).await.unwrap();
    while let Some(place) = next {
        let (some, after) = part(shop, wanted, Some(&place), limit).await.unwrap();
        assert!(!some.is_empty() && some.len() <= limit as usize, "no part but the only one is empty");
        seen.extend(some);
        next = after;
    }
    seen
}

/// What a page of a hundred shows.
async fn page(shop: &Shop, wanted: &Browse) -> Vec<Uuid> {
    let listing = browse::listing_of(&shop.db, wanted, 100).await.unwrap();
    listing.page.items.into_iter().map(|title| title.id).collect()
}

/// Titles of which many share a price, a length, a number of sales and a rating.
async fn shelves(shop: &Shop) {
    for n in 0..41_i64 {
        let title = shop
            .title(&format!("Story {n}"))
            .author(if n % 2 == 0 { "Ada Moss" } else { "Ben Oak" })
            .category(if n % 3 == 0 { "adventure" } else { "mystery" })
            .price(500 + n % 3 * 100)
            .minutes(20 + n % 5 * 60)
            .sold(n % 4)
            .days_old(n % 6);
        let title = if n % 5 == 0 { title.sale(100 + n % 2 * 350, None, None) } else { title };
        let id = title.published().await.id;
        if n % 7 == 0 {
            audiobooks::Entity::update_many()
                .col_expr(audiobooks::Column::RatingRank, Expr::val(4000 + i32::try_from(n % 2).unwrap()))
                .col_expr(audiobooks::Column::RatingMean, Expr::val(430))
                .filter(audiobooks::Column::Id.eq(id))
                .exec(shop.db.read())
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn a_program_that_walks_the_shop_sees_every_title_once_in_every_order() {
    let shop = fresh().await;
    shelves(&shop).await;
    for (sort, param, _) in Sort::ALL {
        for text in ["", "sto"] {
            let wanted = Browse { sort, text: text.to_owned(), page: 1, ..Browse::default() };
            let whole = page(&shop, &wanted).await;
            assert_eq!(whole.len(), 41, "{param} {text:?}");
            for limit in [3, 10, 41, 100] {
                assert_eq!(walk(&shop, &wanted, limit).await, whole, "{param} {text:?}, {limit} at a time");
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_is_narrowed_is_walked_to_its_end_in_every_order() {
    let shop = fresh().await;
    shelves(&shop).await;
    let price = PriceRange { from: Some(Money::new(550, Currency::USD)), to: Some(Money::new(600, Currency::USD)) };
    let narrowings = [
        ("author", "", Filters { author: "ada-moss".to_owned(), ..Filters::default() }),
        ("length", "", Filters { length: Some(Length::OneToFive), ..Filters::default() }),
        ("price", "", Filters { price, ..Filters::default() }),
        ("on sale", "", Filters { on_sale: true, ..Filters::default() }),
        ("stars", "", Filters { four_stars: true, ..Filters::default() }),
        ("language", "adventure", Filters { language: "en".to_owned(), ..Filters::default() }),
    ];
    for (what, category, filters) in narrowings {
        for (sort, param, _) in Sort::ALL {
            let wanted =
                Browse { sort, category: category.to_owned(), filters: filters.clone(), page: 1, ..Browse::default() };
            let whole = page(&shop, &wanted).await;
            assert!(whole.len() > 4, "{what}: {}", whole.len());
            assert_eq!(walk(&shop, &wanted, 4).await, whole, "{what} {param}");
        }
    }
}

#[tokio::test]
async fn titles_that_come_and_go_on_the_way_neither_hide_others_nor_show_them_twice() {
    let shop = fresh().await;
    shelves(&shop).await;
    for (n, (sort, param, _)) in Sort::ALL.into_iter().enumerate() {
        for text in ["", "sto"] {
            let wanted = Browse { sort, text: text.to_owned(), page: 1, ..Browse::default() };
            let before = page(&shop, &wanted).await;
            let (mut seen, mut next) = part(&shop, &wanted, None, 10).await.unwrap();
            // One that is still to come goes, and the last one seen; others come before and after.
            publish::archive(&shop.db, before[30]).await.unwrap();
            if text.is_empty() {
                publish::archive(&shop.db, before[9]).await.unwrap();
            }
            shop.title(&format!("A story {n} {text}")).price(1).minutes(1).days_old(90).published().await;
            shop.title(&format!("Zebra's story {n} {text}")).price(9000).minutes(2000).sold(99).published().await;
            while let Some(place) = next {
                let (some, after) = part(&shop, &wanted, Some(&place), 10).await.unwrap();
                seen.extend(some);
                next = after;
            }
            let known: Vec<Uuid> = seen.iter().copied().filter(|id| before.contains(id)).collect();
            let mut expected = before.clone();
            expected.remove(30);
            assert_eq!(known, expected, "{param} {text:?}");
            let apart: HashSet<Uuid> = seen.iter().copied().collect();
            assert_eq!(seen.len(), apart.len(), "{param} {text:?}: something came twice");
        }
    }
}

/// So many titles that nobody counts them: half of them alike in all that lists go by.
async fn many(shop: &Shop) {
    let first = shop.title("Common Harbour").published().await;
    let row = row(shop, first.id).await;
    let (mut titles, mut terms) = (Vec::new(), Vec::new());
    for n in 0..1199_i64 {
        let id = Uuid::now_v7();
        let apart = if n % 2 == 0 { 0 } else { n };
        let title = audiobooks::Model {
            id,
            slug: format!("common-{n}"),
            sort_title: format!("common {apart:04}"),
            sold_count: apart,
            duration_ms: apart * 1000,
            price_minor: row.price_minor + apart,
            published_at: row.published_at.map(|at| at.plus_ms(apart)),
            ..row.clone()
        };
        titles.push(title.into_active_model());
        let term = audiobook_terms::Model { audiobook_id: id, term: "common".to_owned(), weight: 100 };
        terms.push(term.into_active_model());
    }
    for some in titles.chunks(200) {
        audiobooks::Entity::insert_many(some.to_vec()).exec_without_returning(shop.db.read()).await.unwrap();
    }
    for some in terms.chunks(1000) {
        audiobook_terms::Entity::insert_many(some.to_vec()).exec_without_returning(shop.db.read()).await.unwrap();
    }
}

#[tokio::test]
async fn a_list_goes_on_beyond_what_is_counted_and_its_last_part_costs_what_the_second_does() {
    let shop = fresh().await;
    many(&shop).await;
    for (sort, param, _) in Sort::ALL {
        for text in ["", "common"] {
            if sort == Sort::Relevance && !text.is_empty() {
                continue;
            }
            let wanted = Browse { sort, text: text.to_owned(), page: 1, ..Browse::default() };
            let (mut all, mut next) = part(&shop, &wanted, None, 100).await.unwrap();
            let mut costs = Vec::new();
            while let Some(place) = next {
                shop.statements.take();
                let walked = browse::part(&shop.db, &wanted, Walk { after: Some(&place), limit: 100 }).await.unwrap();
                assert_eq!((walked.total, walked.more), (1000, true), "{param} {text:?}");
                all.extend(walked.items.iter().map(|title| title.id));
                next = walked.next;
                costs.push(shop.statements.take().len());
            }
            assert!(costs.iter().all(|cost| *cost == costs[0] && *cost <= 5), "{param} {text:?}: {costs:?}");
            assert_eq!(all.len(), 1200, "{param} {text:?}");
            assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 1200, "{param} {text:?}: something came twice");
        }
    }
}

#[tokio::test]
async fn no_part_of_a_list_reads_through_the_shop() {
    let shop = fresh().await;
    many(&shop).await;
    for (sort, param, _) in Sort::ALL {
        for text in ["", "common"] {
            let wanted = Browse { sort, text: text.to_owned(), page: 1, ..Browse::default() };
            let (_, next) = part(&shop, &wanted, None, 100).await.unwrap();
            shop.statements.take();
            part(&shop, &wanted, next.as_ref(), 20).await.unwrap();
            eprintln!("{param} {text:?}");
            // MariaDB takes the whole of a table of which the half is wanted.
            if shop.db.backend() != DbBackend::MySql {
                all_use_indexes(&shop).await;
            }
        }
    }
}

#[tokio::test]
async fn the_best_matches_end_after_a_thousand_and_who_asks_for_more_is_told() {
    let shop = fresh().await;
    many(&shop).await;
    let wanted = Browse { text: "common".to_owned(), page: 1, ..Browse::default() };
    let (mut all, mut next) = part(&shop, &wanted, None, 100).await.unwrap();
    let refused = loop {
        let place = next.expect("the list says that it goes on");
        match part(&shop, &wanted, Some(&place), 100).await {
            Ok((some, after)) => {
                all.extend(some);
                next = after;
            }
            Err(refused) => break refused,
        }
    };
    assert_eq!(all.len(), 1000);
    assert!(matches!(refused, Error::Invalid { field: "cursor", .. }));
    assert_eq!(refused.code(), "cursor.too-deep");
}

#[tokio::test]
async fn a_place_of_another_order_is_refused() {
    let shop = fresh().await;
    shelves(&shop).await;
    let by = |sort| Browse { sort, page: 1, ..Browse::default() };
    let (_, of_titles) = part(&shop, &by(Sort::Title), None, 5).await.unwrap();
    let (_, of_prices) = part(&shop, &by(Sort::PriceUp), None, 5).await.unwrap();
    for (sort, place) in [(Sort::PriceUp, of_titles), (Sort::Title, of_prices)] {
        let refused = part(&shop, &by(sort), place.as_ref(), 5).await.unwrap_err();
        assert_eq!(refused.code(), "cursor.unknown");
    }
}
