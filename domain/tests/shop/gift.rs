//! Titles that somebody buys for somebody else.

use crate::coupons::unlimited;
use crate::database::{Shop, fresh};
use crate::fixtures::{
    AGREED, DAY, Title, ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, give as put_into_library, good_card,
    refund, row, settle_due, shopper,
};
use crate::mailbox::LEASE_MS;
use crate::query_plans::{all_use_indexes, crowd};
use crate::two_factor::OpenVault;
use domain::account::User;
use domain::account::email::mail::{Content, GiftWords, Letter, Purchase};
use domain::entitlements::owns;
use domain::insight::report::{Range, TitleOrder, read};
use domain::jobs::{self, Job, Queue};
use domain::limits::{Limits, Rule};
use domain::ordering::cart;
use domain::ordering::checkout::{self, Giving, give};
use domain::ordering::gifts::mail::{self, SendGift};
use domain::ordering::gifts::privacy::{accepted_after, given_after};
use domain::ordering::gifts::quoted::offer;
use domain::ordering::gifts::redeem::{accept, look};
use domain::ordering::gifts::resend::{resend, shown};
use domain::ordering::payment::Payments;
use domain::ordering::{
    Gift, GiftForm, GiftState, Order, OrderEventKind, OrderStatus, PresentStanding, office, orders,
};
use domain::pricing::tax::{TaxForm, keep};
use domain::privacy::deletion;
use domain::promotions::{Chosen, CouponForm, SaleForm, coupons, sales};
use domain::{Country, Currency, Day, Db, Error, Result, job_kinds, secret};

pub fn form() -> GiftForm {
    GiftForm {
        recipient: "bea@example.com".into(),
        recipient_name: "Bea".into(),
        sender: "Ada".into(),
        message: "For <b>you</b>.\nHear it by the sea.".into(),
        send_on: String::new(),
    }
}

fn on_day(shop: &Shop, in_days: i32) -> GiftForm {
    GiftForm { send_on: Day::of(shop.db.now()).plus(in_days).to_string(), ..form() }
}

/// Ada gives a title, at a price.
async fn give_at(
    shop: &Shop,
    payments: &Payments,
    ada: &User,
    giving: Giving<'_>,
    expected_total_minor: i64,
) -> Result<Order> {
    let (card, key) = (good_card(), secret::token());
    let paying = checkout::Purchase {
        expected_total_minor,
        card: Some(&card),
        key: &key,
        agreed: AGREED,
        country: None,
        currency: None,
    };
    give(&shop.db, payments, &unlimited(), &OpenVault, ada.id, giving, paying).await
}

/// Ada gives a title, at what it comes to.
pub async fn give_title(shop: &Shop, payments: &Payments, ada: &User, title: &Title, form: &GiftForm) -> Order {
    let total = offer(&shop.db, &unlimited(), ada.id, &title.slug, "", None).await.unwrap().total.minor;
    give_at(shop, payments, ada, Giving { slug: &title.slug, coupon: "", form }, total).await.unwrap()
}

/// Sends the mails of gifts that are due, as the server's runner does.
async fn post(shop: &Shop) -> Vec<Letter> {
    let kinds = job_kinds::all().only(&[SendGift::KIND]);
    let mut letters = Vec::new();
    while let Some(claim) = jobs::claim(&shop.db, &kinds, Queue::Mail, "post", LEASE_MS, 1).await.unwrap().pop() {
        let job: SendGift = serde_json::from_str(&claim.payload).unwrap();
        if let Some(letter) = mail::prepare(&shop.db, &OpenVault, &claim, &job).await.unwrap() {
            letters.push(letter);
            mail::left(&shop.db, &job).await.unwrap();
        }
        jobs::complete_all(&shop.db, &[claim]).await.unwrap();
    }
    letters
}

fn words(letter: &Letter) -> &GiftWords {
    let Content::Gift(words) = &letter.content else { panic!("{letter:?}") };
    words
}

fn code(letter: &Letter) -> String {
    words(letter).code.expose().to_owned()
}

async fn stands(shop: &Shop, ada: &User, order: &Order) -> (Gift, GiftState) {
    let order = orders::order(&shop.db, ada.id, &order.number).await.unwrap();
    let gift = order.gift.unwrap();
    let state = gift.state(order.status);
    (gift, state)
}

async fn standing(shop: &Shop, viewer: Option<&User>, code: &str) -> PresentStanding {
    look(&shop.db, &unlimited(), viewer.map(|user| user.id), code).await.unwrap().standing
}

async fn refused_to(shop: &Shop, user: &User, code: &str) -> &'static str {
    accept(&shop.db, &unlimited(), user.id, code).await.unwrap_err().code()
}

/// A gift is bought, sent again and accepted, by those who act.
pub async fn give_and_accept(shop: &Shop, db: &Db) {
    let ((_, payments), eve) = (bank(), shopper(shop, "Eve").await);
    let kite = for_sale(shop, "The Kite", 800).await;
    let order = give_title(shop, &payments, &eve, &kite, &form()).await;
    resend(db, &unlimited(), &OpenVault, eve.id, &order.number, "bea@example.com").await.unwrap();
    let code = shown(db, &OpenVault, eve.id, &order.number).await.unwrap().unwrap();
    let finn = shopper(shop, "Finn").await;
    accept(db, &unlimited(), finn.id, &code).await.unwrap();
}

#[tokio::test]
async fn a_gift_is_paid_by_one_and_goes_into_the_library_of_another_once() {
    let shop = fresh().await;
    let (bank, payments) = bank();
    let (ada, bea, cleo) = (shopper(&shop, "Ada").await, shopper(&shop, "Bea").await, shopper(&shop, "Cleo").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    assert_eq!((order.status, order.total.minor, bank.kept()), (OrderStatus::Paid, 1290, 1290));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap(), "who buys it does not own it");
    let letters = post(&shop).await;
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "bea@example.com"));
    assert_eq!((letters[0].name.as_deref(), words(&letters[0]).sender.as_deref()), (Some("Bea"), Some("Ada")));
    assert_eq!(words(&letters[0]).message.as_deref(), Some("For <b>you</b>.\nHear it by the sea."));
    let code = code(&letters[0]);
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Sent);
    assert_eq!(standing(&shop, None, &code).await, PresentStanding::AskWho);
    assert_eq!(standing(&shop, Some(&bea), &code).await, PresentStanding::Open);
    let slug = accept(&shop.db, &unlimited(), bea.id, &code.to_lowercase()).await.unwrap();
    assert_eq!(slug, bell.slug);
    assert!(owns(&shop.db, bea.id, bell.id).await.unwrap());
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Redeemed);
    assert_eq!(accept(&shop.db, &unlimited(), bea.id, &code).await.unwrap(), slug, "doing it again changes nothing");
    assert_eq!(refused_to(&shop, &cleo, &code).await, "gift.taken");
    assert_eq!(standing(&shop, Some(&bea), &code).await, PresentStanding::Yours);
    let taken = look(&shop.db, &unlimited(), Some(cleo.id), &code).await.unwrap();
    assert_eq!((taken.standing, taken.message, taken.recipient_name), (PresentStanding::Taken, None, None));
    assert_eq!(shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap(), None, "there is no link any more");
    let happened = office::get(&shop.db, &order.number).await.unwrap().events;
    let kinds: Vec<_> = happened.iter().map(|event| event.kind).collect();
    use OrderEventKind::{Fulfilled, GiftRedeemed, GiftSent};
    assert!(kinds.ends_with(&[GiftSent, GiftRedeemed, Fulfilled]), "{kinds:?}");
    let status = office::get(&shop.db, &order.number).await.unwrap().order.status;
    assert_eq!(status, OrderStatus::Fulfilled, "it is complete once somebody has it");
}

#[tokio::test]
async fn the_mail_goes_on_its_day_and_once() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &on_day(&shop, 3)).await;
    assert!(post(&shop).await.is_empty());
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Waits);
    shop.clock.advance(3 * DAY);
    assert_eq!(post(&shop).await.len(), 1);
    shop.clock.advance(3 * DAY);
    assert!(post(&shop).await.is_empty());
}

#[tokio::test]
async fn a_mail_whose_runner_died_is_sent_again_and_one_that_left_is_not() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let kinds = job_kinds::all().only(&[SendGift::KIND]);
    let lost = jobs::claim(&shop.db, &kinds, Queue::Mail, "dies", LEASE_MS, 1).await.unwrap().remove(0);
    let job: SendGift = serde_json::from_str(&lost.payload).unwrap();
    assert!(mail::prepare(&shop.db, &OpenVault, &lost, &job).await.unwrap().is_some());
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Waits, "nobody says that it has left");
    shop.clock.advance(LEASE_MS + DAY);
    assert_eq!(post(&shop).await.len(), 1);
    mail::left(&shop.db, &job).await.unwrap();
    let events = office::get(&shop.db, &order.number).await.unwrap().events;
    assert_eq!(events.iter().filter(|event| event.kind == OrderEventKind::GiftSent).count(), 1);
}

#[tokio::test]
async fn a_corrected_address_gets_a_code_of_its_own_and_the_one_before_is_worth_nothing() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let wrong = code(&post(&shop).await[0]);
    let to = async |address: &str| resend(&shop.db, &unlimited(), &OpenVault, ada.id, &order.number, address).await;
    to("bea@example.com").await.unwrap();
    let letters = post(&shop).await;
    assert_eq!(code(&letters[0]), wrong, "once more the same");
    to("bee@example.com").await.unwrap();
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Waits);
    let letters = post(&shop).await;
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "bee@example.com"));
    let right = code(&letters[0]);
    assert_eq!(shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap(), Some(right.clone()));
    assert_eq!(refused_to(&shop, &bea, &wrong).await, "gift.unknown");
    accept(&shop.db, &unlimited(), bea.id, &right).await.unwrap();
    assert_eq!(to("cee@example.com").await.unwrap_err().code(), "gift.accepted");
    assert_eq!(to("nobody").await.unwrap_err().code(), "email.malformed");
    let strangers = resend(&shop.db, &unlimited(), &OpenVault, bea.id, &order.number, "bea@example.com").await;
    assert!(matches!(strangers, Err(Error::NotFound(_))), "it is none of hers");
    assert!(shown(&shop.db, &OpenVault, bea.id, &order.number).await.is_err());
}

#[tokio::test]
async fn an_address_that_is_corrected_before_its_day_still_waits_for_it_and_the_first_gets_no_mail() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &on_day(&shop, 3)).await;
    resend(&shop.db, &unlimited(), &OpenVault, ada.id, &order.number, "bee@example.com").await.unwrap();
    assert!(post(&shop).await.is_empty());
    shop.clock.advance(3 * DAY);
    let letters = post(&shop).await;
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "bee@example.com"));
}

#[tokio::test]
async fn one_address_gets_only_so_many_mails_whoever_asks() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let limits = Limits::in_memory([(Rule::MailAddress, "2/1h".parse().unwrap())].into(), shop.clock.clone());
    let again = async || resend(&shop.db, &limits, &OpenVault, ada.id, &order.number, "bea@example.com").await;
    again().await.unwrap();
    again().await.unwrap();
    assert!(matches!(again().await, Err(Error::TooMany { .. })));
}

#[tokio::test]
async fn who_has_the_title_already_is_told_and_may_pass_the_gift_on() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bea, cleo) = (shopper(&shop, "Bea").await, shopper(&shop, "Cleo").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    buy(&shop, &payments, &bea, &[&bell]).await;
    put_into_library(&shop.db, &ada, bell.id).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let code = code(&post(&shop).await[0]);
    assert_eq!(standing(&shop, Some(&bea), &code).await, PresentStanding::Owned);
    assert_eq!(refused_to(&shop, &bea, &code).await, "gift.owned");
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Sent);
    accept(&shop.db, &unlimited(), cleo.id, &code).await.unwrap();
    assert!(owns(&shop.db, cleo.id, bell.id).await.unwrap());
}

#[tokio::test]
async fn of_two_who_accept_at_one_moment_one_has_it() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let code = shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap().unwrap();
    let mut accepting = Vec::new();
    for name in ["Bea", "Cleo", "Dan", "Eve"] {
        let (db, code, user) = (shop.db.clone(), code.clone(), shopper(&shop, name).await.id);
        accepting.push(tokio::spawn(async move { accept(&db, &unlimited(), user, &code).await }));
    }
    let mut outcomes = Vec::new();
    for one in accepting {
        outcomes.push(one.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let taken = |outcome: &&Result<String>| matches!(outcome, Err(error) if error.code() == "gift.taken");
    assert_eq!(outcomes.iter().filter(taken).count(), 3, "{outcomes:?}");
}

#[tokio::test]
async fn a_gift_that_is_paid_back_before_it_is_accepted_is_worth_nothing() {
    let shop = fresh().await;
    let ((bank, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &on_day(&shop, 3)).await;
    let code = shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap().unwrap();
    ask_refund(&shop, &order, &[]).await.unwrap();
    assert_eq!(refused_to(&shop, &bea, &code).await, "gift.over", "not even before the bank has said yes");
    settle_due(&shop, &payments).await;
    assert_eq!(bank.kept(), 0);
    assert_eq!(stands(&shop, &ada, &order).await.1, GiftState::Over);
    assert_eq!(refused_to(&shop, &bea, &code).await, "gift.over");
    assert!(look(&shop.db, &unlimited(), None, &code).await.is_err());
    shop.clock.advance(3 * DAY);
    assert!(post(&shop).await.is_empty(), "no mail tells of it");
    assert_eq!(shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap(), None);
    let again = resend(&shop.db, &unlimited(), &OpenVault, ada.id, &order.number, "bea@example.com").await;
    assert_eq!(again.unwrap_err().code(), "gift.not-sent");
}

#[tokio::test]
async fn a_gift_that_is_paid_back_after_it_was_accepted_leaves_that_library_and_no_other() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = shop.title("The Bell").price(1290).licences(5).published().await;
    buy(&shop, &payments, &ada, &[&bell]).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    accept(&shop.db, &unlimited(), bea.id, &code(&post(&shop).await[0])).await.unwrap();
    assert_eq!((row(&shop, bell.id).await.licences_sold, row(&shop, bell.id).await.sold_count), (2, 2));
    refund(&shop, &payments, &ada, &order).await;
    assert!(!owns(&shop.db, bea.id, bell.id).await.unwrap());
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap(), "her own she has bought");
    assert_eq!((row(&shop, bell.id).await.licences_sold, row(&shop, bell.id).await.sold_count), (1, 1));
}

#[tokio::test]
async fn a_licence_is_counted_when_the_gift_is_bought_and_comes_back_when_it_is_not() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = shop.title("The Bell").price(1290).licences(1).published().await;
    let (card, key, form) = (bad_card(), secret::token(), form());
    let giving = Giving { slug: &bell.slug, coupon: "", form: &form };
    let paying = checkout::Purchase {
        expected_total_minor: 1290,
        card: Some(&card),
        key: &key,
        agreed: AGREED,
        country: None,
        currency: None,
    };
    let declined = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, paying).await.unwrap();
    assert_eq!((declined.status, row(&shop, bell.id).await.licences_sold), (OrderStatus::Declined, 0));
    assert_eq!(stands(&shop, &ada, &declined).await.1, GiftState::Unpaid);
    assert!(post(&shop).await.is_empty());
    assert_eq!(shown(&shop.db, &OpenVault, ada.id, &declined.number).await.unwrap(), None);
    give_title(&shop, &payments, &ada, &bell, &form).await;
    assert_eq!(row(&shop, bell.id).await.licences_sold, 1);
    let sold_out = give_at(&shop, &payments, &ada, giving, 1290).await.unwrap_err();
    assert_eq!(sold_out.code(), "gift.sold-out");
}

#[tokio::test]
async fn sales_and_coupons_hold_for_gifts_and_the_price_shown_is_paid() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    let everything = || Chosen { everything: true, ..Chosen::default() };
    let sale = SaleForm { name: "Winter".into(), percent: "20".into(), chosen: everything(), ..SaleForm::default() };
    sales::save(&shop.db, None, &sale, Currency::USD).await.unwrap();
    let coupon = CouponForm {
        code: "HALF".into(),
        percent: "50".into(),
        once_each: true,
        chosen: everything(),
        ..CouponForm::default()
    };
    coupons::make(&shop.db, &coupon, Currency::USD).await.unwrap();
    let offered = offer(&shop.db, &unlimited(), ada.id, &bell.slug, "half", None).await.unwrap();
    assert_eq!((offered.total.minor, offered.coupon.unwrap().discount.minor), (400, 400));
    let unknown = offer(&shop.db, &unlimited(), ada.id, &bell.slug, "nothing", None).await.unwrap();
    assert!(unknown.total.minor == 800 && unknown.coupon.unwrap().refused.is_some());
    let form = form();
    let giving = Giving { slug: &bell.slug, coupon: "half", form: &form };
    assert_eq!(give_at(&shop, &payments, &ada, giving, 300).await.unwrap_err().code(), "checkout.price-changed");
    let order = give_at(&shop, &payments, &ada, giving, 400).await.unwrap();
    assert_eq!((order.coupon.as_deref(), order.total.minor, bank.kept()), (Some("HALF"), 400, 400));
    let again = give_at(&shop, &payments, &ada, giving, 400).await.unwrap_err();
    assert_eq!(again.code(), "checkout.coupon-refused", "it is once for each person, whatever it was used for");
}

#[tokio::test]
async fn what_is_free_cannot_be_given() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 0).await;
    assert_eq!(offer(&shop.db, &unlimited(), ada.id, &bell.slug, "", None).await.unwrap_err().code(), "gift.free");
    let form = form();
    let giving = Giving { slug: &bell.slug, coupon: "", form: &form };
    assert_eq!(give_at(&shop, &payments, &ada, giving, 0).await.unwrap_err().code(), "gift.free");
    let draft = shop.title("A draft").price(100).draft().await;
    let giving = Giving { slug: &draft.slug, coupon: "", form: &form };
    assert!(matches!(give_at(&shop, &payments, &ada, giving, 100).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_gift_asked_for_twice_is_bought_once_and_the_cart_stays_as_it_is() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let (card, form) = (good_card(), form());
    let giving = Giving { slug: &bell.slug, coupon: "", form: &form };
    let paying = checkout::Purchase {
        expected_total_minor: 1290,
        card: Some(&card),
        key: "one",
        agreed: AGREED,
        country: None,
        currency: None,
    };
    let first = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, paying).await.unwrap();
    let second = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, paying).await.unwrap();
    assert_eq!((first.number, bank.kept()), (second.number, 1290));
    let cart = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!(cart.items.len(), 2, "who gives a title may want it as well");
    assert_eq!(post(&shop).await.len(), 1);
    let without = checkout::Purchase { agreed: None, key: "two", ..paying };
    let refused = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, without).await.unwrap_err();
    assert_eq!(refused.code(), "checkout.withdrawal-not-agreed");
}

#[tokio::test]
async fn what_was_given_leaves_the_cart_of_who_accepts_it() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    fill(&shop, &cart_of(&bea), &[&bell, &owl]).await;
    give_title(&shop, &payments, &ada, &bell, &form()).await;
    accept(&shop.db, &unlimited(), bea.id, &code(&post(&shop).await[0])).await.unwrap();
    let cart = cart::get(&shop.db, Some(&cart_of(&bea))).await.unwrap();
    assert_eq!((cart.items.len(), cart.notices.len()), (1, 0));
}

#[tokio::test]
async fn a_gift_counts_as_a_sale() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let seen = async || {
        let range = Range::read("7", "", "", Day::of(shop.db.now()));
        let report = read::report(&shop.db, range, Currency::USD, None, TitleOrder::Revenue).await.unwrap();
        let now = report.currencies[0].now;
        (now.orders, now.sold, now.revenue_minor)
    };
    assert_eq!(seen().await, (1, 1, 1290));
    refund(&shop, &payments, &ada, &order).await;
    assert_eq!(row(&shop, bell.id).await.sold_count, 0);
}

#[tokio::test]
async fn the_receipt_of_a_gift_says_whom_it_goes_to_and_when() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    give_title(&shop, &payments, &ada, &bell, &on_day(&shop, 3)).await;
    let letters = crate::mailbox::deliver(&shop).await;
    let Content::Purchase(Purchase::Receipt { gift, .. }) = &letters[0].content else { panic!("{letters:?}") };
    assert_eq!(gift.clone().unwrap(), ("bea@example.com".to_owned(), Day::of(shop.db.now()).plus(3)));
}

#[tokio::test]
async fn codes_are_guessed_only_so_often() {
    let shop = fresh().await;
    let bea = shopper(&shop, "Bea").await;
    let limits = Limits::in_memory([(Rule::Gift, "3/1h".parse().unwrap())].into(), shop.clock.clone());
    let db = shop.db.acting(domain::Actor::visitor("192.0.2.7".parse().ok(), None));
    for n in 0..2 {
        let guess = format!("{n}AAA-AAAA-AAAA-AAAA-AAAA");
        assert_eq!(look(&db, &limits, None, &guess).await.unwrap_err().code(), "gift.unknown");
    }
    assert_eq!(accept(&db, &limits, bea.id, "short").await.unwrap_err().code(), "gift.unknown");
    assert!(matches!(look(&db, &limits, None, "AAAA").await, Err(Error::TooMany { .. })));
    assert!(matches!(accept(&db, &limits, bea.id, "AAAA").await, Err(Error::TooMany { .. })));
}

#[tokio::test]
async fn an_unpaid_gift_is_unknown_to_whoever_guesses() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let code = shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap().unwrap();
    use domain::entities::orders::{Column, Entity};
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let pending = Entity::update_many().col_expr(Column::Status, Expr::value(OrderStatus::Pending));
    pending.filter(Column::Id.eq(order.id)).exec(shop.db.read()).await.unwrap();
    assert_eq!(look(&shop.db, &unlimited(), None, &code).await.unwrap_err().code(), "gift.unknown");
    assert_eq!(refused_to(&shop, &bea, &code).await, "gift.over");
}

#[tokio::test]
async fn gifts_are_taken_along_by_who_gave_and_by_who_got_them() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    accept(&shop.db, &unlimited(), bea.id, &code(&post(&shop).await[0])).await.unwrap();
    let given = given_after(&shop.db, ada.id, None, 10).await.unwrap();
    assert_eq!((given.len(), given[0].title.as_str()), (1, "The Bell"));
    assert_eq!(given[0].recipient.as_deref(), Some("bea@example.com"));
    assert_eq!(given[0].number.as_deref(), Some(order.number.as_str()));
    assert_eq!(given_after(&shop.db, ada.id, Some(given[0].id), 10).await.unwrap(), []);
    let got = accepted_after(&shop.db, bea.id, None, 10).await.unwrap();
    assert_eq!((got.len(), got[0].sender.as_deref()), (1, Some("Ada")));
    assert_eq!((&got[0].recipient, &got[0].number), (&None, &None), "what is the buyer's stays the buyer's");
    assert_eq!(accepted_after(&shop.db, ada.id, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_buyer_who_goes_takes_the_names_along_but_a_mail_that_waits_still_goes() {
    let shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let sent = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let sent_code = code(&post(&shop).await[0]);
    let waits = give_title(&shop, &payments, &ada, &owl, &on_day(&shop, 3)).await;
    deletion::delete(&shop.db, ada.id, "ada@example.com").await.unwrap();
    let kept = async |order: &Order| office::get(&shop.db, &order.number).await.unwrap().order.gift.unwrap();
    let nothing = async |order: &Order| {
        let Gift { recipient, recipient_name, sender, message, .. } = kept(order).await;
        [recipient, recipient_name, sender, message].iter().all(Option::is_none)
    };
    assert!(nothing(&sent).await && !nothing(&waits).await);
    accept(&shop.db, &unlimited(), bea.id, &sent_code).await.unwrap();
    assert!(owns(&shop.db, bea.id, bell.id).await.unwrap(), "what was given stays given");
    shop.clock.advance(3 * DAY);
    let letters = post(&shop).await;
    assert_eq!((letters.len(), words(&letters[0]).sender.as_deref()), (1, Some("Ada")));
    assert!(nothing(&waits).await, "once the mail has left");
    accept(&shop.db, &unlimited(), bea.id, &code(&letters[0])).await.unwrap();
    deletion::delete(&shop.db, bea.id, "bea@example.com").await.unwrap();
    let dan = shopper(&shop, "Dan").await;
    assert_eq!(refused_to(&shop, &dan, &sent_code).await, "gift.taken", "who has gone has still accepted it");
}

#[tokio::test]
async fn gifts_look_up_their_own_rows() {
    let shop = fresh().await;
    crowd(&shop).await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    shop.statements.take();
    let order = give_title(&shop, &payments, &ada, &bell, &form()).await;
    let code = shown(&shop.db, &OpenVault, ada.id, &order.number).await.unwrap().unwrap();
    resend(&shop.db, &unlimited(), &OpenVault, ada.id, &order.number, "bea@example.com").await.unwrap();
    look(&shop.db, &unlimited(), Some(bea.id), &code).await.unwrap();
    accept(&shop.db, &unlimited(), bea.id, &code).await.unwrap();
    all_use_indexes(&shop).await;
    for after in [None, Some(ada.id)] {
        given_after(&shop.db, ada.id, after, 50).await.unwrap();
        accepted_after(&shop.db, bea.id, after, 50).await.unwrap();
    }
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn a_gift_is_taxed_where_its_buyer_lives() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    let germany: Country = "DE".parse().unwrap();
    let rate = TaxForm { country: "DE".to_owned(), name: "VAT".to_owned(), rate: "19".to_owned() };
    keep::save(&shop.db, &rate).await.unwrap();
    keep::set_added(&shop.db, true).await.unwrap();
    let offered = offer(&shop.db, &unlimited(), ada.id, &bell.slug, "", Some(germany)).await.unwrap();
    assert_eq!((offered.total.minor, offered.tax.asked, offered.tax.sums[0].amount.minor), (1190, true, 190));
    let (card, form) = (good_card(), form());
    let giving = Giving { slug: &bell.slug, coupon: "", form: &form };
    let nowhere = checkout::Purchase {
        expected_total_minor: 1190,
        card: Some(&card),
        key: "one",
        agreed: AGREED,
        country: None,
        currency: None,
    };
    let refused = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, nowhere).await.unwrap_err();
    assert_eq!(refused.code(), "checkout.no-country");
    let there = checkout::Purchase { country: Some(germany), ..nowhere };
    let order = give(&shop.db, &payments, &unlimited(), &OpenVault, ada.id, giving, there).await.unwrap();
    assert_eq!((order.total.minor, order.tax.minor, order.country, bank.kept()), (1190, 190, Some(germany), 1190));
}
