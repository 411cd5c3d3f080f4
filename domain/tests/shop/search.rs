//! Finding a title by words.

use crate::database::{self, Shop};
use crate::query_plans;
use domain::account::user_admin;
use domain::audit::{self, Filter};
use domain::catalog::reindex::{self, Reindex};
use domain::catalog::{Browse, Corrected, Listing, Sort, browse, product_page, publish};
use domain::entities::{audiobook_terms, vocabulary};
use domain::{Error, PageRequest};
use sea_orm::{DbBackend, EntityTrait};

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
    for text in ["epers", "keeper fish", "keepersxxx", "zebra"] {
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
    assert_eq!(found(&shop, "z").await, ["zurich-im-marz"], "a letter alone begins a word");
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

async fn listing(shop: &Shop, text: &str, exact: bool) -> Listing {
    let wanted = Browse { text: text.to_owned(), exact, ..Default::default() };
    browse::listing(&shop.db, &wanted).await.unwrap()
}

/// What is said to have been meant, and whether it is shown.
fn meant(text: &str, shown: bool) -> Option<Corrected> {
    Some(Corrected { text: text.to_owned(), shown })
}

#[tokio::test]
async fn one_error_in_a_short_word_and_two_in_a_long_one_are_forgiven() {
    let shop = database::fresh().await;
    shop.title("The Lighthouse Storm").author("Ida Tolkien").published().await;
    for text in ["strom", "stom", "storrm", "stxrm", "lihgthuose", "lighthose", "tolkein", "lighthuose strom"] {
        assert_eq!(found(&shop, text).await, ["the-lighthouse-storm"], "searched for {text:?}");
    }
    for text in ["stxxm", "lghthsee", "dia", "1984"] {
        assert!(found(&shop, text).await.is_empty(), "{text:?} found something");
    }
}

#[tokio::test]
async fn a_word_of_three_letters_is_taken_as_it_is() {
    let shop = database::fresh().await;
    shop.title("Sea").published().await;
    assert_eq!(found(&shop, "sea").await, ["sea"]);
    assert!(found(&shop, "sae").await.is_empty());
    assert!(found(&shop, "see").await.is_empty());
}

#[tokio::test]
async fn what_is_found_as_it_was_typed_is_not_mixed_with_what_is_nearly_that() {
    let shop = database::fresh().await;
    shop.title("Storm").published().await;
    shop.title("Stork").published().await;
    shop.title("Stormy").published().await;
    assert_eq!(found(&shop, "storm").await, ["storm", "stormy"], "the word before what begins so");
    assert_eq!(listing(&shop, "storm", false).await.correction, None);
    assert_eq!(found(&shop, "stork").await, ["stork"]);
}

#[tokio::test]
async fn the_page_says_what_it_took_a_mistyped_word_for() {
    let shop = database::fresh().await;
    shop.title("Die Müller vom See").author("Jörg Weiß").published().await;
    let corrected = listing(&shop, "die mullr see", false).await;
    assert_eq!((corrected.page.total, corrected.correction), (1, meant("die Müller see", true)));
    let as_typed = listing(&shop, "die mullr see", true).await;
    assert_eq!((as_typed.page.total, as_typed.correction), (0, meant("die Müller see", false)));
    let nothing = listing(&shop, "qqqqqqqq", false).await;
    assert_eq!((nothing.page.total, nothing.correction), (0, None));
}

#[tokio::test]
async fn words_that_are_known_but_stand_nowhere_together_are_taken_for_near_ones() {
    let shop = database::fresh().await;
    shop.title("Harry Potter").published().await;
    shop.title("Poter and Sons").published().await;
    let corrected = listing(&shop, "harry poter", false).await;
    assert_eq!(corrected.page.items[0].slug, "harry-potter");
    assert_eq!(corrected.correction, meant("harry Potter", true));
}

#[tokio::test]
async fn what_only_a_draft_says_is_never_offered() {
    let shop = database::fresh().await;
    let draft = shop.title("Zanzibar").draft().await;
    assert_eq!(listing(&shop, "zanzibra", false).await.correction, None);
    assert!(found(&shop, "zanzibar").await.is_empty());
    let other = shop.title("Another Zanzibar").published().await;
    assert_eq!(found(&shop, "zanzibra").await, [other.slug]);
    assert!(draft.id != other.id);
}

#[tokio::test]
async fn a_title_that_leaves_the_shop_leaves_the_search() {
    let shop = database::fresh().await;
    let gone = shop.title("Evanescent").published().await;
    assert_eq!(found(&shop, "evanescnt").await, ["evanescent"]);
    publish::archive(&shop.db, gone.id).await.unwrap();
    assert!(found(&shop, "evanescent").await.is_empty());
    assert!(found(&shop, "evanescnt").await.is_empty(), "nor is it found by what is nearly its name");
}

#[tokio::test]
async fn initials_are_found_with_and_without_their_points() {
    let shop = database::fresh().await;
    shop.title("The Hobbit").author("J. R. R. Tolkien").published().await;
    shop.title("A.I. and I").author("C.J. Moss").published().await;
    for text in ["jrr tolkien", "J.R.R. Tolkien", "j r r tolkien", "tolkien j", "tolkien", "jr tolkien", "jrr"] {
        assert_eq!(found(&shop, text).await, ["the-hobbit"], "searched for {text:?}");
    }
    for text in ["ai", "A.I.", "a i", "cj", "c. j. moss"] {
        assert_eq!(found(&shop, text).await, ["a-i-and-i"], "searched for {text:?}");
    }
    assert_eq!(found(&shop, "x. y. tolkien").await, ["the-hobbit"], "initials that nobody has are passed over");
}

#[tokio::test]
async fn umlauts_are_found_both_ways() {
    let shop = database::fresh().await;
    shop.title("Müller").published().await;
    shop.title("Mueller").published().await;
    shop.title("Søren på Åland").published().await;
    let sorted = async |text: &str| {
        let mut slugs = found(&shop, text).await;
        slugs.sort();
        slugs
    };
    assert_eq!(sorted("mueller").await, ["mueller", "muller"]);
    assert_eq!(sorted("muller").await, ["muller"]);
    assert_eq!(sorted("Müller").await, ["mueller", "muller"]);
    assert_eq!(sorted("MÜLL").await, ["mueller", "muller"]);
    for text in ["soeren", "soren", "Søren", "aaland", "aland"] {
        assert_eq!(sorted(text).await.len(), 1, "searched for {text:?}");
    }
}

#[tokio::test]
async fn and_is_found_by_its_sign_and_the_other_way_round() {
    let shop = database::fresh().await;
    shop.title("Salt & Storm").published().await;
    shop.title("Fire and Ice").published().await;
    assert_eq!(found(&shop, "salt and storm").await, ["salt-storm"]);
    assert_eq!(found(&shop, "fire & ice").await, ["fire-and-ice"]);
    assert_eq!(found(&shop, "&").await.len(), 2);
}

#[tokio::test]
async fn what_stands_inside_a_title_without_spaces_is_found() {
    let shop = database::fresh().await;
    shop.title("海辺のカフカ").published().await;
    shop.title("ความลับของทะเล").published().await;
    shop.title("서울의 밤하늘").published().await;
    for (text, slug) in [
        ("カフカ", "海辺のカフカ"),
        ("海", "海辺のカフカ"),
        ("辺の", "海辺のカフカ"),
        ("ทะเล", "ความลับของทะเล"),
        ("ลับ", "ความลับของทะเล"),
        ("하늘", "서울의-밤하늘"),
        ("서울", "서울의-밤하늘"),
    ] {
        assert_eq!(found(&shop, text).await, [slug], "searched for {text:?}");
    }
    for text in ["カカ", "山", "ทะลา"] {
        assert!(found(&shop, text).await.is_empty(), "{text:?} found something");
    }
}

#[tokio::test]
async fn a_letter_beside_words_finds_nothing_but_puts_what_has_it_first() {
    let shop = database::fresh().await;
    shop.title("Plan A").published().await;
    shop.title("Plan B").published().await;
    shop.title("Plan C").published().await;
    let plans = found(&shop, "plan b").await;
    assert_eq!((plans.len(), plans[0].as_str()), (3, "plan-b"));
    assert!(found(&shop, "q w e r t y u i").await.is_empty());
}

#[tokio::test]
async fn a_title_that_is_nothing_but_the_word_comes_first() {
    let shop = database::fresh().await;
    shop.title("The Whale and the Sea").sold(90).published().await;
    shop.title("Whale").published().await;
    shop.title("A Whale in the Long Night of the North").sold(99).published().await;
    assert_eq!(found(&shop, "whale").await[0], "whale");
}

/// More titles than are counted, each with a word that all of them have.
#[tokio::test]
async fn a_search_that_finds_very_much_says_so_and_ends() {
    let shop = database::fresh().await;
    let title = shop.title("Common Harbour").published().await;
    let row = crate::fixtures::row(&shop, title.id).await;
    let (mut titles, mut terms) = (Vec::new(), Vec::new());
    for n in 0..1100_i64 {
        let id = uuid::Uuid::now_v7();
        let slug = format!("common-{n}");
        let again = domain::entities::audiobooks::Model { id, slug, sold_count: n, ..row.clone() };
        titles.push(sea_orm::IntoActiveModel::into_active_model(again));
        for (term, weight) in [("common", 100), ("harbour", if n == 7 { 200 } else { 100 }), ("harbours", 5)] {
            let term = audiobook_terms::Model { audiobook_id: id, term: term.to_owned(), weight };
            terms.push(sea_orm::IntoActiveModel::into_active_model(term));
        }
        for (spare, weight) in (0..3).map(|spare| (format!("harbour{spare}"), 1)) {
            let term = audiobook_terms::Model { audiobook_id: id, term: spare, weight };
            terms.push(sea_orm::IntoActiveModel::into_active_model(term));
        }
    }
    for some in titles.chunks(400) {
        domain::entities::audiobooks::Entity::insert_many(some.to_vec())
            .exec_without_returning(shop.db.read())
            .await
            .unwrap();
    }
    for some in terms.chunks(5000) {
        audiobook_terms::Entity::insert_many(some.to_vec()).exec_without_returning(shop.db.read()).await.unwrap();
    }
    shop.statements.take();
    for text in ["common", "harbour", "harbour common", "h", ""] {
        for (sort, param, _) in Sort::ALL {
            let wanted = |page| Browse { text: text.to_owned(), sort, page, ..Default::default() };
            let first = browse::listing(&shop.db, &wanted(1)).await.unwrap();
            assert_eq!((first.page.total, first.more, first.page.items.len()), (1000, true, 24), "{text:?} {param}");
            let last = browse::listing(&shop.db, &wanted(42)).await.unwrap();
            assert_eq!(last.page.items.len(), 16, "{text:?} {param}: the thousand and no more");
            let beyond = browse::listing(&shop.db, &wanted(43)).await.unwrap();
            assert!(beyond.page.items.is_empty(), "{text:?} {param}");
        }
    }
    if shop.db.backend() != DbBackend::MySql {
        // MariaDB takes the whole of a table of which the half is wanted.
        query_plans::all_use_indexes(&shop).await;
    }
    let best = found_first(&shop, "harbour").await;
    assert_eq!(best, "common-7", "where the word weighs most");
    let sold = Browse { text: "harbour".to_owned(), sort: Sort::BestSelling, ..Default::default() };
    assert_eq!(browse::browse(&shop.db, &sold).await.unwrap().items[0].slug, "common-1099");
}

async fn found_first(shop: &Shop, text: &str) -> String {
    let wanted = Browse { text: text.to_owned(), ..Default::default() };
    browse::browse(&shop.db, &wanted).await.unwrap().items[0].slug.clone()
}

#[tokio::test]
async fn a_shop_that_comes_from_an_older_version_makes_its_words_anew() {
    let shop = database::fresh().await;
    assert!(!reindex::catch_up(&shop.db).await.unwrap(), "there is nothing to do in an empty shop");
    shop.title("Müller").published().await;
    assert!(!reindex::catch_up(&shop.db).await.unwrap(), "nor where the words are known");
    vocabulary::Entity::delete_many().exec(shop.db.read()).await.unwrap();
    audiobook_terms::Entity::delete_many().exec(shop.db.read()).await.unwrap();
    assert!(found(&shop, "mueller").await.is_empty());
    assert!(reindex::catch_up(&shop.db).await.unwrap());
    assert_eq!(reindex::run(&shop.db, &Reindex::Everything).await.unwrap(), 1);
    assert_eq!(found(&shop, "mueller").await, ["muller"]);
    assert_eq!(found(&shop, "muelelr").await, ["muller"], "and they are corrected to");
}
