//! The library, and who may hear and read what.

use crate::database::{Shop, fresh};
use crate::fixtures::{Title, bank, buy, for_sale, give, refund, say, set, shopper, user};
use domain::account::sessions::{self, Row};
use domain::account::{Role, User};
use domain::catalog::{Status, TextRights};
use domain::entities::audiobooks::Column;
use domain::listening::library::library;
use domain::listening::player::{listening, segments, transcript};
use domain::listening::position::save_position;
use domain::listening::seek::{self, PartFile};
use domain::listening::{LibraryFilter, Position};
use domain::{Error, PageRequest, Result, Timestamp, secret};
use uuid::Uuid;

async fn titles(shop: &Shop, user: &User, filter: LibraryFilter, text: &str) -> Vec<String> {
    let page = library(&shop.db, user.id, filter, text, PageRequest::new(1, 50)).await.unwrap();
    assert_eq!(page.total as usize, page.items.len());
    page.items.into_iter().map(|item| item.summary.title).collect()
}

async fn hear(shop: &Shop, user: &User, title: &Title, position_ms: i64, finished: bool) {
    let place = Position { position_ms, taken_at: shop.db.now(), speed_percent: 100, finished };
    assert!(save_position(&shop.db, user.id, title.id, place).await.unwrap());
}

/// A browser in which somebody is logged in, by the id of its session.
async fn browser(shop: &Shop, user: &User) -> String {
    let (id, expires_at) = (secret::token(), shop.db.now().plus_ms(Timestamp::DAY_MS));
    let row = Row { id: id.clone(), data: "{}".to_owned(), user_id: Some(user.id), expires_at };
    assert!(sessions::create(&shop.db, &row, Timestamp::DAY_MS).await.unwrap());
    id
}

/// A part of a book, as a player asks for it.
async fn part_file(shop: &Shop, user: &User, book: Uuid, number: i32) -> Result<PartFile> {
    let asked = seek::part(&shop.db, &browser(shop, user).await, book, number).await?.unwrap();
    asked.whose.file(user)
}

/// What is said in a title: one word a second.
async fn recite(shop: &Shop, title: &Title, words: &[&str]) {
    for (position, word) in (0..).zip(words) {
        let start_ms = i64::from(position) * 1000;
        say(shop, title.id, position, start_ms, start_ms + 900, word).await;
    }
}

#[tokio::test]
async fn a_library_is_filtered_by_what_was_heard_and_searched_by_words() {
    let shop = fresh().await;
    let (ada, bob) = (shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let names = ["The Bell", "The Owl", "The Sea Bell", "The Fog"];
    let mut books = Vec::new();
    for name in names {
        let book = for_sale(&shop, name, 100).await;
        give(&shop, &ada, book.id).await;
        shop.clock.advance(1);
        books.push(book);
    }
    give(&shop, &bob, books[0].id).await;
    let [bell, owl, sea, _] = &books[..] else { panic!() };
    hear(&shop, &ada, bell, 5000, false).await;
    hear(&shop, &ada, owl, 600_000, true).await;
    hear(&shop, &ada, sea, 0, false).await;
    hear(&shop, &bob, bell, 600_000, true).await;
    assert_eq!(titles(&shop, &ada, LibraryFilter::All, "").await, ["The Fog", "The Sea Bell", "The Owl", "The Bell"]);
    assert_eq!(titles(&shop, &ada, LibraryFilter::Unheard, "").await, ["The Fog", "The Sea Bell"]);
    assert_eq!(titles(&shop, &ada, LibraryFilter::InProgress, "").await, ["The Bell"]);
    assert_eq!(titles(&shop, &ada, LibraryFilter::Finished, "").await, ["The Owl"]);
    assert_eq!(titles(&shop, &ada, LibraryFilter::All, " BEL ").await, ["The Sea Bell", "The Bell"]);
    assert_eq!(titles(&shop, &ada, LibraryFilter::Unheard, "bel sea").await, ["The Sea Bell"]);
    assert!(titles(&shop, &ada, LibraryFilter::All, "bell%").await.len() == 2);
    assert!(titles(&shop, &ada, LibraryFilter::All, "ell").await.is_empty());
    assert_eq!(titles(&shop, &bob, LibraryFilter::Finished, "").await, ["The Bell"]);
}

#[tokio::test]
async fn a_library_comes_a_page_at_a_time_with_the_place_in_each_book() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    for number in 0..5 {
        let book = for_sale(&shop, &format!("Book {number}"), 100).await;
        give(&shop, &ada, book.id).await;
        hear(&shop, &ada, &book, number, false).await;
        shop.clock.advance(1);
    }
    let page = library(&shop.db, ada.id, LibraryFilter::All, "", PageRequest::new(2, 2)).await.unwrap();
    let places: Vec<_> = page.items.iter().map(|item| item.position.unwrap().position_ms).collect();
    assert_eq!((page.total, places), (5, vec![2, 1]));
}

#[tokio::test]
async fn a_refunded_title_leaves_the_library_and_an_archived_one_stays() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 100).await, for_sale(&shop, "The Owl", 100).await);
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    buy(&shop, &payments, &ada, &[&owl]).await;
    set(&shop, owl.id, Column::Status, Status::Archived).await;
    refund(&shop, &payments, &ada, &order).await;
    assert_eq!(titles(&shop, &ada, LibraryFilter::All, "").await, ["The Owl"]);
    assert!(matches!(listening(&shop.db, &ada, &bell.slug).await, Err(Error::NotFound(_))));
    assert!(listening(&shop.db, &ada, &owl.slug).await.is_ok());
}

#[tokio::test]
async fn a_player_is_given_the_next_piece_until_the_book_is_paid_back_or_its_listener_is_gone() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = shop.title("The Bell").price(100).files(&["one.mp3"]).published().await;
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    let id = browser(&shop, &ada).await;
    let piece = async || seek::part(&shop.db, &id, bell.id, 0).await.unwrap().map(|asked| asked.whose.file(&ada));
    assert_eq!(piece().await.unwrap().unwrap().file_name, "the-bell.mp3");
    assert!(seek::part(&shop.db, &secret::token(), bell.id, 0).await.unwrap().is_none(), "an id that nobody has");
    refund(&shop, &payments, &ada, &order).await;
    assert!(matches!(piece().await, Some(Err(Error::NotFound(_)))));
    shop.clock.advance(Timestamp::DAY_MS);
    assert!(piece().await.is_none(), "the session is over");
}

#[tokio::test]
async fn only_the_buyer_and_an_admin_may_listen() {
    let shop = fresh().await;
    let (ada, bob) = (shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let admin = user(&shop, "Root", Role::Admin).await;
    let bell = shop.title("The Bell").files(&["one.MP3", "two.MP3"]).published().await;
    recite(&shop, &bell, &["Listen!"]).await;
    give(&shop, &ada, bell.id).await;
    for may in [&ada, &admin] {
        let book = listening(&shop.db, may, "the-bell").await.unwrap();
        assert_eq!((book.parts.len(), book.has_transcript, book.position.speed_percent), (2, true, 100));
        let file = part_file(&shop, may, bell.id, 1).await.unwrap();
        assert_eq!((file.size, file.file_name.as_str()), (1001, "the-bell-02.mp3"));
        assert_eq!((book.parts[1].audiobook_id, book.parts[1].position), (bell.id, 1));
    }
    assert!(matches!(part_file(&shop, &ada, bell.id, 2).await, Err(Error::NotFound(_))));
    // Who claims to be an admin is not one.
    let liar = User { role: Role::Admin, ..bob.clone() };
    for may_not in [&bob, &liar] {
        assert!(matches!(listening(&shop.db, may_not, "the-bell").await, Err(Error::NotFound(_))));
        assert!(matches!(part_file(&shop, may_not, bell.id, 0).await, Err(Error::NotFound(_))));
        assert!(matches!(segments(&shop.db, may_not, "the-bell", 0, 9000).await, Err(Error::NotFound(_))));
        assert!(matches!(transcript(&shop.db, may_not, bell.id).await, Err(Error::NotFound(_))));
        let place = save_position(&shop.db, may_not.id, bell.id, Position::default()).await;
        assert!(matches!(place, Err(Error::NotFound(_))));
    }
}

#[tokio::test]
async fn what_is_said_comes_with_its_words_and_only_for_the_stretch_asked() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    give(&shop, &ada, bell.id).await;
    recite(&shop, &bell, &["Zero.", "One.", "Two.", "Three."]).await;
    let said = |from, to| {
        let (db, ada) = (shop.db.clone(), ada.clone());
        async move {
            let found = segments(&db, &ada, "the-bell", from, to).await.unwrap();
            found.into_iter().map(|segment| segment.text).collect::<Vec<_>>()
        }
    };
    assert_eq!(said(1500, 3000).await, ["One.", "Two."]);
    assert_eq!(said(-5, 1).await, ["Zero."]);
    assert_eq!(said(1900, 2000).await, Vec::<String>::new());
    assert_eq!(said(0, i64::MAX).await.len(), 4);
    let first = segments(&shop.db, &ada, "the-bell", 0, 1).await.unwrap().remove(0);
    assert_eq!((first.words.len(), first.words[0].end_ms, first.words[0].text.as_str()), (1, 900, "Zero."));
}

#[tokio::test]
async fn text_rights_keep_the_words_inside() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    give(&shop, &ada, bell.id).await;
    recite(&shop, &bell, &["secret"]).await;
    set(&shop, bell.id, Column::TextRights, TextRights::None).await;
    assert!(segments(&shop.db, &ada, "the-bell", 0, 9000).await.unwrap().is_empty());
    assert!(!listening(&shop.db, &ada, "the-bell").await.unwrap().has_transcript);
    assert!(matches!(transcript(&shop.db, &ada, bell.id).await, Err(Error::Forbidden)));
    set(&shop, bell.id, Column::TextRights, TextRights::ReadAlong).await;
    assert_eq!(segments(&shop.db, &ada, "the-bell", 0, 9000).await.unwrap().len(), 1);
    assert!(matches!(transcript(&shop.db, &ada, bell.id).await, Err(Error::Forbidden)));
    set(&shop, bell.id, Column::TextRights, TextRights::Download).await;
    let taken = transcript(&shop.db, &ada, bell.id).await.unwrap();
    assert_eq!((taken.slug.as_str(), taken.segments[0].text.as_str()), ("the-bell", "secret"));
}

#[tokio::test]
async fn a_book_without_a_transcript_has_none_to_take() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    give(&shop, &ada, bell.id).await;
    assert!(!listening(&shop.db, &ada, "the-bell").await.unwrap().has_transcript);
    assert!(matches!(transcript(&shop.db, &ada, bell.id).await, Err(Error::NotFound("transcript"))));
}
