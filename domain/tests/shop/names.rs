//! Names and addresses in every script.

use crate::database::{self, Shop};
use domain::catalog::{browse, contributors, drafts};
use domain::entities::people;
use domain::{Currency, PageRequest};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

async fn addresses(shop: &Shop) -> Vec<(String, String)> {
    let mut all: Vec<_> = people::Entity::find()
        .all(shop.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|person| (person.name, person.slug))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn names_that_differ_in_vowel_signs_are_two_people_with_two_addresses() {
    let shop = database::fresh().await;
    for (one, other) in [("राम", "रमा"), ("สมศรี", "สมศร"), ("カラス", "ガラス")] {
        shop.title(&format!("By {one}")).author(one).published().await;
        shop.title(&format!("By {other}")).author(other).published().await;
        for name in [one, other] {
            let person = browse::contributor(&shop.db, name).await.unwrap();
            assert_eq!((person.name.as_str(), person.titles.len()), (name, 1));
        }
    }
}

#[tokio::test]
async fn series_that_differ_in_vowel_signs_are_two() {
    let shop = database::fresh().await;
    shop.title("One").series("राम", Some(1)).published().await;
    shop.title("Two").series("रमा", Some(1)).published().await;
    assert_eq!(browse::series(&shop.db, "राम").await.unwrap().titles.len(), 1);
    assert_eq!(browse::series(&shop.db, "रमा").await.unwrap().titles.len(), 1);
}

#[tokio::test]
async fn two_spellings_of_a_name_are_one_person() {
    let shop = database::fresh().await;
    shop.title("One").author("Zoë Émile").published().await;
    shop.title("Two").author("Zoe EMILE").published().await;
    shop.title("Three").author("Zoe\u{308} E\u{301}mile").published().await;
    assert_eq!(addresses(&shop).await, [("Zoë Émile".to_owned(), "zoe-emile".to_owned())]);
}

#[tokio::test]
async fn somebody_whose_address_lost_its_signs_long_ago_is_still_found_by_name() {
    let shop = database::fresh().await;
    shop.title("Old").author("राम").published().await;
    let mut person = people::Entity::find().one(shop.db.read()).await.unwrap().unwrap().into_active_model();
    person.slug = Set("रम".to_owned());
    person.update(shop.db.read()).await.unwrap();
    shop.title("New").author("राम").published().await;
    assert_eq!(addresses(&shop).await, [("राम".to_owned(), "रम".to_owned())]);
    // Who is really called so gets an address beside.
    shop.title("Other").author("रम").published().await;
    assert_eq!(addresses(&shop).await, [("रम".to_owned(), "रम-2".to_owned()), ("राम".to_owned(), "रम".to_owned())]);
    shop.title("Again").author("रम").published().await;
    assert_eq!(addresses(&shop).await.len(), 2);
    assert_eq!(browse::contributor(&shop.db, "रम-2").await.unwrap().titles.len(), 2);
}

#[tokio::test]
async fn names_without_letters_are_people_of_their_own() {
    let shop = database::fresh().await;
    shop.title("One").author("🎉").published().await;
    shop.title("Two").author("???").published().await;
    assert_eq!(addresses(&shop).await.len(), 2);
    let page = contributors::list(&shop.db, "🎉", PageRequest::new(1, 10)).await.unwrap();
    assert_eq!(page.total, 1);
}

#[tokio::test]
async fn a_title_of_signs_alone_gets_an_address_and_two_of_them_get_two() {
    let shop = database::fresh().await;
    for expected in ["u1f389", "u1f389-2"] {
        let id = drafts::create(&shop.db, "🎉", Currency::USD).await.unwrap();
        assert_eq!(crate::fixtures::row(&shop, id).await.slug, expected);
    }
}
