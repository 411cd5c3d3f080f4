//! A second title with the words of a first.

use crate::database::fresh;
use crate::fixtures::{row, say};
use domain::Error;
use domain::catalog::{Status, TextRights, drafts, edit, product_page, publish};
use domain::insight::{TitleFilter, TitleSort, titles};
use domain::transcript::segments;
use uuid::Uuid;

#[tokio::test]
async fn a_duplicate_has_the_words_people_categories_series_and_price_and_nothing_that_was_made_or_sold() {
    let shop = fresh().await;
    let bell = shop
        .title("The Bell")
        .subtitle("A story")
        .author("Ben Oak")
        .narrator("Cleo Reed")
        .series("Nights", Some(3))
        .category("sea")
        .and_category("night")
        .price(990)
        .licences(5)
        .sale(500, None, None)
        .text_rights(TextRights::Download)
        .featured()
        .sold(7)
        .published()
        .await;
    say(&shop, bell.id, 0, 0, 1000, "A bell.").await;
    let copy = drafts::duplicate(&shop.db, bell.id).await.unwrap();
    let (form, original) = (edit::form(&shop.db, copy).await.unwrap(), edit::form(&shop.db, bell.id).await.unwrap());
    assert_eq!(form.title, "The Bell (copy)");
    assert_eq!(
        (&form.subtitle, &form.authors, &form.narrators, &form.series, &form.series_position),
        (&original.subtitle, &original.authors, &original.narrators, &original.series, &original.series_position)
    );
    assert_eq!(
        (&form.categories, &form.price, &form.description, &form.text_rights),
        (&original.categories, &original.price, &original.description, &original.text_rights)
    );
    assert_eq!(
        (form.sale_price.as_str(), form.featured),
        ("", false),
        "a sale and a place in the window are not copied"
    );
    let made = row(&shop, copy).await;
    assert_eq!((made.slug.as_str(), made.status, made.published_at), ("the-bell-copy", Status::Draft, None));
    assert_eq!((made.sold_count, made.licences_sold, made.licences_total, made.duration_ms), (0, 0, Some(5), 0));
    assert!(!segments::any(&shop.db, copy).await.unwrap());
    let refused = publish::publish(&shop.db, copy).await.unwrap_err();
    assert_eq!(refused.to_string(), "Before it can be published it needs audio.");
    let found = TitleFilter { text: "oak copy".to_owned(), ..TitleFilter::default() };
    let page = domain::PageRequest::new(1, 9);
    assert_eq!(titles::list(&shop.db, &found, TitleSort::Newest, page).await.unwrap().rows[0].id, copy);
    assert!(product_page::detail(&shop.db, "the-bell", None).await.is_ok(), "the first one stays as it was");
}

#[tokio::test]
async fn each_duplicate_has_an_address_of_its_own_and_a_name_that_fits() {
    let shop = fresh().await;
    let long = shop.title(&"word ".repeat(59)).draft_of_list().await;
    let first = drafts::duplicate(&shop.db, long.id).await.unwrap();
    let second = drafts::duplicate(&shop.db, long.id).await.unwrap();
    let (first, second) = (row(&shop, first).await, row(&shop, second).await);
    assert_ne!(first.slug, second.slug);
    assert!(first.title.ends_with(" (copy)") && first.title.chars().count() <= 300, "{}", first.title);
    assert!(matches!(drafts::duplicate(&shop.db, Uuid::nil()).await, Err(Error::NotFound(_))));
}
