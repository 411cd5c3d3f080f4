//! Authors and narrators, as admins look after them.

use crate::database::{self, Shop};
use domain::catalog::reindex::{self, Reindex};
use domain::catalog::{Browse, ContributorForm, ContributorRow, browse, contributors};
use domain::entities::people;
use domain::{Error, PageRequest};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

async fn id_of(shop: &Shop, name: &str) -> Uuid {
    people::Entity::find().filter(people::Column::Name.eq(name)).one(shop.db.read()).await.unwrap().unwrap().id
}

fn called(name: &str) -> ContributorForm {
    ContributorForm { name: name.to_owned(), about: String::new() }
}

async fn found(shop: &Shop, text: &str) -> u64 {
    browse::browse(&shop.db, &Browse { text: text.to_owned(), ..Browse::default() }).await.unwrap().total
}

#[tokio::test]
async fn a_list_says_what_everybody_wrote_and_reads_and_who_has_a_page_in_the_shop() {
    let shop = database::fresh().await;
    shop.title("One").author("Ada Moss").narrator("Theo Vance").published().await;
    shop.title("Two").author("Ada Moss").narrator("Ada Moss").draft().await;
    shop.title("Three").author("Jon Quill").draft().await;
    let page = contributors::list(&shop.db, "", PageRequest::new(1, 50)).await.unwrap();
    let shown = |row: &ContributorRow| (row.form.name.clone(), row.wrote, row.reads, row.in_shop);
    let known = |name: &str, wrote, reads, in_shop| (name.to_owned(), wrote, reads, in_shop);
    assert_eq!(
        page.items.iter().map(shown).collect::<Vec<_>>(),
        [known("Ada Moss", 2, 1, true), known("Jon Quill", 1, 0, false), known("Theo Vance", 0, 1, true)]
    );
    for row in &page.items {
        assert_eq!(browse::contributor(&shop.db, &row.slug).await.is_ok(), row.in_shop, "{}", row.slug);
        assert_eq!(contributors::get(&shop.db, row.id).await.unwrap(), *row);
    }
    let some = contributors::list(&shop.db, " THÉO", PageRequest::new(1, 50)).await.unwrap();
    assert_eq!(some.items.len(), 1, "case and accents do not matter");
}

#[tokio::test]
async fn somebody_who_is_renamed_is_found_by_both_addresses_and_by_titles_that_come_under_the_old_name() {
    let shop = database::fresh().await;
    shop.title("One").author("Jon Smith").published().await;
    let id = id_of(&shop, "Jon Smith").await;
    contributors::save(&shop.db, id, &called("John Smith")).await.unwrap();
    assert_eq!(contributors::moved_to(&shop.db, "jon-smith").await.unwrap().as_deref(), Some("john-smith"));
    reindex::run(&shop.db, &Reindex::Contributor { id }).await.unwrap();
    assert_eq!((found(&shop, "john").await, found(&shop, "jon").await), (1, 0));

    shop.title("Two").author("Jon Smith").published().await;
    let theirs = browse::contributor(&shop.db, "john-smith").await.unwrap();
    assert_eq!(theirs.titles.len(), 2, "the old name is still theirs");
    assert!(contributors::save(&shop.db, id, &called("  ")).await.is_err());
}

#[tokio::test]
async fn two_entries_of_one_person_become_one() {
    let shop = database::fresh().await;
    let both = shop.title("Both").author("J. Smith").narrator("J. Smith").narrator("John Smith").published().await;
    shop.title("One").author("J. Smith").narrator("J. Smith").published().await;
    let (gone, kept) = (id_of(&shop, "J. Smith").await, id_of(&shop, "John Smith").await);
    contributors::save(&shop.db, gone, &ContributorForm { about: "Writes.".to_owned(), ..called("J. Smith") })
        .await
        .unwrap();
    for (nobody, code) in [("J. Smith", "contributor.into-itself"), ("Jane Doe", "contributor.into-nobody")] {
        assert_eq!(contributors::merge(&shop.db, gone, nobody).await.unwrap_err().code(), code);
    }
    assert_eq!(contributors::merge(&shop.db, gone, "john smith").await.unwrap(), kept);
    let theirs = browse::contributor(&shop.db, "john-smith").await.unwrap();
    assert_eq!((theirs.titles.len(), theirs.about.as_str()), (2, "Writes."));
    let both = theirs.titles.iter().find(|title| title.id == both.id).unwrap();
    assert_eq!((both.authors.len(), both.narrators.len()), (1, 1), "nobody stands on a title twice");
    assert_eq!(contributors::moved_to(&shop.db, "j-smith").await.unwrap().as_deref(), Some("john-smith"));
    assert!(matches!(contributors::get(&shop.db, gone).await, Err(Error::NotFound(_))));
}
