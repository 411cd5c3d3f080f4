//! From draft to shelf, and off it again; and filling a shop from a list.

use crate::database;
use crate::fixtures::{DAY, record};
use domain::catalog::seed::{self, SeedCategory};
use domain::catalog::{Status, drafts, edit, product_page, publish, titles};
use domain::entities::{audiobooks, categories, people, series};
use domain::production::samples;
use domain::{Currency, Db, Error};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

async fn status(db: &Db, id: Uuid) -> Status {
    audiobooks::Entity::find_by_id(id).one(db.read()).await.unwrap().unwrap().status
}

#[tokio::test]
async fn publishing_says_everything_that_is_missing() {
    let shop = database::fresh().await;
    let id = drafts::create(&shop.db, "Bare", Currency::USD).await.unwrap();
    let refused = publish::publish(&shop.db, id).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Before it can be published it needs a price (0 for a free title), a description, a category, an author and audio."
    );
    assert_eq!(status(&shop.db, id).await, Status::Draft);

    shop.title("Other").category("food").draft().await;
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.price = "0".to_owned();
    form.description = "Words.".to_owned();
    form.authors = "Ada Moss".to_owned();
    form.categories = vec!["food".to_owned()];
    samples::save_title(&shop.db, id, &form).await.unwrap();
    let refused = publish::publish(&shop.db, id).await.unwrap_err();
    assert_eq!(refused.to_string(), "Before it can be published it needs audio.");
    record(&shop, id, 1000, &["book.mp3"]).await;
    publish::publish(&shop.db, id).await.unwrap();
    let card = product_page::detail(&shop.db, "bare", None).await.unwrap().summary;
    assert_eq!((card.price.now.minor, card.published_at), (0, Some(shop.db.now())), "a free title is a title");
}

#[tokio::test]
async fn a_published_title_cannot_be_saved_without_what_it_needs() {
    let shop = database::fresh().await;
    let title = shop.title("Live").published().await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.price = String::new();
    form.authors = String::new();
    let refused = samples::save_title(&shop.db, title.id, &form).await.unwrap_err();
    assert_eq!(refused.to_string(), "A published title needs a price (0 for a free title) and an author.");
    assert_eq!(product_page::detail(&shop.db, "live", None).await.unwrap().summary.authors.len(), 1);
}

#[tokio::test]
async fn a_title_goes_off_the_shelf_and_back_with_its_first_date() {
    let shop = database::fresh().await;
    let title = shop.title("Wanderer").published().await;
    let first = shop.db.now();
    shop.clock.advance(DAY);
    publish::unpublish(&shop.db, title.id).await.unwrap();
    assert!(matches!(publish::unpublish(&shop.db, title.id).await, Err(Error::Conflict(_))));
    assert!(matches!(publish::archive(&shop.db, title.id).await, Err(Error::Conflict(_))), "a draft is not for sale");
    publish::publish(&shop.db, title.id).await.unwrap();
    publish::publish(&shop.db, title.id).await.unwrap();
    assert_eq!(product_page::detail(&shop.db, "wanderer", None).await.unwrap().summary.published_at, Some(first));
    publish::archive(&shop.db, title.id).await.unwrap();
    assert!(matches!(publish::archive(&shop.db, title.id).await, Err(Error::Conflict(_))));
    assert_eq!(status(&shop.db, title.id).await, Status::Archived);
    publish::publish(&shop.db, title.id).await.unwrap();
    assert_eq!(status(&shop.db, title.id).await, Status::Published);
}

#[tokio::test]
async fn seeding_twice_is_seeding_once() {
    let shop = database::fresh().await;
    for round in 1..=2 {
        let food = SeedCategory {
            slug: "food".to_owned(),
            name: format!("Food {round}"),
            keywords: "bread, salt".to_owned(),
            ..Default::default()
        };
        seed::upsert_category(&shop.db, &food).await.unwrap();
        seed::upsert_contributor(&shop.db, "Ada Moss", &format!("Life {round}")).await.unwrap();
        seed::upsert_series(&shop.db, "Nights", &format!("About {round}")).await.unwrap();
        shop.title("Bread")
            .category("adventure")
            .narrator("Ada Moss")
            .series("Nights", None)
            .price(round * 100)
            .draft_of_list()
            .await;
    }
    assert_eq!(audiobooks::Entity::find().count(shop.db.read()).await.unwrap(), 1);
    assert_eq!(people::Entity::find().count(shop.db.read()).await.unwrap(), 1);
    assert_eq!(categories::Entity::find().count(shop.db.read()).await.unwrap(), 2);
    assert_eq!(people::Entity::find().one(shop.db.read()).await.unwrap().unwrap().bio, "Life 2");
    assert_eq!(series::Entity::find().one(shop.db.read()).await.unwrap().unwrap().description, "About 2");
    let id = titles::id_of(&shop.db, "bread").await.unwrap();
    assert_eq!(edit::form(&shop.db, id).await.unwrap().price, "2.00", "the list may change its mind");
}

#[tokio::test]
async fn seeding_again_keeps_what_an_admin_wrote() {
    let shop = database::fresh().await;
    let title = shop.title("Edited").price(500).draft_of_list().await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.price = "7.00".to_owned();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    shop.title("Edited").price(500).draft_of_list().await;
    assert_eq!(edit::form(&shop.db, title.id).await.unwrap().price, "7.00");
}
