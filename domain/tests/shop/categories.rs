//! The shop's list of categories.

use crate::database::{self, Shop};
use crate::fixtures::record;
use domain::catalog::reindex::{self, Reindex};
use domain::catalog::{Browse, CategoryForm, browse, categories, edit, publish};
use domain::entities::{audiobook_categories, jobs};
use domain::jobs::Job;
use domain::production::samples;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

fn named(name: &str) -> CategoryForm {
    CategoryForm { name: name.to_owned(), ..CategoryForm::default() }
}

async fn make(shop: &Shop, name: &str) -> Uuid {
    categories::create(&shop.db, &named(name)).await.unwrap()
}

async fn names(shop: &Shop) -> Vec<String> {
    categories::list(&shop.db).await.unwrap().into_iter().map(|row| row.form.name).collect()
}

async fn found(shop: &Shop, text: &str, category: &str) -> u64 {
    let wanted = Browse { text: text.to_owned(), category: category.to_owned(), ..Browse::default() };
    browse::browse(&shop.db, &wanted).await.unwrap().total
}

/// Does the jobs that make words anew.
async fn reindexed(shop: &Shop) {
    let waiting = jobs::Entity::find().filter(jobs::Column::Kind.eq(Reindex::KIND)).all(shop.db.read()).await.unwrap();
    assert!(!waiting.is_empty(), "a job is asked for");
    for job in waiting {
        reindex::run(&shop.db, &serde_json::from_str(&job.payload).unwrap()).await.unwrap();
        jobs::Entity::delete_by_id(job.id).exec(shop.db.read()).await.unwrap();
    }
}

#[tokio::test]
async fn a_shop_that_was_never_filled_gets_categories_and_can_publish() {
    let shop = database::fresh().await;
    let added = categories::add_starters(&shop.db).await.unwrap();
    assert!(added >= 10, "{added}");
    assert_eq!(categories::add_starters(&shop.db).await.unwrap(), 0, "a shop with a list keeps it");
    let mine = make(&shop, "Sea stories").await;
    assert_eq!(names(&shop).await.last().unwrap(), "Sea stories");

    let id = shop.title("The Bell").draft_of_list().await.id;
    record(&shop, id, 1000, &["bell.mp3"]).await;
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.categories = vec![categories::get(&shop.db, mine).await.unwrap().slug];
    form.price = "3".to_owned();
    form.description = "A bell.".to_owned();
    form.authors = "Ada Moss".to_owned();
    samples::save_title(&shop.db, id, &form).await.unwrap();
    publish::publish(&shop.db, id).await.unwrap();
    assert_eq!(found(&shop, "", "sea-stories").await, 1);
}

#[tokio::test]
async fn a_renamed_category_is_found_by_its_old_address_and_its_new_name() {
    let shop = database::fresh().await;
    shop.title("The Bell").category("ships").published().await;
    let id = categories::list(&shop.db).await.unwrap()[0].id;
    categories::save(&shop.db, id, &named("Sailing")).await.unwrap();
    assert_eq!(categories::moved_to(&shop.db, "ships").await.unwrap().as_deref(), Some("sailing"));
    assert_eq!(found(&shop, "", "sailing").await, 1);
    reindexed(&shop).await;
    assert_eq!((found(&shop, "sailing", "").await, found(&shop, "ships", "").await), (1, 0));

    // And back again: the name leads to itself, not in a circle.
    categories::save(&shop.db, id, &named("Ships")).await.unwrap();
    assert_eq!(categories::moved_to(&shop.db, "ships").await.unwrap(), None);
    assert_eq!(categories::moved_to(&shop.db, "sailing").await.unwrap().as_deref(), Some("ships"));
    // Somebody else may take the address that is free.
    let other = make(&shop, "Sailing").await;
    assert_eq!(categories::moved_to(&shop.db, "sailing").await.unwrap(), None);
    assert_eq!(categories::get(&shop.db, other).await.unwrap().slug, "sailing");
}

#[tokio::test]
async fn no_two_categories_have_one_name() {
    let shop = database::fresh().await;
    let first = make(&shop, "Mystery").await;
    for name in ["mystery", " MYSTERY ", "Mystery!"] {
        let refused = categories::create(&shop.db, &named(name)).await.unwrap_err();
        assert_eq!(refused.code(), "category.name-taken", "{name}");
    }
    for name in ["", "  ", "!!", &"x".repeat(61)] {
        assert!(categories::create(&shop.db, &named(name)).await.is_err(), "{name:?}");
    }
    let second = make(&shop, "Crime").await;
    assert!(categories::save(&shop.db, second, &named("Mystery")).await.is_err());
    categories::save(&shop.db, first, &named("Mystery")).await.unwrap();
}

#[tokio::test]
async fn the_list_stands_in_the_order_that_an_admin_gives_it() {
    let shop = database::fresh().await;
    let ids = [make(&shop, "A").await, make(&shop, "B").await, make(&shop, "C").await];
    categories::shift(&shop.db, ids[2], true).await.unwrap();
    assert_eq!(names(&shop).await, ["A", "C", "B"]);
    categories::shift(&shop.db, ids[0], false).await.unwrap();
    assert_eq!(names(&shop).await, ["C", "A", "B"]);
    categories::shift(&shop.db, ids[2], true).await.unwrap();
    categories::shift(&shop.db, ids[1], false).await.unwrap();
    assert_eq!(names(&shop).await, ["C", "A", "B"], "at the ends nothing moves");
}

#[tokio::test]
async fn merging_keeps_every_title_once_and_every_address() {
    let shop = database::fresh().await;
    shop.title("One").category("ships").published().await;
    let both = shop.title("Two").category("ships").and_category("sea").published().await;
    shop.title("Three").category("sea").published().await;
    let rows = categories::list(&shop.db).await.unwrap();
    let of = |slug: &str| rows.iter().find(|row| row.slug == slug).unwrap().id;
    let (ships, sea) = (of("ships"), of("sea"));
    assert!(categories::merge(&shop.db, sea, sea).await.is_err());
    categories::merge(&shop.db, ships, sea).await.unwrap();
    assert_eq!(found(&shop, "", "sea").await, 3);
    assert_eq!(categories::moved_to(&shop.db, "ships").await.unwrap().as_deref(), Some("sea"));
    let of_both = audiobook_categories::Entity::find()
        .filter(audiobook_categories::Column::AudiobookId.eq(both.id))
        .all(shop.db.read())
        .await
        .unwrap();
    assert_eq!(of_both.len(), 1, "what was in both is in the one, once");
    reindexed(&shop).await;
    assert_eq!((found(&shop, "sea", "").await, found(&shop, "ships", "").await), (3, 0));
}

#[tokio::test]
async fn a_category_goes_unless_a_published_title_would_stand_in_none() {
    let shop = database::fresh().await;
    shop.title("One").category("ships").and_category("sea").published().await;
    shop.title("Draft").category("sea").draft().await;
    let rows = categories::list(&shop.db).await.unwrap();
    let of = |slug: &str| rows.iter().find(|row| row.slug == slug).unwrap().id;
    categories::delete(&shop.db, of("sea")).await.unwrap();
    reindexed(&shop).await;
    assert_eq!(found(&shop, "sea", "").await, 0);
    let refused = categories::delete(&shop.db, of("ships")).await.unwrap_err();
    assert_eq!(refused.code(), "category.last-of-published");
    assert_eq!(names(&shop).await, ["ships"]);
}
