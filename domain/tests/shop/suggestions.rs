//! What is suggested to somebody who types.

use crate::database::{self, Shop};
use domain::catalog::suggest::{SuggestionKind, suggest};
use domain::catalog::{ContributorForm, contributors};
use domain::entities::people;
use sea_orm::EntityTrait;

async fn suggested(shop: &Shop, text: &str) -> Vec<(SuggestionKind, String)> {
    suggest(&shop.db, text).await.unwrap().into_iter().map(|one| (one.kind, one.name)).collect()
}

#[tokio::test]
async fn titles_people_series_and_categories_are_suggested_by_the_beginnings_of_their_words() {
    use SuggestionKind::{Author, Category, Narrator, Series, Title};
    let shop = database::fresh().await;
    shop.title("Mossy Stones")
        .author("Ada Moss")
        .narrator("Max Mossberg")
        .series("Mosses of the North", Some(1))
        .category("mosses")
        .published()
        .await;
    shop.title("Fern").author("Ben Oak").narrator("Ada Moss").published().await;
    let names =
        |all: Vec<(SuggestionKind, String)>| all.into_iter().filter(|(kind, _)| *kind != Title).collect::<Vec<_>>();
    let expected = [
        (Author, "Ada Moss".to_owned()),
        (Narrator, "Max Mossberg".to_owned()),
        (Series, "Mosses of the North".to_owned()),
        (Category, "mosses".to_owned()),
    ];
    let all = suggested(&shop, "moss").await;
    assert_eq!(all[0], (Title, "Mossy Stones".to_owned()));
    assert_eq!(names(all), expected);
    assert_eq!(names(suggested(&shop, "ada mo").await), [(Author, "Ada Moss".to_owned())]);
    assert_eq!(suggested(&shop, "m").await, [], "a letter begins every other word");
    assert_eq!(suggested(&shop, "  ").await, []);
}

#[tokio::test]
async fn nothing_is_suggested_that_is_not_for_sale() {
    let shop = database::fresh().await;
    shop.title("Secret Plans").author("Quiet Writer").series("Hidden Things", Some(1)).draft().await;
    for text in ["secret", "quiet", "hidden"] {
        assert_eq!(suggested(&shop, text).await, [], "{text}");
    }
}

#[tokio::test]
async fn somebody_is_suggested_by_the_name_that_they_have_now() {
    let shop = database::fresh().await;
    shop.title("Fern").author("Jon Quill").published().await;
    let person = people::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    let form = ContributorForm { name: "John Quill".to_owned(), about: String::new() };
    contributors::save(&shop.db, person.id, &form).await.unwrap();
    domain::catalog::reindex::run(&shop.db, &domain::catalog::reindex::Reindex::Contributor { id: person.id })
        .await
        .unwrap();
    let quill = [(SuggestionKind::Author, "John Quill".to_owned())];
    let named = async |text: &str| {
        let all = suggested(&shop, text).await;
        all.into_iter().filter(|(kind, _)| *kind == SuggestionKind::Author).collect::<Vec<_>>()
    };
    assert_eq!(named("john").await, quill);
    assert_eq!(named("jon").await, [], "nor by the one that they had");
    assert_eq!(named("qui").await, quill);
}
