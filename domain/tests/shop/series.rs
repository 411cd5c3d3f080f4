//! Series, as admins look after them.

use crate::database::{self, Shop};
use crate::fixtures::row;
use domain::catalog::reindex::{self, Reindex};
use domain::catalog::{Browse, SeriesForm, browse, edit, series};
use domain::entities::{jobs, series as table};
use domain::jobs::Job;
use domain::production::samples;
use domain::{Error, PageRequest, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;
use uuid::Uuid;

async fn id_of(shop: &Shop, name: &str) -> Uuid {
    table::Entity::find().filter(table::Column::Name.eq(name)).one(shop.db.read()).await.unwrap().unwrap().id
}

fn called(name: &str) -> SeriesForm {
    SeriesForm { name: name.to_owned(), about: String::new() }
}

/// Titles and numbers of a series, as the admin sees them.
async fn order(shop: &Shop, id: Uuid) -> Vec<(String, Option<i32>)> {
    series::titles(&shop.db, id).await.unwrap().into_iter().map(|title| (title.title, title.number)).collect()
}

fn numbered(titles: &[(&str, i32)]) -> Vec<(String, Option<i32>)> {
    titles.iter().map(|(title, number)| ((*title).to_owned(), Some(*number))).collect()
}

#[tokio::test]
async fn a_list_says_how_many_titles_are_in_each_and_which_have_a_page_in_the_shop() {
    let shop = database::fresh().await;
    shop.title("One").series("The Lamp", Some(1)).published().await;
    shop.title("Two").series("The Lamp", Some(2)).draft().await;
    shop.title("Three").series("Éclair", None).draft().await;
    let page = series::list(&shop.db, "", PageRequest::new(1, 50)).await.unwrap();
    let mut shown: Vec<_> = page.items.iter().map(|row| (row.form.name.as_str(), row.titles, row.in_shop)).collect();
    shown.sort_unstable();
    assert_eq!(shown, [("The Lamp", 2, true), ("Éclair", 1, false)]);
    for row in &page.items {
        assert_eq!(browse::series(&shop.db, &row.slug).await.is_ok(), row.in_shop, "{}", row.slug);
    }
    assert_eq!(series::list(&shop.db, " ECL", PageRequest::new(1, 50)).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_list_of_thousands_comes_a_page_at_a_time() {
    let shop = database::fresh().await;
    let new = |n: i32| table::ActiveModel {
        id: Set(Uuid::now_v7()),
        slug: Set(format!("saga-{n:04}")),
        name: Set(format!("Saga {n:04}")),
        description: Set(String::new()),
        created_at: Set(Timestamp(1)),
    };
    for some in (0..2400).collect::<Vec<_>>().chunks(400) {
        let rows: Vec<_> = some.iter().map(|n| new(*n)).collect();
        table::Entity::insert_many(rows).exec_without_returning(shop.db.read()).await.unwrap();
    }
    shop.statements.take();
    let page = series::list(&shop.db, "saga", PageRequest::new(48, 50)).await.unwrap();
    assert_eq!((page.total, page.items.len(), page.items[0].form.name.as_str()), (2400, 50, "Saga 2350"));
    assert_eq!(shop.statements.take().len(), 3, "a count, the page, and how many titles each of its series has");
}

#[tokio::test]
async fn a_series_that_is_renamed_is_found_by_both_addresses_and_by_titles_that_come_with_the_old_name() {
    let shop = database::fresh().await;
    shop.title("One").series("The Lamp", Some(1)).published().await;
    let id = id_of(&shop, "The Lamp").await;
    series::save(&shop.db, id, &SeriesForm { about: "Lit.".to_owned(), ..called("The Lantern") }).await.unwrap();
    assert_eq!(series::moved_to(&shop.db, "the-lamp").await.unwrap().as_deref(), Some("the-lantern"));
    assert_eq!(browse::series(&shop.db, "the-lantern").await.unwrap().about, "Lit.");

    let asked = jobs::Entity::find().filter(jobs::Column::Kind.eq(Reindex::KIND)).all(shop.db.read()).await.unwrap();
    for job in asked {
        reindex::run(&shop.db, &serde_json::from_str(&job.payload).unwrap()).await.unwrap();
    }
    let found = async |text: &str| {
        browse::browse(&shop.db, &Browse { text: text.to_owned(), ..Browse::default() }).await.unwrap().total
    };
    assert_eq!((found("lantern").await, found("lamp").await), (1, 0));

    shop.title("Two").series("The Lamp", Some(2)).published().await;
    assert_eq!(browse::series(&shop.db, "the-lantern").await.unwrap().titles.len(), 2, "the old name is still its");
    shop.title("Three").series("The Candle", None).draft().await;
    let taken = series::save(&shop.db, id, &called("the candle")).await.unwrap_err();
    assert_eq!(taken.code(), "series.name-taken");
    assert_eq!(series::save(&shop.db, id, &called("  ")).await.unwrap_err().code(), "series.nameless");
}

#[tokio::test]
async fn its_titles_are_put_in_order_by_their_numbers_gaps_and_doubles_included() {
    let shop = database::fresh().await;
    let one = shop.title("Alpha").series("The Lamp", Some(1)).published().await.id;
    let two = shop.title("Beta").series("The Lamp", Some(2)).published().await.id;
    let three = shop.title("Gamma").series("The Lamp", Some(3)).published().await.id;
    let other = shop.title("Other").series("The Candle", Some(7)).draft().await.id;
    let id = id_of(&shop, "The Lamp").await;
    let typed = |numbers: &[(Uuid, &str)]| {
        numbers.iter().map(|(id, text)| (*id, (*text).to_owned())).collect::<HashMap<_, _>>()
    };
    series::number(&shop.db, id, &typed(&[(one, " 9 "), (two, ""), (three, "4"), (other, "1")])).await.unwrap();
    let now = order(&shop, id).await;
    assert_eq!(now, [("Gamma".to_owned(), Some(4)), ("Alpha".to_owned(), Some(9)), ("Beta".to_owned(), None)]);
    assert_eq!(row(&shop, other).await.series_position, Some(7), "a title of another series is left alone");
    for wrong in ["0", "-1", "two", "10000", "1.5"] {
        let refused = series::number(&shop.db, id, &typed(&[(one, wrong)])).await.unwrap_err();
        assert_eq!(refused.code(), "series.position-malformed", "{wrong}");
    }
    assert_eq!(order(&shop, id).await, now);
}

#[tokio::test]
async fn moving_a_title_changes_numbers_with_its_neighbour_and_counts_anew_where_that_tells_nothing() {
    let shop = database::fresh().await;
    let alpha = shop.title("Alpha").series("The Lamp", Some(2)).draft().await.id;
    shop.title("Beta").series("The Lamp", Some(5)).draft().await;
    let gamma = shop.title("Gamma").series("The Lamp", None).draft().await.id;
    let id = id_of(&shop, "The Lamp").await;
    series::shift(&shop.db, id, alpha, false).await.unwrap();
    assert_eq!(order(&shop, id).await[..2], numbered(&[("Beta", 2), ("Alpha", 5)]), "the gap stays");
    series::shift(&shop.db, id, gamma, true).await.unwrap();
    assert_eq!(order(&shop, id).await, numbered(&[("Beta", 1), ("Gamma", 2), ("Alpha", 3)]));
    series::shift(&shop.db, id, alpha, false).await.unwrap();
    assert_eq!(order(&shop, id).await.last().unwrap().0, "Alpha", "at the end nothing happens");
    let stranger = shop.title("Stranger").draft().await.id;
    assert!(matches!(series::shift(&shop.db, id, stranger, true).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_form_that_was_opened_before_the_numbers_changed_does_not_bring_the_old_one_back() {
    let shop = database::fresh().await;
    let title = shop.title("Alpha").series("The Lamp", Some(1)).draft().await.id;
    let form = edit::form(&shop.db, title).await.unwrap();
    let id = id_of(&shop, "The Lamp").await;
    series::number(&shop.db, id, &[(title, "3".to_owned())].into()).await.unwrap();
    assert!(matches!(samples::save_title(&shop.db, title, &form).await, Err(Error::Conflict(_))));
    assert_eq!(row(&shop, title).await.series_position, Some(3));
}

#[tokio::test]
async fn two_series_become_one_and_an_empty_one_can_go() {
    let shop = database::fresh().await;
    shop.title("Alpha").series("Lamp", Some(1)).published().await;
    shop.title("Beta").series("The Lamp", Some(1)).published().await;
    let (gone, kept) = (id_of(&shop, "Lamp").await, id_of(&shop, "The Lamp").await);
    series::save(&shop.db, gone, &SeriesForm { about: "Lit.".to_owned(), ..called("Lamp") }).await.unwrap();
    for (wrong, code) in [("Lamp", "series.into-itself"), ("Candle", "series.into-nothing")] {
        assert_eq!(series::merge(&shop.db, gone, wrong).await.unwrap_err().code(), code);
    }
    assert_eq!(series::delete(&shop.db, gone).await.unwrap_err().code(), "series.not-empty");
    assert_eq!(series::merge(&shop.db, gone, "the lamp").await.unwrap(), kept);
    let now = browse::series(&shop.db, "the-lamp").await.unwrap();
    assert_eq!((now.titles.len(), now.about.as_str()), (2, "Lit."));
    assert_eq!(series::moved_to(&shop.db, "lamp").await.unwrap().as_deref(), Some("the-lamp"));

    let title = shop.title("Gamma").series("Candle", None).draft().await.id;
    let candle = id_of(&shop, "Candle").await;
    let mut form = edit::form(&shop.db, title).await.unwrap();
    form.series = String::new();
    samples::save_title(&shop.db, title, &form).await.unwrap();
    series::delete(&shop.db, candle).await.unwrap();
    assert!(matches!(series::get(&shop.db, candle).await, Err(Error::NotFound(_))));
}
