//! Changing a title.

use crate::database;
use crate::fixtures::{for_sale, sample, say};
use domain::catalog::{Browse, browse, drafts, edit, product_page, publish, titles};
use domain::entities::people;
use domain::production::samples;
use domain::{Currency, Error};
use sea_orm::{EntityTrait, PaginatorTrait};

#[tokio::test]
async fn what_the_form_shows_is_what_saving_it_keeps() {
    let shop = database::fresh().await;
    let ends = Some(shop.db.now().plus_ms(3_600_000));
    let title = shop
        .title("The Keeper's Light")
        .subtitle("A coastal tale")
        .narrator("Theo Vance")
        .narrator("Ben Oak")
        .series("Harbour Nights", Some(2))
        .category("mystery")
        .and_category("nature")
        .price(1290)
        .sale(990, None, ends)
        .licences(40)
        .published()
        .await;
    sample(&shop, title.id, "samples/a", 1500, 61_000).await;
    let form = edit::form(&shop.db, title.id).await.unwrap();
    assert_eq!((form.price.as_str(), form.sale_price.as_str()), ("12.90", "9.90"));
    assert_eq!((form.sale_starts.as_str(), form.sale_ends.as_str()), ("", "2026-11-20T10:00"));
    assert_eq!((form.narrators.as_str(), form.series_position.as_str()), ("Theo Vance, Ben Oak", "2"));
    assert_eq!((form.sample_start.as_str(), form.sample_end.as_str()), ("1.5", "61"));
    assert_eq!(form.categories, ["mystery", "nature"]);
    assert_eq!(form.licences, "40");

    let before = product_page::detail(&shop.db, &title.slug, None).await.unwrap();
    let version = samples::save_title(&shop.db, title.id, &form).await.unwrap();
    assert_eq!(version, form.version + 1);
    assert_eq!(product_page::detail(&shop.db, &title.slug, None).await.unwrap(), before);
    let again = edit::form(&shop.db, title.id).await.unwrap();
    assert_eq!(domain::catalog::AudiobookForm { version: form.version, ..again }, form);
}

#[tokio::test]
async fn the_licences_of_a_title_are_lowered_to_none_and_lifted_again() {
    let shop = database::fresh().await;
    let title = shop.title("Few").published().await;
    let left = async || product_page::detail(&shop.db, &title.slug, None).await.unwrap().summary.licences_left;
    assert_eq!(left().await, None, "any number may be sold");
    for (typed, expected) in [("3", Some(3)), ("0", Some(0)), (" ", None)] {
        let mut form = edit::form(&shop.db, title.id).await.unwrap();
        form.licences = typed.to_owned();
        samples::save_title(&shop.db, title.id, &form).await.unwrap();
        assert_eq!(left().await, expected, "{typed:?}");
    }
    for wrong in ["-1", "1.5", "many", "99999999999"] {
        let mut form = edit::form(&shop.db, title.id).await.unwrap();
        form.licences = wrong.to_owned();
        let refused = samples::save_title(&shop.db, title.id, &form).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field: "licences", .. }), "{wrong}: {refused:?}");
    }
}

#[tokio::test]
async fn saving_over_a_newer_version_is_refused_with_a_way_out() {
    let shop = database::fresh().await;
    let title = shop.title("Shared").published().await;
    let mine = edit::form(&shop.db, title.id).await.unwrap();
    let mut theirs = mine.clone();
    theirs.subtitle = "Theirs".to_owned();
    samples::save_title(&shop.db, title.id, &theirs).await.unwrap();
    match samples::save_title(&shop.db, title.id, &mine).await {
        Err(error) => assert_eq!(error.code(), "title.changed"),
        other => panic!("saved over a newer version: {other:?}"),
    }
    assert_eq!(edit::form(&shop.db, title.id).await.unwrap().subtitle, "Theirs");
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let shop = database::fresh().await;
    let title = shop.title("Race").published().await;
    let form = edit::form(&shop.db, title.id).await.unwrap();
    let mut other = form.clone();
    other.subtitle = "Other".to_owned();
    let (one, two) =
        tokio::join!(samples::save_title(&shop.db, title.id, &form), samples::save_title(&shop.db, title.id, &other));
    assert!(one.is_ok() != two.is_ok(), "{one:?} and {two:?}");
    assert_eq!(edit::form(&shop.db, title.id).await.unwrap().version, form.version + 1);
}

#[tokio::test]
async fn a_title_stands_in_three_categories_at_most_and_only_in_known_ones() {
    let shop = database::fresh().await;
    for slug in ["a", "b", "c", "d"] {
        shop.title(slug).category(slug).draft().await;
    }
    let title = shop.title("Everywhere").published().await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.categories = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
    let refused = samples::save_title(&shop.db, title.id, &form).await.unwrap_err();
    assert_eq!(refused.to_string(), "Choose at most three categories.");
    form.categories = vec!["a".to_owned(), "nowhere".to_owned()];
    let refused = samples::save_title(&shop.db, title.id, &form).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Invalid { field: "categories", refusal } if refusal.to_string().contains("nowhere"))
    );
    form.categories = ["c", "a", "c", "b"].map(str::to_owned).to_vec();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    assert_eq!(edit::form(&shop.db, title.id).await.unwrap().categories, ["c", "a", "b"]);
}

#[tokio::test]
async fn a_refused_form_changes_nothing() {
    let shop = database::fresh().await;
    let title = shop.title("Whole").published().await;
    let before = edit::form(&shop.db, title.id).await.unwrap();
    let mut form = before.clone();
    form.title = "Changed".to_owned();
    form.authors = "New Person".to_owned();
    form.categories = vec!["nowhere".to_owned()];
    samples::save_title(&shop.db, title.id, &form).await.unwrap_err();
    assert_eq!(edit::form(&shop.db, title.id).await.unwrap(), before);
    assert_eq!(people::Entity::find().count(shop.db.read()).await.unwrap(), 1, "nobody new is left behind");
}

#[tokio::test]
async fn equal_titles_have_addresses_of_their_own() {
    let shop = database::fresh().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let id = drafts::create(&shop.db, " The  Sea ", Currency::USD).await.unwrap();
        slugs.push(titles::title_header(&shop.db, id).await.unwrap().slug);
        assert_eq!(titles::id_of(&shop.db, slugs.last().unwrap()).await.unwrap(), id);
    }
    assert_eq!(slugs, ["the-sea", "the-sea-2", "the-sea-3"]);
    assert!(matches!(drafts::create(&shop.db, "  ", Currency::USD).await, Err(Error::Invalid { field: "title", .. })));
}

#[tokio::test]
async fn an_address_follows_the_name_until_it_has_been_public() {
    let shop = database::fresh().await;
    let id = drafts::create(&shop.db, "recording_final2.mp3", Currency::USD).await.unwrap();
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.title = "The Long Rain".to_owned();
    samples::save_title(&shop.db, id, &form).await.unwrap();
    assert_eq!(titles::title_header(&shop.db, id).await.unwrap().slug, "the-long-rain");

    let title = shop.title("Public").published().await;
    publish::unpublish(&shop.db, title.id).await.unwrap();
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.title = "Renamed".to_owned();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    assert_eq!(titles::title_header(&shop.db, title.id).await.unwrap().slug, "public");
}

#[tokio::test]
async fn a_title_is_found_by_its_new_words_and_no_longer_by_its_old_ones() {
    let shop = database::fresh().await;
    let title = shop.title("Marsh").description("Reeds.").published().await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.title = "Meadow".to_owned();
    form.authors = "Nora Quill, Ada Moss".to_owned();
    form.description = "Grass.".to_owned();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    let hits = async |text: &str| {
        browse::browse(&shop.db, &Browse { text: text.to_owned(), ..Default::default() }).await.unwrap().total
    };
    for (text, expected) in [("meadow", 1), ("quill", 1), ("grass", 1), ("marsh", 0), ("reeds", 0)] {
        assert_eq!(hits(text).await, expected, "{text}");
    }
    assert_eq!(browse::contributor(&shop.db, "nora-quill").await.unwrap().titles.len(), 1);
}

#[tokio::test]
async fn a_sample_gives_a_fifth_of_a_book_away_at_most_and_its_words_are_seen_before() {
    let shop = database::fresh().await;
    let id = for_sale(&shop, "Sampled", 500).await.id;
    for (position, text) in (0..).zip(["It was dark.", "The lamp was lit.", "Nobody came."]) {
        say(&shop, id, position, i64::from(position) * 2_000, i64::from(position) * 2_000 + 1_800, text).await;
    }
    let preview = async |start: &str, end: &str| samples::preview(&shop.db, id, start, end).await;
    assert_eq!(preview("", "").await.unwrap(), None, "nobody has chosen one yet");
    let seen = preview("2", "3.9").await.unwrap().unwrap();
    assert_eq!((seen.start_ms, seen.end_ms, seen.longest_ms, seen.parts), (2_000, 3_900, 120_000, vec![0]));
    assert_eq!(seen.segments.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), ["The lamp was lit."]);
    assert_eq!(preview("0", "120.1").await.unwrap_err().code(), "sample.too-much");
    assert_eq!(preview("5", "4").await.unwrap_err().code(), "sample.ends-before-start");

    let mut form = edit::form(&shop.db, id).await.unwrap();
    (form.sample_start, form.sample_end) = ("0".to_owned(), "121".to_owned());
    assert_eq!(samples::save_title(&shop.db, id, &form).await.unwrap_err().code(), "sample.too-much");
    // One from before there was such a rule stays as long as nobody moves it.
    sample(&shop, id, "samples/old", 0, 200_000).await;
    let form = edit::form(&shop.db, id).await.unwrap();
    samples::save_title(&shop.db, id, &form).await.unwrap();
    assert_eq!(preview("0", "200").await.unwrap().unwrap().segments.len(), 3);
}

#[tokio::test]
async fn another_place_for_the_sample_waits_for_its_audio() {
    let shop = database::fresh().await;
    let title = shop.title("Sampled").published().await;
    assert_eq!(edit::sample_range(shop.db.read(), title.id).await.unwrap(), None);
    sample(&shop, title.id, "samples/old", 0, 30_000).await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    (form.sample_start, form.sample_end) = ("60".to_owned(), "90".to_owned());
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    assert_eq!(edit::sample_range(shop.db.read(), title.id).await.unwrap(), Some((60_000, 90_000)));
    assert_eq!(product_page::detail(&shop.db, &title.slug, None).await.unwrap().sample, None);
    sample(&shop, title.id, "samples/new", 60_000, 90_000).await;
    let file = product_page::sample_file(&shop.db, &title.slug, None).await.unwrap();
    assert_eq!(file, "samples/new");
}
