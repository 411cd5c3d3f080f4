//! What titles cost: sales of the shop and of a title, at every place where a price stands.

use crate::database::{Shop, fresh};
use crate::fixtures::{
    AGREED, DAY, Title, ask_refund, bank, buy, cart_of, fill, for_sale, good_card, pay, row, settle_due, shopper,
};
use domain::account::User;
use domain::catalog::{AudiobookSummary, Browse, Filters, Price, Sort, browse, categories, product_page};
use domain::entities::{cart_items, carts};
use domain::jobs::{self, Job, Queue};
use domain::ordering::{OrderStatus, cart, checkout};
use domain::pricing::reduced::{self, KeepReduced};
use domain::promotions::{Chosen, CouponForm, Phase, SaleForm, coupons, sales};
use domain::testing::insert;
use domain::{Currency, Error, PageRequest, Timestamp, job_kinds, secret};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// A sale of these titles by so many percent, `from` and `until` in minutes from now.
pub async fn sale_of(shop: &Shop, titles: &[&Title], percent: i64, from: i64, until: Option<i64>) -> Uuid {
    let titles: Vec<&str> = titles.iter().map(|title| title.slug.as_str()).collect();
    let chosen = Chosen { everything: titles.is_empty(), titles: titles.join("\n"), ..Chosen::default() };
    let form = SaleForm { name: "Winter".to_owned(), percent: percent.to_string(), chosen, ..form(shop, from, until) };
    sales::save(&shop.db, None, &form, Currency::USD).await.unwrap()
}

fn form(shop: &Shop, from: i64, until: Option<i64>) -> SaleForm {
    let at = |minutes: i64| shop.db.now().plus_ms(minutes * 60_000).rfc3339()[..16].to_owned();
    SaleForm { starts: at(from), ends: until.map(at).unwrap_or_default(), ..SaleForm::default() }
}

pub async fn price(shop: &Shop, title: &Title) -> Price {
    product_page::detail(&shop.db, &title.slug, None).await.unwrap().summary.price
}

async fn found(shop: &Shop, filters: Filters, sort: Sort) -> Vec<String> {
    let wanted = Browse { filters, sort, ..Browse::default() };
    let page = browse::browse(&shop.db, &wanted).await.unwrap();
    page.items.into_iter().map(|title: AudiobookSummary| title.title).collect()
}

/// Does the jobs that bring the order of lists up to date, those that are due.
async fn keep_lists(shop: &Shop) -> u64 {
    let kinds = job_kinds::all().only(&[KeepReduced::KIND]);
    let mut done = 0;
    while let Some(claim) = jobs::claim(&shop.db, &kinds, Queue::Maintenance, "lists", 60_000, 1).await.unwrap().pop() {
        reduced::keep_all(&shop.db).await.unwrap();
        done += jobs::complete_all(&shop.db, &[claim]).await.unwrap();
    }
    done
}

#[tokio::test]
async fn a_sale_runs_from_its_first_moment_to_before_its_last() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[&bell], 25, 10, Some(20)).await;
    let mut seen = Vec::new();
    for step in [0, 599_999, 1, 599_999, 1] {
        shop.clock.advance(step);
        seen.push(price(&shop, &bell).await.now.minor);
    }
    assert_eq!(seen, [1000, 1000, 750, 750, 1000]);
}

#[tokio::test]
async fn a_title_on_sale_says_until_when() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[&bell], 25, 0, Some(20)).await;
    let Price { list, now, until } = price(&shop, &bell).await;
    assert_eq!((list.minor, now.minor, until), (1000, 750, Some(shop.db.now().plus_ms(20 * 60_000))));
    let shown = browse::browse(&shop.db, &Browse::default()).await.unwrap().items.remove(0).price;
    assert_eq!(shown, price(&shop, &bell).await, "a card says the same as the page");
}

#[tokio::test]
async fn of_several_sales_the_lowest_price_counts() {
    let shop = fresh().await;
    let bell = shop.title("The Bell").price(1000).sale(850, None, None).published().await;
    let owl = for_sale(&shop, "The Owl", 1000).await;
    sale_of(&shop, &[], 10, 0, None).await;
    assert_eq!((price(&shop, &bell).await.now.minor, price(&shop, &owl).await.now.minor), (850, 900));
    sale_of(&shop, &[&bell], 50, 0, None).await;
    assert_eq!((price(&shop, &bell).await.now.minor, price(&shop, &owl).await.now.minor), (500, 900));
}

#[tokio::test]
async fn a_sale_has_a_fixed_price_for_the_titles_of_a_category_that_cost_more() {
    let shop = fresh().await;
    let dear = shop.title("Dear").price(1500).category("sea").published().await;
    let cheap = shop.title("Cheap").price(300).category("sea").published().await;
    let foreign = shop.title("Foreign").currency("EUR".parse().unwrap()).price(1500).category("sea").published().await;
    let other = shop.title("Other").price(1500).category("land").published().await;
    let chosen = Chosen { categories: vec!["sea".to_owned()], ..Chosen::default() };
    let form = SaleForm { name: "Sea".to_owned(), price: "5.00".to_owned(), chosen, ..SaleForm::default() };
    sales::save(&shop.db, None, &form, Currency::USD).await.unwrap();
    let mut seen = Vec::new();
    for title in [&dear, &cheap, &foreign, &other] {
        seen.push(price(&shop, title).await.now.minor);
    }
    assert_eq!(seen, [500, 300, 1500, 1500]);
    let into = categories::list(&shop.db).await.unwrap();
    let id = |slug: &str| into.iter().find(|row| row.slug == slug).unwrap().id;
    categories::merge(&shop.db, id("sea"), id("land")).await.unwrap();
    assert_eq!(price(&shop, &other).await.now.minor, 500, "the sale is for the category that took its place");
}

#[tokio::test]
async fn a_list_is_ordered_and_filtered_by_the_price_that_is_asked() {
    let shop = fresh().await;
    for_sale(&shop, "Middle", 800).await;
    let dear = for_sale(&shop, "Dear", 1000).await;
    for_sale(&shop, "Cheap", 600).await;
    sale_of(&shop, &[&dear], 50, 10, Some(20)).await;
    keep_lists(&shop).await;
    let by_price = async || found(&shop, Filters::default(), Sort::PriceUp).await;
    let on_sale = async || found(&shop, Filters { on_sale: true, ..Filters::default() }, Sort::PriceUp).await;
    assert_eq!(by_price().await, ["Cheap", "Middle", "Dear"]);
    assert!(on_sale().await.is_empty());
    shop.clock.advance(10 * 60_000);
    // Where the next sale of a title begins is known before: no job has to have run.
    assert_eq!(by_price().await, ["Dear", "Cheap", "Middle"]);
    assert_eq!(on_sale().await, ["Dear"]);
    keep_lists(&shop).await;
    shop.clock.advance(10 * 60_000);
    assert_eq!(by_price().await, ["Cheap", "Middle", "Dear"]);
    assert_eq!(keep_lists(&shop).await, 1, "the job of the end is due");
    assert_eq!(row(&shop, dear.id).await.reduced_minor, None);
}

#[tokio::test]
async fn where_one_sale_follows_another_the_job_keeps_the_order_of_lists() {
    let shop = fresh().await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 700).await);
    sale_of(&shop, &[&bell], 10, 0, None).await;
    sale_of(&shop, &[&bell], 50, 10, Some(20)).await;
    for (minutes, first) in [(0, "The Owl"), (10, "The Bell"), (10, "The Owl")] {
        shop.clock.advance(minutes * 60_000);
        keep_lists(&shop).await;
        assert_eq!(found(&shop, Filters::default(), Sort::PriceUp).await[0], first, "after {minutes} minutes");
    }
    let _ = owl;
}

#[tokio::test]
async fn a_change_of_the_regular_price_changes_the_reduced_one_with_it() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[], 50, 0, None).await;
    keep_lists(&shop).await;
    let mut form = domain::catalog::edit::form(&shop.db, bell.id).await.unwrap();
    form.price = "20.00".to_owned();
    domain::production::samples::save_title(&shop.db, bell.id, &form).await.unwrap();
    assert_eq!(row(&shop, bell.id).await.reduced_minor, Some(1000));
    assert_eq!(price(&shop, &bell).await.now.minor, 1000);
}

#[tokio::test]
async fn a_sale_is_ended_at_once_and_can_be_changed_until_it_is_over() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    let id = sale_of(&shop, &[&bell], 25, 0, None).await;
    let mut form = sales::form(&shop.db, id).await.unwrap();
    assert_eq!((form.percent.as_str(), form.chosen.titles.as_str()), ("25", "the-bell"));
    form.percent = "40".to_owned();
    sales::save(&shop.db, Some(id), &form, Currency::USD).await.unwrap();
    assert_eq!(price(&shop, &bell).await.now.minor, 600);
    sales::end(&shop.db, id).await.unwrap();
    sales::end(&shop.db, id).await.unwrap();
    assert_eq!(price(&shop, &bell).await.now.minor, 1000);
    let refused = sales::save(&shop.db, Some(id), &form, Currency::USD).await.unwrap_err();
    assert_eq!(refused.code(), "promotion.over");
    let all = sales::list(&shop.db, PageRequest::new(1, 10)).await.unwrap();
    assert_eq!((all.total, all.items[0].phase, all.items[0].covers.titles), (1, Phase::Over, 1));
}

#[tokio::test]
async fn a_form_of_a_sale_that_says_too_little_or_too_much_is_refused() {
    let shop = fresh().await;
    for_sale(&shop, "The Bell", 1000).await;
    let everything = Chosen { everything: true, ..Chosen::default() };
    let good = SaleForm { name: "A".into(), percent: "5".into(), chosen: everything, ..SaleForm::default() };
    let with = |change: fn(&mut SaleForm)| {
        let mut form = good.clone();
        change(&mut form);
        form
    };
    let cases = [
        (with(|form| form.name.clear()), "promotion.no-name"),
        (with(|form| form.percent.clear()), "promotion.takes-nothing"),
        (with(|form| form.price = "1.00".into()), "promotion.takes-both"),
        (with(|form| form.percent = "120".into()), "promotion.percent"),
        (with(|form| form.chosen = Chosen::default()), "promotion.nothing-chosen"),
        (
            with(|form| form.chosen = Chosen { titles: "nowhere".into(), ..Chosen::default() }),
            "promotion.title-unknown",
        ),
        (with(|form| form.ends = "2020-01-01T00:00".into()), "promotion.ends-too-soon"),
    ];
    for (form, code) in cases {
        assert_eq!(sales::save(&shop.db, None, &form, Currency::USD).await.unwrap_err().code(), code);
    }
    assert_eq!(sales::list(&shop.db, PageRequest::new(1, 10)).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_sale_that_ends_between_cart_and_checkout_charges_nothing_and_says_the_new_total() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[&bell], 25, 0, Some(20)).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let shown = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap().total.minor;
    shop.clock.advance(20 * 60_000);
    let pay_at = async |total: i64| {
        checkout::checkout(&shop.db, &payments, ada.id, total, Some(&good_card()), &secret::token(), AGREED).await
    };
    let refused = pay_at(shown).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(why) if why.sentence().contains("$10.00")), "{refused}");
    assert_eq!((shown, bank.charged()), (750, 0));
    assert_eq!(pay_at(1000).await.unwrap().total.minor, 1000);
}

#[tokio::test]
async fn an_order_remembers_the_list_price_beside_what_was_paid() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[&bell], 25, 0, None).await;
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    let line = &order.lines[0];
    assert_eq!((line.list_price.minor, line.sale_price().minor, line.price.minor), (1000, 750, 750));
}

/// Chance that is the same every time: the generator SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    }

    fn percent(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// A coupon that takes something off, by chance.
async fn any_coupon(shop: &Shop, random: &mut Chance) -> String {
    let everything = random.percent(50);
    let categories = if everything { Vec::new() } else { vec!["sea".to_owned()] };
    let mut form =
        CouponForm { chosen: Chosen { everything, categories, ..Chosen::default() }, ..CouponForm::default() };
    if random.percent(50) {
        form.percent = (1 + random.below(100)).to_string();
    } else {
        form.amount = format!("{}.{:02}", random.below(30), 1 + random.below(99));
    }
    coupons::make(&shop.db, &form, Currency::USD).await.unwrap()
}

/// Fills a cart at once.
async fn put(shop: &Shop, buyer: &User, titles: &[&Title]) {
    let now = shop.db.now();
    let id = Uuid::now_v7();
    let cart = carts::Model {
        id,
        user_id: Some(buyer.id),
        token_hash: None,
        coupon_id: None,
        created_at: now,
        updated_at: now,
    };
    insert(&shop.db, cart).await;
    let item = |title: &&Title| cart_items::Model { cart_id: id, audiobook_id: title.id, added_at: now };
    let items: Vec<_> = titles.iter().map(item).map(IntoActiveModel::into_active_model).collect();
    cart_items::Entity::insert_many(items).exec_without_returning(shop.db.read()).await.unwrap();
}

#[tokio::test]
async fn the_price_shown_is_the_price_paid_and_all_of_it_comes_back() {
    let shop = fresh().await;
    let mut random = Chance(20_261_120);
    let mut titles = Vec::new();
    for n in 0..12 {
        let shelf = if random.percent(50) { "sea" } else { "land" };
        let price = if n == 0 { 0 } else { 1 + random.below(4000) };
        titles.push(shop.title(&format!("Story {n}")).price(price).category(shelf).published().await);
    }
    sale_of(&shop, &[&titles[1], &titles[2], &titles[3]], 33, 0, None).await;
    sale_of(&shop, &[&titles[3], &titles[4]], 17, 0, None).await;
    let limits = crate::coupons::unlimited();
    let mut codes = Vec::new();
    for _ in 0..30 {
        codes.push(any_coupon(&shop, &mut random).await);
    }
    for round in 0..200 {
        let (bank, payments) = bank();
        let buyer = shopper(&shop, &format!("Buyer{round}")).await;
        let owner = cart_of(&buyer);
        let mut wanted: Vec<&Title> = titles.iter().filter(|_| random.percent(40)).collect();
        if wanted.is_empty() {
            wanted.push(&titles[1]);
        }
        put(&shop, &buyer, &wanted).await;
        if random.percent(70) {
            let code = &codes[usize::try_from(random.below(30)).unwrap()];
            // One that is for nothing in this cart is refused, and the cart stays as it was.
            cart::coupon::apply(&shop.db, &limits, &owner, code).await.ok();
        }
        let shown = cart::get(&shop.db, Some(&owner)).await.unwrap();
        let order = pay(&shop, &payments, &buyer, &good_card()).await.unwrap();
        assert_eq!((order.total, order.status), (shown.total, OrderStatus::Fulfilled), "round {round}");
        assert_eq!(order.lines.iter().map(|line| line.price.minor).sum::<i64>(), order.total.minor);
        assert_eq!(order.lines.iter().map(|line| line.discount.minor).sum::<i64>(), order.discount.minor);
        for line in &order.lines {
            assert!(line.price.minor >= 0 && line.discount.minor >= 0, "round {round}: {line:?}");
            assert!(line.sale_price().minor <= line.list_price.minor);
        }
        assert_eq!(bank.kept(), order.total.minor);
        // What comes back is the sum of the lines, which is looked at for each.
        if round % 5 > 0 {
            continue;
        }
        ask_refund(&shop, &order, &[]).await.unwrap();
        settle_due(&shop, &payments).await;
        assert_eq!(bank.kept(), 0, "round {round}: all of it comes back");
    }
}

#[tokio::test]
async fn a_sale_that_is_to_come_does_not_change_a_price_before() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    sale_of(&shop, &[], 25, 24 * 60, None).await;
    keep_lists(&shop).await;
    assert!(found(&shop, Filters { on_sale: true, ..Filters::default() }, Sort::Newest).await.is_empty());
    assert_eq!(price(&shop, &bell).await.until, None::<Timestamp>);
    shop.clock.advance(DAY);
    assert_eq!(found(&shop, Filters { on_sale: true, ..Filters::default() }, Sort::Newest).await, ["The Bell"]);
}
