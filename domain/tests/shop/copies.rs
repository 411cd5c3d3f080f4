//! What one server looked up for everybody, the others show; and nobody sees what is no longer so.

use crate::database::{Shop, fresh};
use async_trait::async_trait;
use domain::catalog::{Browse, Sort, browse, discover, edit, product_page, publish};
use domain::production::samples;
use domain::{Db, Shared};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Where servers leave copies, in this process.
#[derive(Debug, Default)]
struct Board {
    texts: Mutex<BTreeMap<String, String>>,
    away: AtomicBool,
}

impl Board {
    fn texts(&self) -> BTreeMap<String, String> {
        self.texts.lock().unwrap().clone()
    }

    /// Puts back what was there once, over what is there now.
    fn put_back(&self, texts: BTreeMap<String, String>) {
        self.texts.lock().unwrap().extend(texts);
    }

    fn go_away(&self, away: bool) {
        self.away.store(away, SeqCst);
    }
}

#[async_trait]
impl Shared for Board {
    fn is_there(&self) -> bool {
        !self.away.load(SeqCst)
    }

    async fn read(&self, name: &str) -> Option<Option<String>> {
        self.is_there().then(|| self.texts.lock().unwrap().get(name).cloned())
    }

    async fn write(&self, name: &str, text: &str, _: u64) {
        if self.is_there() {
            self.texts.lock().unwrap().insert(name.to_owned(), text.to_owned());
        }
    }
}

/// Two servers of a shop and what they share; the statements of the first are told.
async fn two() -> (Shop, Db, Db, Arc<Board>) {
    let (shop, board) = (fresh().await, Arc::new(Board::default()));
    let (one, other) = (shop.db.with_shared(board.clone()), shop.another_server().await.with_shared(board.clone()));
    (shop, one, other, board)
}

async fn bell(db: &Db) -> Uuid {
    domain::testing::title(db, "The Bell").sold(1).featured().published().await.id
}

/// What the bell costs, on its page and in the window, by this server: in cents.
async fn price(db: &Db) -> (i64, i64) {
    let (page, _) = product_page::page(db, "the-bell", None, 6).await.unwrap();
    (page.summary.price.now.minor, browse::home(db).await.unwrap().newest[0].price.now.minor)
}

async fn set_price(db: &Db, id: Uuid, price: &str) {
    let mut form = edit::form(db, id).await.unwrap();
    form.price = price.to_owned();
    samples::save_title(db, id, &form).await.unwrap();
}

/// Whatever a server remembers of its own is too old.
fn forget(shop: &Shop) {
    shop.clock.advance(3_000);
}

#[tokio::test]
async fn what_another_server_has_looked_up_costs_one_statement_and_a_titles_page_two() {
    let (shop, one, other, _) = two().await;
    bell(&one).await;
    let pages = async |db: &Db| {
        let mut costs = Vec::new();
        let mut note = || costs.push(shop.statements.take().len());
        note();
        let home = browse::home(db).await.unwrap();
        note();
        let found = discover::look::discover(db, "").await.unwrap();
        note();
        let listing = browse::listing(db, &Browse::default()).await.unwrap();
        note();
        let (page, _) = product_page::page(db, "the-bell", None, 6).await.unwrap();
        note();
        let categories = browse::categories(db).await.unwrap();
        note();
        (costs.split_off(1), (home, found, listing, page, categories))
    };
    // By itself it asks as often as ever.
    let (alone, seen_alone) = pages(&shop.db).await;
    let (_, seen_first) = pages(&other).await;
    forget(&shop);
    let (spared, seen) = pages(&one).await;
    assert_eq!((&seen, &seen), (&seen_first, &seen_alone), "everybody sees the same");
    assert_eq!(spared, [1, 1, 1, 2, 1]);
    // The categories came with the window, and are remembered since.
    assert!(alone[..4].iter().zip(&spared).all(|(alone, spared)| alone > spared), "{alone:?} {spared:?}");
}

#[tokio::test]
async fn a_new_price_is_on_the_pages_of_the_other_server_at_once() {
    let (_shop, one, other, _) = two().await;
    let id = bell(&one).await;
    assert_eq!((price(&one).await, price(&other).await), ((1290, 1290), (1290, 1290)));
    set_price(&one, id, "9.90").await;
    assert_eq!((price(&other).await, price(&one).await), ((990, 990), (990, 990)));
    set_price(&other, id, "7.90").await;
    assert_eq!((price(&one).await, price(&other).await), ((790, 790), (790, 790)));
    publish::unpublish(&other, id).await.unwrap();
    assert!(product_page::page(&one, "the-bell", None, 6).await.is_err());
    assert!(browse::home(&one).await.unwrap().newest.is_empty());
}

#[tokio::test]
async fn a_price_that_changed_while_the_copies_were_out_of_reach_is_not_the_old_one_afterwards() {
    let (shop, one, other, board) = two().await;
    let id = bell(&one).await;
    assert_eq!(price(&other).await, (1290, 1290));
    board.go_away(true);
    set_price(&one, id, "9.90").await;
    forget(&shop);
    assert_eq!(price(&one).await, (990, 990), "the shop is open");
    board.go_away(false);
    // They came back as they were, and nobody has told of the change.
    assert_eq!(price(&other).await, (990, 990));
}

#[tokio::test]
async fn who_looked_before_a_change_and_leaves_the_copy_after_it_misleads_nobody() {
    let (shop, one, other, board) = two().await;
    let id = bell(&one).await;
    assert_eq!(price(&other).await, (1290, 1290));
    let before = board.texts();
    set_price(&one, id, "9.90").await;
    // The copies and even the word of the last change are as they were.
    board.put_back(before);
    forget(&shop);
    assert_eq!((price(&other).await, price(&one).await), ((990, 990), (990, 990)));
}

#[tokio::test]
async fn a_title_that_is_remembered_from_before_a_change_is_in_no_copy_that_is_left_after_it() {
    let (_shop, one, other, board) = two().await;
    let id = bell(&one).await;
    // Without titles like it, so that the other server remembers the title and has no copy of its page.
    product_page::page(&other, "the-bell", None, 0).await.unwrap();
    let before = board.texts();
    set_price(&one, id, "9.90").await;
    board.put_back(before);
    assert_eq!(product_page::page(&other, "the-bell", None, 6).await.unwrap().0.summary.price.now.minor, 990);
    assert_eq!(price(&one).await, (990, 990));
}

#[tokio::test]
async fn a_sale_begins_on_time_in_what_another_server_has_looked_up() {
    let (shop, one, other, _) = two().await;
    let starts = shop.db.now().plus_ms(20_000);
    domain::testing::title(&one, "The Bell").sale(500, Some(starts), None).published().await;
    assert_eq!(price(&other).await, (1290, 1290));
    shop.clock.advance(19_999);
    shop.statements.take();
    assert_eq!(price(&one).await, (1290, 1290));
    assert_eq!(shop.statements.take().len(), 3, "it is the copy that is shown");
    shop.clock.advance(1);
    assert_eq!((price(&one).await, price(&other).await), ((500, 500), (500, 500)));
}

#[tokio::test]
async fn a_sale_that_begins_just_after_a_copy_was_read_for_the_last_time_begins_on_time_as_well() {
    let (shop, one, other, _) = two().await;
    let starts = shop.db.now().plus_ms(61_000);
    domain::testing::title(&one, "The Bell").sale(500, Some(starts), None).published().await;
    assert_eq!(price(&other).await, (1290, 1290));
    shop.clock.advance(59_999);
    assert_eq!(price(&one).await, (1290, 1290));
    shop.clock.advance(1_001);
    assert_eq!((price(&one).await, price(&other).await), ((500, 500), (500, 500)));
}

#[tokio::test]
async fn what_nobody_can_read_is_looked_up_anew() {
    let (shop, one, other, board) = two().await;
    bell(&one).await;
    for garbage in ["", "{", "null", "[]", r#"{"at":0,"changes_at":null,"value":null}"#, "\u{fffd}"] {
        price(&other).await;
        board.put_back(board.texts().into_keys().map(|name| (name, garbage.to_owned())).collect());
        assert_eq!((price(&one).await, price(&other).await), ((1290, 1290), (1290, 1290)), "{garbage:?}");
        forget(&shop);
    }
}

#[tokio::test]
async fn nothing_of_anybodys_own_and_no_filtered_list_is_left_for_others() {
    let (_shop, one, _, board) = two().await;
    let id = bell(&one).await;
    let ben = domain::testing::shopper(&one, "Ben").await;
    publish::archive(&one, id).await.unwrap();
    domain::testing::give(&one, &ben, id).await;
    let kept = board.texts().len();
    assert!(product_page::page(&one, "the-bell", Some(&ben), 6).await.is_ok(), "who bought it sees it still");
    assert!(product_page::page(&one, "the-bell", None, 6).await.is_err());
    assert!(product_page::page(&one, "no-such-title", None, 6).await.is_err());
    let mut wanted = Browse { sort: Sort::PriceUp, ..Browse::default() };
    browse::listing(&one, &wanted).await.unwrap();
    wanted = Browse { text: "bell".to_owned(), ..Browse::default() };
    browse::listing(&one, &wanted).await.unwrap();
    wanted = Browse::default();
    wanted.filters.language = "en".to_owned();
    browse::listing(&one, &wanted).await.unwrap();
    assert_eq!(board.texts().len(), kept);
}

#[tokio::test]
async fn strangers_cannot_fill_the_place_with_lists_of_their_own_making() {
    let (_shop, one, _, board) = two().await;
    bell(&one).await;
    browse::categories(&one).await.unwrap();
    browse::listing(&one, &Browse::default()).await.unwrap();
    let kept = board.texts().len();
    for more in 1..4 {
        let spaces = Browse { text: " ".repeat(more), exact: true, ..Browse::default() };
        assert_eq!(browse::listing(&one, &spaces).await.unwrap().page.total, 1);
        let nowhere = Browse { category: format!("nowhere-{more}"), ..Browse::default() };
        assert_eq!(browse::listing(&one, &nowhere).await.unwrap().page.total, 0);
    }
    assert_eq!(board.texts().len(), kept);
}

#[tokio::test]
async fn a_shop_that_shares_nothing_counts_no_changes() {
    let shop = fresh().await;
    let id = bell(&shop.db).await;
    shop.statements.take();
    set_price(&shop.db, id, "9.90").await;
    price(&shop.db).await;
    let asked = shop.statements.take();
    assert!(asked.iter().all(|statement| !statement.sql.contains("shelf_changes")), "{asked:?}");
}
