//! Money after the sale: what is paid back, whatever dies in between.

use crate::database::{Shop, fresh};
use crate::fixtures::{ask_refund, bank, buy, cart_of, fill, for_sale, good_card, pay, row, settle_due, shopper};
use crate::mailbox::deliver;
use async_trait::async_trait;
use domain::account::User;
use domain::account::email::mail::{Content, Letter, Purchase};
use domain::entitlements::owns;
use domain::ordering::attempts::GIVEN_UP_MS;
use domain::ordering::office::{get, list, note, resend_receipt};
use domain::ordering::orders::{order, orders};
use domain::ordering::payment::{
    Bill, Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, SimulatedBank, Unreachable,
};
use domain::ordering::{EventActor, OrderEventKind, OrderFilter, OrderStatus, RefundStatus};
use domain::privacy::deletion;
use domain::{Error, PageRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// A bank with a line that can be cut, before or after it has heard.
#[derive(Debug, Default)]
struct Line {
    bank: Arc<SimulatedBank>,
    deaf: AtomicBool,
    mute: AtomicBool,
    /// An order whose payment nobody can be asked about.
    bad: std::sync::Mutex<Option<String>>,
}

impl Line {
    fn heard<T, E: From<Unreachable>>(&self, answer: Result<T, E>) -> Result<T, E> {
        if self.mute.load(SeqCst) { Err(Unreachable("the line went dead".into()).into()) } else { answer }
    }

    fn hears(&self) -> Result<(), Unreachable> {
        if self.deaf.load(SeqCst) { Err(Unreachable("nobody is there".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl PaymentProvider for Line {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        self.hears()?;
        self.heard(self.bank.charge(charge).await)
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.hears()?;
        if self.bad.lock().unwrap().as_deref() == Some(charge.reference.as_str()) {
            return Err(Unreachable("this one cannot be read".into()));
        }
        self.heard(self.bank.outcome(charge).await)
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        self.hears()?;
        self.heard(self.bank.refund(refund).await)
    }
}

fn line() -> (Arc<Line>, Payments) {
    let line = Arc::new(Line::default());
    (line.clone(), Payments::from(line))
}

async fn statuses(shop: &Shop, user: &User) -> Vec<OrderStatus> {
    let page = orders(&shop.db, user.id, PageRequest::new(1, 100)).await.unwrap();
    page.items.into_iter().map(|order| order.status).collect()
}

fn refunds_told(letters: &[Letter]) -> Vec<i64> {
    let amount = |letter: &Letter| match &letter.content {
        Content::Purchase(Purchase::Refund { amount, .. }) => Some(amount.minor),
        _ => None,
    };
    letters.iter().filter_map(amount).collect()
}

#[tokio::test]
async fn a_refund_of_one_line_takes_that_title_out_of_the_library_and_leaves_the_other() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let bought = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    ask_refund(&shop, &bought, &[&bought.lines[0]]).await.unwrap();
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap(), "not before the bank has said yes");
    settle_due(&shop, &payments).await;
    let after = order(&shop.db, ada.id, &bought.number).await.unwrap();
    assert_eq!((after.status, after.refunded.minor, bank.kept()), (OrderStatus::PartlyRefunded, 1290, 800));
    assert!(after.lines[0].refunded_at.is_some() && after.lines[1].refunded_at.is_none());
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap() && owns(&shop.db, ada.id, owl.id).await.unwrap());
    let (bell_row, owl_row) = (row(&shop, bell.id).await, row(&shop, owl.id).await);
    assert_eq!((bell_row.sold_count, bell_row.licences_sold, owl_row.sold_count), (0, 0, 1));
    ask_refund(&shop, &bought, &[&bought.lines[1]]).await.unwrap();
    settle_due(&shop, &payments).await;
    let after = order(&shop.db, ada.id, &bought.number).await.unwrap();
    assert_eq!((after.status, after.refunded, bank.kept()), (OrderStatus::Refunded, after.total, 0));
    assert_eq!(refunds_told(&deliver(&shop).await), [1290, 800], "one mail for each");
}

#[tokio::test]
async fn a_refund_is_asked_for_until_the_bank_says_yes_and_happens_once_whatever_is_lost_on_the_way() {
    let shop = fresh().await;
    let ((line, payments), ada) = (line(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let bought = buy(&shop, &payments, &ada, &[&bell]).await;
    ask_refund(&shop, &bought, &[]).await.unwrap();
    line.deaf.store(true, SeqCst);
    settle_due(&shop, &payments).await;
    let waiting = get(&shop.db, &bought.number).await.unwrap();
    assert_eq!((waiting.refunds[0].status, waiting.order.status), (RefundStatus::Asked, OrderStatus::Fulfilled));
    assert!(waiting.refunds[0].last_error.is_some());
    line.deaf.store(false, SeqCst);
    line.mute.store(true, SeqCst);
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(line.bank.kept(), 0, "the bank has given it back, the shop does not know");
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
    line.mute.store(false, SeqCst);
    for _ in 0..3 {
        shop.clock.advance(GIVEN_UP_MS);
        settle_due(&shop, &payments).await;
    }
    assert_eq!((statuses(&shop, &ada).await, line.bank.kept()), (vec![OrderStatus::Refunded], 0));
    assert_eq!(row(&shop, bell.id).await.sold_count, 0);
    assert_eq!(refunds_told(&deliver(&shop).await), [1290]);
}

#[tokio::test]
async fn a_line_is_paid_back_once_even_when_two_admins_ask_at_one_moment() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let bought = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let first = [&bought.lines[0]];
    let (one, other) = tokio::join!(ask_refund(&shop, &bought, &first), ask_refund(&shop, &bought, &first));
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1, "{one:?} {other:?}");
    settle_due(&shop, &payments).await;
    assert_eq!(ask_refund(&shop, &bought, &[]).await.unwrap_err().code(), "orders.line-refunded");
    assert_eq!(bank.kept(), 800);
}

#[tokio::test]
async fn a_late_charge_is_given_back_even_when_the_bank_is_away_at_first() {
    let shop = fresh().await;
    let ((line, payments), ada) = (line(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    line.deaf.store(true, SeqCst);
    let lost = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    line.deaf.store(false, SeqCst);
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(statuses(&shop, &ada).await, [OrderStatus::Cancelled]);
    // The bank had it in a drawer.
    let reference = get(&shop.db, &lost.number).await.unwrap().attempts[0].reference.clone();
    let (card, begun_at) = (Some(good_card()), shop.db.now());
    let charge = Charge { reference, handle: None, amount: lost.total, card, bill: Bill::default(), begun_at };
    line.bank.charge(&charge).await.unwrap();
    shop.clock.advance(GIVEN_UP_MS);
    line.mute.store(true, SeqCst);
    settle_due(&shop, &payments).await;
    assert_eq!(line.bank.kept(), 1290);
    line.mute.store(false, SeqCst);
    for _ in 0..3 {
        shop.clock.advance(domain::Timestamp::DAY_MS);
        settle_due(&shop, &payments).await;
    }
    let seen = get(&shop.db, &lost.number).await.unwrap();
    assert_eq!((line.bank.kept(), seen.order.status, seen.order.refunded.minor), (0, OrderStatus::Cancelled, 0));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!((row(&shop, bell.id).await.licences_sold, row(&shop, bell.id).await.sold_count), (0, 0));
    let kinds: Vec<_> = seen.events.iter().map(|event| event.kind).collect();
    use OrderEventKind::{Cancelled, LateCharge, Mailed, Placed, Refunded};
    assert_eq!(kinds, [Placed, Cancelled, Mailed, LateCharge, Refunded, Mailed]);
}

#[tokio::test]
async fn an_order_that_cannot_be_asked_about_stops_no_younger_one() {
    let shop = fresh().await;
    let ((line, payments), ada, bob) = (line(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    line.mute.store(true, SeqCst);
    let mut numbers = Vec::new();
    for buyer in [&ada, &bob] {
        fill(&shop, &cart_of(buyer), &[&bell]).await;
        numbers.push(pay(&shop, &payments, buyer, &good_card()).await.unwrap().number);
    }
    line.mute.store(false, SeqCst);
    let bad = get(&shop.db, &numbers[0]).await.unwrap().attempts[0].reference.clone();
    *line.bad.lock().unwrap() = Some(bad);
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(statuses(&shop, &bob).await, [OrderStatus::Fulfilled]);
    assert_eq!(statuses(&shop, &ada).await, [OrderStatus::Pending], "what is not known is not declined");
    *line.bad.lock().unwrap() = None;
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(statuses(&shop, &ada).await, [OrderStatus::Fulfilled]);
}

#[tokio::test]
async fn an_order_is_found_by_its_number_its_buyer_and_its_titles() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let first = buy(&shop, &payments, &ada, &[&bell]).await;
    shop.clock.advance(1);
    let second = buy(&shop, &payments, &bob, &[&owl]).await;
    let found = async |text: &str, status: Option<OrderStatus>| {
        let filter = OrderFilter { text: text.to_owned(), status, ..OrderFilter::default() };
        let page = list(&shop.db, &filter, PageRequest::new(1, 20)).await.unwrap();
        page.items.into_iter().map(|row| row.order.number).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("", None).await, format!("{} {}", second.number, first.number), "newest first");
    assert_eq!(found(&first.number.to_lowercase(), None).await, first.number);
    assert_eq!(found(ada.email.as_str(), None).await, first.number);
    assert_eq!(found("owl", None).await, second.number);
    assert_eq!(found("", Some(OrderStatus::Refunded)).await, "");
    assert_eq!(found("owl", Some(OrderStatus::Fulfilled)).await, second.number);
}

#[tokio::test]
async fn what_happened_to_an_order_is_written_with_who_did_it() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let bought = buy(&shop, &payments, &ada, &[&bell]).await;
    note(&shop.db, &bought.number, " She rang. ").await.unwrap();
    assert!(matches!(note(&shop.db, &bought.number, " ").await, Err(Error::Invalid { field: "note", .. })));
    resend_receipt(&shop.db, &bought.number).await.unwrap();
    let receipts = deliver(&shop).await;
    let is_receipt = |letter: &&Letter| matches!(letter.content, Content::Purchase(Purchase::Receipt { .. }));
    assert_eq!(receipts.iter().filter(is_receipt).count(), 2);
    ask_refund(&shop, &bought, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    let refused = resend_receipt(&shop.db, &bought.number).await.unwrap_err();
    assert_eq!(refused.code(), "orders.no-receipt");
    let events = get(&shop.db, &bought.number).await.unwrap().events;
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    use OrderEventKind::{Fulfilled, Mailed, Note, Paid, Placed, ReceiptSent, RefundAsked, Refunded};
    assert_eq!(kinds, [Placed, Paid, Fulfilled, Mailed, Note, Mailed, ReceiptSent, RefundAsked, Refunded, Mailed]);
    let mails: Vec<_> =
        events.iter().filter(|event| event.kind == Mailed).map(|event| event.cause.as_deref()).collect();
    assert_eq!(mails, [Some("Receipt"), Some("Receipt"), Some("Refund")]);
    assert_eq!((events[4].cause.as_deref(), &events[8].by), (Some("She rang."), &EventActor::Shop));
}

#[tokio::test]
async fn what_was_written_about_an_order_goes_with_its_buyer() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let bought = buy(&shop, &payments, &ada, &[&bell]).await;
    note(&shop.db, &bought.number, "She rang.").await.unwrap();
    ask_refund(&shop, &bought, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    let left = get(&shop.db, &bought.number).await.unwrap();
    assert_eq!((left.email, left.order.status), (None, OrderStatus::Refunded));
    assert!(left.events.iter().all(|event| event.cause.is_none()), "{:?}", left.events);
    assert!(left.refunds.iter().all(|refund| refund.reason.is_none() && refund.amount.minor == 1290));
}
