//! Finding a title by words.

use crate::database::{self, Shop};
use domain::account::user_admin;
use domain::audit::{self, Filter};
use domain::catalog::{Browse, browse, product_page};
use domain::{Error, PageRequest};

/// The slugs that a search finds, best match first.
async fn found(shop: &Shop, text: &str) -> Vec<String> {
    let wanted = Browse { text: text.to_owned(), ..Default::default() };
    let page = browse::browse(&shop.db, &wanted).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64, "what is counted for {text:?} is what is listed");
    page.items.into_iter().map(|card| card.slug).collect()
}

#[tokio::test]
async fn a_title_is_found_by_the_beginnings_of_its_words() {
    let shop = database::fresh().await;
    shop.title("The Keeper's Light").published().await;
    shop.title("A Kettle of Fish").published().await;
    for text in ["keeper", "KEEP", "light keep", "kee", "keeper's", "the keepers light"] {
        assert_eq!(found(&shop, text).await, ["the-keepers-light"], "searched for {text:?}");
    }
    assert_eq!(found(&shop, "ke").await.len(), 2);
    for text in ["eeper", "keeper fish", "keepersx", "zebra"] {
        assert!(found(&shop, text).await.is_empty(), "{text:?} found something");
    }
}

#[tokio::test]
async fn accents_and_alphabets_do_not_hide_a_title() {
    let shop = database::fresh().await;
    shop.title("Émile à Łódź").published().await;
    shop.title("Море и горы").published().await;
    shop.title("Zürich im März").published().await;
    for text in ["emile", "ÉMILE", "lodz", "Łód"] {
        assert_eq!(found(&shop, text).await, ["emile-a-łodz"], "searched for {text:?}");
    }
    assert_eq!(found(&shop, "мор ГОР").await.len(), 1);
    assert_eq!(found(&shop, "z").await, ["zurich-im-marz"]);
    assert_eq!(found(&shop, "märz").await, ["zurich-im-marz"]);
}

#[tokio::test]
async fn a_title_is_found_by_everyone_and_everything_that_belongs_to_it() {
    let shop = database::fresh().await;
    shop.title("Salt")
        .subtitle("A coastal tale")
        .author("Ingrid Holm")
        .narrator("Theo Vance")
        .series("Harbour Nights", Some(1))
        .category("mystery")
        .description("The lantern went out at midnight.")
        .published()
        .await;
    for text in ["coastal", "ingrid", "theo van", "harbour", "myst", "lantern midnight", "salt holm"] {
        assert_eq!(found(&shop, text).await, ["salt"], "searched for {text:?}");
    }
}

#[tokio::test]
async fn the_best_match_comes_first() {
    let shop = database::fresh().await;
    shop.title("In the Reeds").description("A storm is told of here.").sold(500).published().await;
    shop.title("Stormy Nights").published().await;
    shop.title("Storm").published().await;
    shop.title("Weather").author("Ann Storm").published().await;
    assert_eq!(found(&shop, "storm").await, ["storm", "weather", "stormy-nights", "in-the-reeds"]);
}

/// Databases differ about the sign U+0000 in what is looked for: PostgreSQL takes it in no text.
#[tokio::test]
async fn a_sign_that_is_no_part_of_any_text_is_no_fault_of_the_shop() {
    let shop = database::fresh().await;
    let hostile = "a\u{0}b";
    assert!(found(&shop, hostile).await.is_empty());
    let who = Filter { who: hostile.to_owned(), ..Filter::default() };
    let refusals = [
        product_page::detail(&shop.db, hostile, None).await.err(),
        browse::contributor(&shop.db, hostile).await.err(),
        user_admin::list(&shop.db, hostile, false, PageRequest::new(1, 10)).await.err(),
        audit::trail::events(&shop.db, &who, None, 10).await.err(),
    ];
    for refusal in refusals.into_iter().flatten() {
        assert!(matches!(refusal, Error::Invalid { .. } | Error::NotFound(_)), "{refusal:?}");
    }
}

#[tokio::test]
async fn signs_in_a_search_are_only_signs() {
    let shop = database::fresh().await;
    shop.title("Hundred Percent").published().await;
    for text in ["%", "_", "'; DROP TABLE audiobooks; --", "h%", "\u{10FFFF}", "???"] {
        let slugs = found(&shop, text).await;
        assert!(slugs.is_empty() || text == "h%", "{text:?} found {slugs:?}");
    }
    assert_eq!(found(&shop, "  ").await.len(), 1, "no words are no search");
    assert_eq!(found(&shop, &"hundred ".repeat(1000)).await.len(), 1);
}
