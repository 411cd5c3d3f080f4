//! What happened in the shop, counted by the day: once, whatever comes twice.

use crate::database::{Shop, fresh};
use crate::figures_speed::insert;
use crate::fixtures::{DAY, Title, ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, pay, settle_due, shopper};
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::User;
use domain::catalog::discover::look::discover;
use domain::entities::{
    audiobooks, coupon_takings, day_interest, day_searches, day_takings, payments, refunds, title_interest,
    title_takings,
};
use domain::figures::tally::{self, Did, SEARCHES_A_DAY};
use domain::insight::purchases::read::purchases;
use domain::insight::report::{Range, Report, TitleOrder, read};
use domain::limits::Limits;
use domain::ordering::attempts::{self, SettlePayment};
use domain::ordering::cart::coupon;
use domain::ordering::payment::Payments;
use domain::ordering::refunds::{self as giving_back, RefundPayment, Tried};
use domain::ordering::{Order, OrderLine};
use domain::promotions::{Chosen, CouponForm, coupons};
use domain::{Currency, Day, PageRequest, SystemClock};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryOrder};
use std::sync::Arc;
use uuid::Uuid;

async fn report(shop: &Shop, preset: &str) -> Report {
    let range = Range::read(preset, "", "", Day::of(shop.db.now()));
    read::report(&shop.db, range, Currency::USD, None, TitleOrder::Revenue).await.unwrap()
}

/// All that is counted of money.
type Rows = (Vec<day_takings::Model>, Vec<title_takings::Model>, Vec<coupon_takings::Model>);

async fn rows(shop: &Shop) -> Rows {
    use title_takings::Column::{AudiobookId, Currency, Since, Span};
    let days =
        day_takings::Entity::find().order_by_asc(day_takings::Column::Day).order_by_asc(day_takings::Column::Currency);
    let titles = title_takings::Entity::find()
        .order_by_asc(Span)
        .order_by_asc(Since)
        .order_by_asc(Currency)
        .order_by_asc(AudiobookId);
    let coupons = coupon_takings::Entity::find().order_by_asc(coupon_takings::Column::Day);
    let db = shop.db.read();
    (days.all(db).await.unwrap(), titles.all(db).await.unwrap(), coupons.all(db).await.unwrap())
}

#[tokio::test]
async fn a_paid_order_is_counted_with_its_titles_and_a_declined_one_is_not() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    buy(&shop, &payments, &bob, &[&bell]).await;
    fill(&shop, &cart_of(&bob), &[&owl]).await;
    pay(&shop, &payments, &bob, &bad_card()).await.unwrap();
    let seen = report(&shop, "7").await;
    let now = seen.currencies[0].now;
    assert_eq!((now.orders, now.sold, now.revenue_minor, now.new_customers), (2, 3, 3380, 2));
    let titles: Vec<_> = seen.titles.iter().map(|line| (line.title.as_str(), line.sold, line.kept().minor)).collect();
    assert_eq!(titles, [("The Bell", 2, 2580), ("The Owl", 1, 800)]);
}

#[tokio::test]
async fn a_refund_of_a_part_counts_once_whatever_is_retried() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let bought = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    shop.clock.advance(DAY);
    ask_refund(&shop, &bought, &[&bought.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    let refund = refunds::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    for _ in 0..3 {
        let again = giving_back::carry_out(&shop.db, &payments, &RefundPayment { refund_id: refund.id }).await.unwrap();
        assert!(matches!(again, Tried::Done));
        settle_due(&shop, &payments).await;
    }
    let (days, titles, _) = rows(&shop).await;
    let days: Vec<_> =
        days.iter().map(|day| (day.orders, day.revenue_minor, day.returned, day.returned_minor)).collect();
    assert_eq!(days, [(1, 2090, 0, 0), (0, 0, 1, 1290)], "what was paid back belongs to the day on which it was");
    let back: i64 = titles.iter().filter(|row| row.span == 1).map(|row| row.returned_minor).sum();
    assert_eq!(back, 1290);
}

#[tokio::test]
async fn an_order_paid_twice_by_late_events_counts_once() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    buy(&shop, &payments, &ada, &[&bell]).await;
    let payment = payments::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    let once = rows(&shop).await;
    for _ in 0..3 {
        shop.clock.advance(DAY);
        attempts::settle(&shop.db, &payments, &SettlePayment { payment_id: payment.id }).await.unwrap();
        settle_due(&shop, &payments).await;
    }
    assert_eq!(rows(&shop).await, once);
    assert_eq!(once.0[0].orders, 1);
}

#[tokio::test]
async fn somebody_is_a_new_customer_once_even_when_two_orders_are_paid_at_one_moment() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    buy(&shop, &payments, &ada, &[&bell]).await;
    buy(&shop, &payments, &ada, &[&owl]).await;
    assert_eq!(report(&shop, "7").await.new_customers(), (1, 0));
    shop.clock.advance(7 * DAY);
    assert_eq!(report(&shop, "7").await.new_customers(), (0, 1));
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// A shop that sells, gives back and declines, now and then with a coupon, over some months.
async fn live(shop: &Shop, payments: &Payments, people: &[User], titles: &[Title], dice: &mut Dice) {
    let unlimited = Limits::in_memory(Default::default(), Arc::new(SystemClock));
    let mut paid: Vec<(Order, Vec<OrderLine>)> = Vec::new();
    for _ in 0..40 {
        shop.clock.advance(i64::try_from(dice.below(6 * 86_400)).unwrap() * 1000);
        let buyer = &people[dice.below(people.len())];
        match dice.below(5) {
            0 if !paid.is_empty() => {
                let which = dice.below(paid.len());
                let line = paid[which].1.remove(0);
                ask_refund(shop, &paid[which].0, &[&line]).await.unwrap();
                if paid[which].1.is_empty() {
                    paid.remove(which);
                }
                if dice.below(2) == 0 {
                    settle_due(shop, payments).await;
                }
            }
            1 => {
                // What she owns already does not come into the cart twice.
                fill(shop, &cart_of(buyer), &[&titles[dice.below(titles.len())]]).await;
                let _declined = pay(shop, payments, buyer, &bad_card()).await;
            }
            _ => {
                fill(shop, &cart_of(buyer), &[&titles[dice.below(titles.len())]]).await;
                fill(shop, &cart_of(buyer), &[&titles[dice.below(titles.len())]]).await;
                if dice.below(3) == 0 {
                    let _refused = coupon::apply(&shop.db, &unlimited, &cart_of(buyer), "WINTER").await;
                }
                // The cart of somebody who owns them all is empty.
                if let Ok(order) = pay(shop, payments, buyer, &crate::fixtures::good_card()).await {
                    let lines = order.lines.clone();
                    paid.push((order, lines));
                }
            }
        }
    }
    settle_due(shop, payments).await;
}

#[tokio::test]
async fn the_rows_of_the_days_equal_a_recount_of_the_orders() {
    for seed in 1..4 {
        let shop = fresh().await;
        let (_, payments) = bank();
        let mut people = Vec::new();
        for name in ["Ada", "Bob", "Cleo", "Dan"] {
            people.push(shopper(&shop, name).await);
        }
        let mut titles = Vec::new();
        for number in 0..8 {
            titles.push(for_sale(&shop, &format!("Book {number}"), 500 + 130 * number).await);
        }
        let chosen = Chosen { everything: true, ..Chosen::default() };
        let form = CouponForm { code: "WINTER".into(), percent: "10".into(), chosen, ..CouponForm::default() };
        coupons::make(&shop.db, &form, Currency::USD).await.unwrap();
        live(&shop, &payments, &people, &titles, &mut Dice(seed)).await;
        let kept = rows(&shop).await;
        assert!(kept.0.len() > 5 && kept.0.iter().any(|day| day.returned > 0), "{kept:?}");
        // The step of the schema counts the orders that it finds.
        migrations::down_before(shop.db.read(), "m0031_figures").await.unwrap();
        migrations::up(shop.db.read()).await.unwrap();
        let counted = rows(&shop).await;
        assert_eq!(kept.0, counted.0);
        assert_eq!(kept.1, counted.1);
        assert_eq!(kept.2, counted.2);
    }
}

#[tokio::test]
async fn each_currency_is_told_by_itself() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let euro = "EUR".parse().unwrap();
    let nacht = shop.title("Nacht").currency(euro).price(900).published().await;
    buy(&shop, &payments, &ada, &[&bell]).await;
    buy(&shop, &payments, &ada, &[&nacht]).await;
    let seen = report(&shop, "30").await;
    let money: Vec<_> = seen.currencies.iter().map(|one| (one.currency.code(), one.now.revenue_minor)).collect();
    assert_eq!(money, [("USD", 1290), ("EUR", 900)], "the shop's own first");
    let range = Range::read("30", "", "", Day::of(shop.db.now()));
    let in_euro = read::report(&shop.db, range, Currency::USD, Some(euro), TitleOrder::Sold).await.unwrap();
    let titles: Vec<_> = in_euro.titles.iter().map(|line| (line.title.as_str(), line.revenue.to_string())).collect();
    assert_eq!(titles, [("Nacht", "€9.00".to_owned())]);
}

#[tokio::test]
async fn a_range_stands_beside_the_days_before_it_and_leaves_out_all_others() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    // Days 400, 8, 7 and 1 before today, and today.
    for (number, until_the_next) in [392, 1, 6, 1, 0].into_iter().enumerate() {
        let price = 100 * (i64::try_from(number).unwrap() + 1);
        let title = for_sale(&shop, &format!("Book {number}"), price).await;
        buy(&shop, &payments, &ada, &[&title]).await;
        shop.clock.advance(until_the_next * DAY);
    }
    let week = report(&shop, "7").await;
    let money = &week.currencies[0];
    assert_eq!((money.now.revenue_minor, money.before.revenue_minor), (900, 500));
    assert_eq!(money.pieces.iter().map(|piece| piece.revenue_minor).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 400, 500]);
    let year = report(&shop, "12m").await;
    assert_eq!((year.currencies[0].now.revenue_minor, year.titles.len()), (1400, 4));
    assert_eq!(year.currencies[0].pieces.len(), 12);
}

#[tokio::test]
async fn what_people_look_at_is_written_once_and_by_the_day() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1290).await;
    shop.statements.take();
    for what in [Did::View, Did::View, Did::Hear, Did::PutIntoCart] {
        tally::did(&shop.db, &bell.slug, what);
    }
    tally::did(&shop.db, "no-such-title", Did::View);
    assert!(shop.statements.take().is_empty(), "a look writes nothing");
    tally::flush(&shop.db).await.unwrap();
    tally::flush(&shop.db).await.unwrap();
    shop.clock.advance(DAY);
    tally::did(&shop.db, &bell.slug, Did::View);
    tally::did(&shop.db, &bell.slug, Did::Finish);
    let seen = report(&shop, "7").await.interest;
    assert_eq!((seen.views, seen.samples, seen.carts, seen.finished), (3, 1, 1, 1));
    let days = day_interest::Entity::find().all(shop.db.read()).await.unwrap();
    assert_eq!(days.len(), 2);
    let titles = title_interest::Entity::find().all(shop.db.read()).await.unwrap();
    let views: Vec<_> = titles.iter().map(|row| (row.span, row.views)).collect();
    assert_eq!(views.iter().filter(|(span, _)| *span == 1).collect::<Vec<_>>(), [&(1, 3)]);
}

#[tokio::test]
async fn searches_are_counted_without_a_person_and_no_more_of_them_than_a_day_holds() {
    let shop = fresh().await;
    for (text, found) in [("The Bell", true), ("the  bell!", true), ("gull", false), ("ada@post.example", false)] {
        tally::searched(&shop.db, text, found);
    }
    let seen = report(&shop, "7").await;
    let lines = |lines: &[domain::insight::report::SearchLine]| {
        lines.iter().map(|line| (line.text.clone(), line.times)).collect::<Vec<_>>()
    };
    assert_eq!(lines(&seen.searches), [("the bell".to_owned(), 2), ("gull".to_owned(), 1)]);
    assert_eq!(lines(&seen.empty_searches), [("gull".to_owned(), 1)]);
    for number in 0..SEARCHES_A_DAY + 50 {
        tally::searched(&shop.db, &format!("word {number}"), true);
    }
    tally::flush(&shop.db).await.unwrap();
    tally::searched(&shop.db, "one more", true);
    tally::searched(&shop.db, "the bell", true);
    tally::flush(&shop.db).await.unwrap();
    let kept = day_searches::Entity::find().all(shop.db.read()).await.unwrap();
    assert_eq!(kept.len(), SEARCHES_A_DAY);
    assert!(kept.iter().any(|row| row.text == "the bell" && row.asked == 3), "what is known is counted on");
    shop.clock.advance(400 * DAY);
    tally::searched(&shop.db, "the owl", true);
    tally::flush(&shop.db).await.unwrap();
    assert_eq!(day_searches::Entity::find().all(shop.db.read()).await.unwrap().len(), 1, "old ones are gone");
}

#[tokio::test]
async fn coupons_are_told_with_what_they_took_off() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    let chosen = Chosen { everything: true, ..Chosen::default() };
    let form = CouponForm { code: "WINTER".into(), percent: "10".into(), chosen, ..CouponForm::default() };
    coupons::make(&shop.db, &form, Currency::USD).await.unwrap();
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let unlimited = Limits::in_memory(Default::default(), Arc::new(SystemClock));
    coupon::apply(&shop.db, &unlimited, &cart_of(&ada), "winter").await.unwrap();
    buy(&shop, &payments, &ada, &[]).await;
    let line = report(&shop, "7").await.coupons.remove(0);
    assert_eq!(
        (line.code.as_deref(), line.orders, line.discount.minor, line.revenue.minor),
        (Some("WINTER"), 1, 100, 900)
    );
}

/// Rows enough that a planner prefers the indexes.
async fn many_days(shop: &Shop) {
    let today = Day::of(shop.db.now());
    let titles = audiobooks::Entity::find().all(shop.db.read()).await.unwrap();
    let days = || (0..800).map(|back| today.plus(-back).0);
    let currency = || "USD".to_owned();
    let taken = days().map(|day| day_takings::Model {
        day,
        currency: currency(),
        orders: 1,
        sold: 1,
        revenue_minor: 100,
        returned: 0,
        returned_minor: 0,
        new_customers: 0,
    });
    insert(shop.db.read(), taken.collect()).await;
    let looked = days().map(|day| day_interest::Model { day, views: 1, samples: 1, carts: 1, finished: 1 });
    insert(shop.db.read(), looked.collect()).await;
    let searched = days().map(|day| day_searches::Model { day, text: "bell".to_owned(), asked: 1, empty: 1 });
    insert(shop.db.read(), searched.collect()).await;
    let coupons = days().map(|day| coupon_takings::Model {
        day,
        coupon_id: Uuid::now_v7(),
        currency: currency(),
        orders: 1,
        discount_minor: 1,
        revenue_minor: 1,
    });
    insert(shop.db.read(), coupons.collect()).await;
    let rows = || days().step_by(10).flat_map(|since| titles.iter().take(20).map(move |title| (since, title.id)));
    let sold = rows().map(|(since, audiobook_id)| title_takings::Model {
        span: 0,
        since,
        currency: currency(),
        audiobook_id,
        sold: 1,
        revenue_minor: 100,
        returned: 0,
        returned_minor: 0,
    });
    insert(shop.db.read(), sold.collect()).await;
    let did = rows().map(|(since, audiobook_id)| title_interest::Model {
        span: 0,
        since,
        audiobook_id,
        views: 1,
        samples: 0,
        carts: 0,
        finished: 1,
    });
    insert(shop.db.read(), did.collect()).await;
    let analyse = match shop.db.backend() {
        DbBackend::MySql => {
            "ANALYZE TABLE day_takings, day_interest, day_searches, coupon_takings, title_takings, title_interest"
        }
        _ => "ANALYZE",
    };
    shop.db.read().execute_unprepared(analyse).await.unwrap();
}

#[tokio::test]
async fn what_sells_is_looked_up_by_its_days() {
    let shop = fresh().await;
    crowd(&shop).await;
    many_days(&shop).await;
    let ada = shopper(&shop, "Ada").await;
    shop.statements.take();
    for preset in ["7", "30", "90", "12m"] {
        report(&shop, preset).await;
    }
    all_use_indexes(&shop).await;
    discover(&shop.db, "").await.unwrap();
    let statements = shop.statements.take();
    assert!(statements.len() <= 6, "{}", statements.len());
    purchases(&shop.db, ada.id, PageRequest::new(1, 50)).await.unwrap();
    all_use_indexes(&shop).await;
}
