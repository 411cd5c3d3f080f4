//! What was said, found by its words.

use crate::database::{Shop, fresh};
use crate::fixtures::{Title, bank, buy, for_sale, give, refund, say, say_as, set, shopper, user};
use crate::text_editing::{edit, lines, text};
use domain::account::{Role, User};
use domain::catalog::TextRights;
use domain::entities::audiobooks::Column;
use domain::entities::spoken_books;
use domain::limits::Limits;
use domain::listening::{Quote, quotes};
use domain::production::{deletion, editing, review};
use domain::spoken::catch_up::catch_up;
use domain::transcript::Standing;
use domain::transcript::edits::change::Change;
use domain::transcript::edits::matching::Replacement;
use domain::transcript::places::Verdict;
use domain::{Error, Result};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};

/// No limits.
pub fn free(shop: &Shop) -> Limits {
    Limits::in_memory(Default::default(), shop.clock.clone())
}

/// A sentence with what was found in brackets.
fn shown(quote: &Quote) -> String {
    let pieces = quote.spot.pieces.iter();
    pieces.map(|piece| if piece.found { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

async fn try_in(shop: &Shop, reader: &User, slug: &str, words: &str) -> Result<Vec<String>> {
    let found = quotes::in_book(&shop.db, &free(shop), reader, slug, words, None, 20).await?;
    Ok(found.iter().map(shown).collect())
}

/// What is found in a book.
async fn in_book(shop: &Shop, reader: &User, title: &Title, words: &str) -> Vec<String> {
    try_in(shop, reader, &title.slug, words).await.unwrap()
}

/// What is found in all books of somebody, as the title and the sentence.
async fn everywhere(shop: &Shop, reader: &User, words: &str) -> Vec<(String, String)> {
    let found = quotes::in_library(&shop.db, &free(shop), reader, words, None, 50, 50).await.unwrap();
    let all =
        found.books.iter().flat_map(|book| book.quotes.iter().map(|quote| (book.summary.title.clone(), shown(quote))));
    all.collect()
}

/// A title in a language, in which something is said every five seconds.
pub async fn book(shop: &Shop, name: &str, language: &str, sentences: &[&str]) -> Title {
    let title = for_sale(shop, name, 500).await;
    set(shop, title.id, Column::Language, language).await;
    for (position, text) in (0..).zip(sentences) {
        let at = i64::from(position) * 5_000;
        say(shop, title.id, position, at, at + 4_000, text).await;
    }
    title
}

/// How many rows of the index there are.
async fn rows(shop: &Shop) -> i64 {
    let db = shop.db.read();
    let count = Statement::from_string(
        db.get_database_backend(),
        "SELECT COUNT(*) FROM (SELECT rowid FROM spoken) AS rows_all",
    );
    db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn words_are_found_inflected_and_phrases_as_they_are_said() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let english =
        book(&shop, "The Bell", "en", &["The white rabbits were running.", "The rabbit was white.", "It ran."]).await;
    let german = book(&shop, "Die Glocke", "de-at", &["Die alten Häuser brannten.", "Zu Hause läutete es."]).await;
    for title in [&english, &german] {
        give(&shop, &ada, title.id).await;
    }
    assert_eq!(
        in_book(&shop, &ada, &english, "Rabbit WHITE").await,
        ["The [white] [rabbits] were running.", "The [rabbit] was [white]."]
    );
    assert_eq!(in_book(&shop, &ada, &english, "\"white rabbit\"").await, ["The [white rabbits] were running."]);
    assert_eq!(in_book(&shop, &ada, &english, "runs").await, ["The white rabbits were [running]."]);
    assert_eq!(in_book(&shop, &ada, &english, "rabbit ran").await, [] as [String; 0], "all in one sentence");
    assert_eq!(in_book(&shop, &ada, &german, "haus brannte").await, ["Die alten [Häuser] [brannten]."]);
    assert_eq!(in_book(&shop, &ada, &german, "„zu hause“").await, ["[Zu Hause] läutete es."]);
    assert_eq!(in_book(&shop, &ada, &german, "lautete").await, ["Zu Hause [läutete] es."], "without its accents");
    assert_eq!(in_book(&shop, &ada, &english, " … ").await, [] as [String; 0]);
}

#[tokio::test]
async fn books_in_several_languages_are_looked_through_each_in_its_own() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    for (name, language, said) in [
        ("Die Glocke", "de", "Die Glocken läuteten."),
        ("图书馆", "zh", "他在图书馆。"),
        ("La forêt", "fr", "L’été, elle chantait dans les forêts."),
        ("The Bell", "en", "The Glocken is an instrument."),
        ("Колокол", "ru", "Новая книга лежала на столе."),
    ] {
        let title = book(&shop, name, language, &[said]).await;
        give(&shop, &ada, title.id).await;
        shop.clock.advance(1_000);
    }
    let titles = async |words: &str| -> Vec<String> {
        everywhere(&shop, &ada, words).await.into_iter().map(|(title, _)| title).collect()
    };
    assert_eq!(titles("Glocken").await, ["The Bell", "Die Glocke"], "bought last first");
    assert_eq!(titles("Glocke").await, ["Die Glocke"], "the other has no such stem");
    assert_eq!(titles("图书").await, ["图书馆"]);
    assert_eq!(titles("foret chanter ete").await, ["La forêt"]);
    assert_eq!(titles("новый").await, ["Колокол"]);
}

#[tokio::test]
async fn text_that_is_kept_inside_and_what_was_paid_back_are_found_no_more() {
    let shop = fresh().await;
    let (_, payments) = bank();
    let ada = shopper(&shop, "Ada").await;
    let title = book(&shop, "The Bell", "en", &["A bell rang."]).await;
    let other = book(&shop, "Salt", "en", &["The bell is salt."]).await;
    give(&shop, &ada, other.id).await;
    assert!(matches!(try_in(&shop, &ada, &title.slug, "bell").await, Err(Error::NotFound(_))), "not hers yet");
    let order = buy(&shop, &payments, &ada, &[&title]).await;
    assert_eq!(everywhere(&shop, &ada, "bells").await.len(), 2);
    set(&shop, other.id, Column::TextRights, TextRights::None).await;
    assert_eq!(everywhere(&shop, &ada, "bells").await, [("The Bell".to_owned(), "A [bell] rang.".to_owned())]);
    assert!(matches!(try_in(&shop, &ada, &other.slug, "bell").await, Err(Error::Forbidden)));
    refund(&shop, &payments, &ada, &order).await;
    assert!(everywhere(&shop, &ada, "bells").await.is_empty());
    assert!(matches!(try_in(&shop, &ada, &title.slug, "bell").await, Err(Error::NotFound(_))));
    let admin = user(&shop, "Root", Role::Admin).await;
    assert_eq!(in_book(&shop, &admin, &title, "bell").await, ["A [bell] rang."]);
    assert!(everywhere(&shop, &admin, "bells").await.is_empty(), "who runs the shop owns nothing by that");
}

#[tokio::test]
async fn what_is_corrected_is_found_by_its_new_words_and_what_is_dropped_not_at_all() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let title = for_sale(&shop, "The Bell", 500).await;
    give(&shop, &ada, title.id).await;
    let place = say_as(&shop, title.id, (0, 0, 900), "The lamb was lit.", Standing::Doubtful).await;
    assert_eq!(in_book(&shop, &ada, &title, "lit").await, [] as [String; 0], "it waits for an admin");
    let said = |text: &str| Verdict::Said(text.to_owned());
    review::decide(&shop.db, title.id, place, &said("The lamp was lit.")).await.unwrap();
    assert_eq!(in_book(&shop, &ada, &title, "lamps").await, ["The [lamp] was lit."]);
    assert_eq!(in_book(&shop, &ada, &title, "lamb").await, [] as [String; 0]);
    review::decide(&shop.db, title.id, place, &Verdict::Drop).await.unwrap();
    assert_eq!(in_book(&shop, &ada, &title, "lamp").await, [] as [String; 0]);
    assert_eq!(rows(&shop).await, 0, "nothing is left in the index");
}

#[tokio::test]
async fn what_is_edited_by_hand_is_found_as_it_reads_now_and_undone_as_it_read_before() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let texts = ["The lamb was lit.", "Nobody came.", "A lamb burned all night."];
    let bell = book(&shop, "The Bell", "en", &texts).await;
    give(&shop, &ada, bell.id).await;
    let undo_last = async || {
        let last = editing::desk(&shop.db, bell.id, 0, 1).await.unwrap().last.unwrap();
        assert!(editing::undo(&shop.db, bell.id, last.id).await.unwrap().possible);
    };
    let first = lines(&shop, bell.id).await.remove(0);
    edit(&shop, bell.id, &first, text("The lantern was lit.")).await.unwrap();
    assert_eq!(in_book(&shop, &ada, &bell, "lantern").await, ["The [lantern] was lit."]);
    assert_eq!(in_book(&shop, &ada, &bell, "lamb").await, ["A [lamb] burned all night."]);
    undo_last().await;
    assert!(in_book(&shop, &ada, &bell, "lantern").await.is_empty());

    let wanted = Replacement { find: "lamb".to_owned(), put: "lamp".to_owned(), ..Replacement::default() };
    let seen = editing::matches(&shop.db, bell.id, &wanted).await.unwrap().seen;
    editing::replace(&shop.db, bell.id, &wanted, &seen).await.unwrap().unwrap();
    assert_eq!(in_book(&shop, &ada, &bell, "lamps").await, ["The [lamp] was lit.", "A [lamp] burned all night."]);
    undo_last().await;
    assert_eq!(in_book(&shop, &ada, &bell, "lamb").await, ["The [lamb] was lit.", "A [lamb] burned all night."]);
    let nobody = lines(&shop, bell.id).await.remove(1);
    edit(&shop, bell.id, &nobody, Change::Drop).await.unwrap();
    assert!(in_book(&shop, &ada, &bell, "nobody").await.is_empty());
}

#[tokio::test]
async fn text_and_index_are_kept_together_or_not_at_all() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let title = book(&shop, "The Bell", "en", &["A bell rang."]).await;
    give(&shop, &ada, title.id).await;
    // As a process that is killed before it is done: nothing of its transaction stays.
    let cut_off = shop.db.transaction(async |tx| {
        domain::spoken::index::forget(&tx, title.id).await?;
        Err::<(), _>(Error::conflict("spoken.not-ready"))
    });
    assert!(cut_off.await.is_err());
    assert_eq!(in_book(&shop, &ada, &title, "bell").await, ["A [bell] rang."]);
}

#[tokio::test]
async fn what_was_said_before_there_was_an_index_is_found_once_a_job_was_at_it() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let titles = [
        book(&shop, "The Bell", "en", &["A bell rang."]).await,
        book(&shop, "Salt", "en", &["The bell is salt."]).await,
    ];
    for title in &titles {
        give(&shop, &ada, title.id).await;
        shop.db.transaction(async |tx| domain::spoken::index::forget(&tx, title.id).await).await.unwrap();
    }
    for_sale(&shop, "Silence", 500).await;
    let found = quotes::in_library(&shop.db, &free(&shop), &ada, "bell", None, 50, 50).await.unwrap();
    assert_eq!((found.books.len(), found.unready), (0, 2));
    let refused = try_in(&shop, &ada, &titles[0].slug, "bell").await.unwrap_err();
    assert_eq!(refused.code(), "spoken.not-ready");
    // The job was cut off after one of them.
    shop.db.transaction(async |tx| domain::spoken::index::whole(&tx, titles[0].id).await).await.unwrap();
    assert_eq!(in_book(&shop, &ada, &titles[0], "bell").await, ["A [bell] rang."]);
    assert_eq!(catch_up(&shop.db).await.unwrap(), 1, "it goes on with the other");
    assert_eq!(catch_up(&shop.db).await.unwrap(), 0);
    let found = quotes::in_library(&shop.db, &free(&shop), &ada, "bell", None, 50, 50).await.unwrap();
    assert_eq!((found.books.len(), found.unready), (2, 0));
    set(&shop, titles[0].id, Column::Language, "de").await;
    assert_eq!(catch_up(&shop.db).await.unwrap(), 1, "in another language it has other stems");
}

#[tokio::test]
async fn a_draft_that_is_deleted_leaves_nothing_in_the_index() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    say(&shop, title.id, 0, 0, 900, "A bell rang.").await;
    say(&shop, title.id, 1, 500_000, 500_900, "Another rang.").await;
    assert_eq!(rows(&shop).await, 2);
    deletion::delete_draft(&shop.db, title.id).await.unwrap();
    assert_eq!((rows(&shop).await, spoken_books::Entity::find().count(shop.db.read()).await.unwrap()), (0, 0));
}
