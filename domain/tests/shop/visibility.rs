//! Who sees what.

use crate::database;
use crate::fixtures::{give, sample, say, user};
use domain::account::Role;
use domain::catalog::{Browse, TextRights, browse, product_page};
use domain::entities::entitlements;
use domain::ordering::{Availability, availability};
use domain::{Error, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

#[tokio::test]
async fn a_draft_is_nowhere_for_shoppers_and_there_for_admins() {
    let shop = database::fresh().await;
    let draft = shop.title("Unfinished").featured().sold(5).series("S", Some(1)).draft().await;
    let sibling = shop.title("Finished").series("S", Some(2)).published().await;
    sample(&shop, draft.id, "samples/x", 0, 1000).await;
    let (shopper, admin) = (user(&shop, "Sam", Role::Shopper).await, user(&shop, "Ann", Role::Admin).await);

    for viewer in [None, Some(&shopper)] {
        assert!(matches!(product_page::detail(&shop.db, &draft.slug, viewer).await, Err(Error::NotFound(_))));
        assert!(matches!(product_page::sample_file(&shop.db, &draft.slug, viewer).await, Err(Error::NotFound(_))));
        assert!(matches!(product_page::cover_facts(&shop.db, &draft.slug, viewer).await, Err(Error::NotFound(_))));
    }
    assert_eq!(product_page::detail(&shop.db, &draft.slug, Some(&admin)).await.unwrap().summary.title, "Unfinished");
    assert_eq!(product_page::sample_file(&shop.db, &draft.slug, Some(&admin)).await.unwrap(), "samples/x");

    let search = Browse { text: "unfinished".to_owned(), exact: true, ..Default::default() };
    assert_eq!(browse::browse(&shop.db, &search).await.unwrap().total, 0);
    let nearly = browse::browse(&shop.db, &Browse { exact: false, ..search }).await.unwrap();
    assert!(
        nearly.items.iter().all(|title| title.id == sibling.id),
        "what is nearly that may be found, a draft is not"
    );
    assert_eq!(browse::browse(&shop.db, &Browse::default()).await.unwrap().total, 1);
    assert!(browse::home(&shop.db).await.unwrap().featured.is_empty());
    assert_eq!(browse::series(&shop.db, "s").await.unwrap().titles.len(), 1);
    assert!(browse::more_like_this(&shop.db, sibling.id, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_archived_title_is_seen_by_those_who_own_it() {
    let shop = database::fresh().await;
    let old = shop.title("Gone").archived().await;
    let (owner, other) = (user(&shop, "Olga", Role::Shopper).await, user(&shop, "Sam", Role::Shopper).await);
    let entitlement = give(&shop, &owner, old.id).await;

    assert!(product_page::detail(&shop.db, &old.slug, Some(&owner)).await.is_ok());
    assert!(product_page::cover_facts(&shop.db, &old.slug, None).await.is_ok(), "libraries and orders show the cover");
    for viewer in [None, Some(&other)] {
        assert!(matches!(product_page::detail(&shop.db, &old.slug, viewer).await, Err(Error::NotFound(_))));
    }
    assert_eq!(browse::browse(&shop.db, &Browse::default()).await.unwrap().total, 0);

    entitlements::Entity::update_many()
        .col_expr(entitlements::Column::RevokedAt, Expr::val(shop.db.now()))
        .filter(entitlements::Column::Id.eq(entitlement))
        .exec(shop.db.read())
        .await
        .unwrap();
    let refunded = product_page::detail(&shop.db, &old.slug, Some(&owner)).await;
    assert!(matches!(refunded, Err(Error::NotFound(_))), "a refund takes it away");
}

#[tokio::test]
async fn nobody_finds_out_by_its_name_what_is_being_prepared() {
    let shop = database::fresh().await;
    let (draft, old) = (shop.title("Unfinished").draft().await, shop.title("Gone").archived().await);
    let (shopper, admin) = (user(&shop, "Sam", Role::Shopper).await, user(&shop, "Ann", Role::Admin).await);
    for slug in [&draft.slug, &old.slug] {
        for viewer in [None, Some(&shopper)] {
            let asked = availability::of_title(&shop.db, viewer, None, slug).await;
            assert!(matches!(asked, Err(Error::NotFound(_))), "{slug}: {asked:?}");
        }
        let asked = availability::of_title(&shop.db, Some(&admin), None, slug).await.unwrap();
        assert_eq!(asked, Availability::NotForSale);
    }
}

#[tokio::test]
async fn nobody_finds_out_by_their_page_who_is_in_what_is_being_prepared() {
    let shop = database::fresh().await;
    shop.title("Unfinished").author("Dora New").series("Secrets", Some(1)).draft().await;
    shop.title("Gone").author("Otto Old").series("Classics", Some(1)).archived().await;
    assert!(matches!(browse::contributor(&shop.db, "dora-new").await, Err(Error::NotFound(_))));
    assert!(matches!(browse::series(&shop.db, "secrets").await, Err(Error::NotFound(_))));
    assert_eq!(browse::contributor(&shop.db, "otto-old").await.unwrap().name, "Otto Old");
    assert_eq!(browse::series(&shop.db, "classics").await.unwrap().name, "Classics");
}

#[tokio::test]
async fn whoever_bought_a_title_goes_on_seeing_it_when_it_is_taken_off_the_shelf() {
    let shop = database::fresh().await;
    let draft = shop.title("Taken back").draft().await;
    let (owner, other) = (user(&shop, "Olga", Role::Shopper).await, user(&shop, "Sam", Role::Shopper).await);
    give(&shop, &owner, draft.id).await;
    assert!(product_page::detail(&shop.db, &draft.slug, Some(&owner)).await.is_ok());
    let cover = product_page::cover_facts(&shop.db, &draft.slug, Some(&owner)).await.unwrap();
    assert!(cover.hidden, "no cache in between keeps it for others");
    assert!(matches!(product_page::cover_facts(&shop.db, &draft.slug, Some(&other)).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_sale_begins_and_ends_on_time() {
    let shop = database::fresh().await;
    let now = shop.db.now();
    let at = |ms: i64| -> Option<Timestamp> { Some(now.plus_ms(ms)) };
    let title = shop.title("Bargain").price(1000).sale(600, at(1000), at(2000)).published().await;
    let charged = async || product_page::detail(&shop.db, &title.slug, None).await.unwrap().summary.price.now.minor;
    assert_eq!(charged().await, 1000);
    shop.clock.advance(999);
    assert_eq!(charged().await, 1000);
    shop.clock.advance(1);
    assert_eq!(charged().await, 600, "from the very moment it begins");
    shop.clock.advance(999);
    assert_eq!(charged().await, 600);
    shop.clock.advance(1);
    assert_eq!(charged().await, 1000, "from the very moment it ends");
}

#[tokio::test]
async fn a_sample_shows_the_words_that_are_heard_in_it_and_no_others() {
    let shop = database::fresh().await;
    let title = shop.title("Spoken").published().await;
    say(&shop, title.id, 0, 0, 4000, "Before the sample starts.").await;
    say(&shop, title.id, 1, 5000, 8000, "All of this.").await;
    say(&shop, title.id, 2, 8000, 12_000, "Only half of that").await;
    say(&shop, title.id, 3, 12_000, 14_000, "Long after.").await;
    assert_eq!(product_page::detail(&shop.db, &title.slug, None).await.unwrap().sample, None);

    sample(&shop, title.id, "samples/spoken", 5000, 10_000).await;
    let sample = product_page::detail(&shop.db, &title.slug, None).await.unwrap().sample.unwrap();
    let said: Vec<_> = sample.segments.iter().map(|segment| segment.text.as_str()).collect();
    assert_eq!(said, ["All of this.", "Only half"]);
    assert_eq!((sample.start_ms, sample.end_ms), (5000, 10_000));
    assert_eq!(sample.version, shop.db.now());
}

#[tokio::test]
async fn text_that_must_stay_inside_does_not_leave_with_the_sample() {
    let shop = database::fresh().await;
    let title = shop.title("Silent").text_rights(TextRights::None).published().await;
    say(&shop, title.id, 0, 0, 1000, "A secret.").await;
    sample(&shop, title.id, "samples/silent", 0, 1000).await;
    let sample = product_page::detail(&shop.db, &title.slug, None).await.unwrap().sample.unwrap();
    assert!(sample.segments.is_empty());
}
