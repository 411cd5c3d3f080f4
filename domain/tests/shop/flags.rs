//! What is switched on in the shop, and for whom.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, give, shopper, user};
use domain::account::Role;
use domain::audit::{Action, Filter, trail};
use domain::flags::{Flag, Rule, SwitchForm, keep, live};
use domain::limits::Limits;
use domain::reviews::{ReviewForm, keep as reviews};
use domain::{Actor, Db, Error};
use std::time::Duration;

fn form(rule: &str, percent: &str) -> SwitchForm {
    SwitchForm { flag: "reviews".to_owned(), rule: rule.to_owned(), percent: percent.to_owned() }
}

pub async fn switch(db: &Db, rule: &str, percent: &str) {
    live::save(db, &form(rule, percent)).await.unwrap();
}

async fn visitors_in(shop: &Shop) -> usize {
    let mut count = 0;
    for number in 0..200_u8 {
        let ip = format!("192.0.2.{number}").parse().ok();
        let visitor = shop.db.acting(Actor::visitor(ip, Some("Browser/1")));
        count += usize::from(live::is_on(&visitor, Flag::Reviews, None).await.unwrap());
    }
    count
}

#[tokio::test]
async fn the_shop_stands_as_it_is_brought_until_somebody_switches_it() {
    let shop = fresh().await;
    let all = keep::read(shop.db.read()).await.unwrap();
    assert!(all.iter().all(|switch| switch.rule == switch.flag.standing()));
    switch(&shop.db, "share", " 30 ").await;
    switch(&shop.db, "off", "").await;
    let rule = keep::read(shop.db.read()).await.unwrap().remove(0).rule;
    assert_eq!(rule, Rule::Off, "the last one counts");
    let line = trail::events(&shop.db, &Filter::default(), None, 10).await.unwrap().remove(0);
    assert_eq!((line.action.as_str(), line.subject.as_deref()), (Action::FlagSwitched.name(), Some("reviews")));
    let details: serde_json::Value = serde_json::from_str(&line.details).unwrap();
    assert_eq!(details, serde_json::json!({ "before": { "share": 30 }, "after": "off" }));
}

#[tokio::test]
async fn what_cannot_be_switched_so_is_refused_at_its_field() {
    let shop = fresh().await;
    let of_percent = [("share", ""), ("share", "101"), ("off", "101"), ("on", "some")];
    let wrong = of_percent.map(|(rule, percent)| (rule, percent, "percent"));
    for (rule, percent, wrong) in [("sometimes", "", "rule")].into_iter().chain(wrong) {
        match live::save(&shop.db, &form(rule, percent)).await {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, wrong),
            other => panic!("{other:?}"),
        }
    }
    let unknown = SwitchForm { flag: "jokes".to_owned(), ..form("on", "") };
    assert!(matches!(live::save(&shop.db, &unknown).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_share_holds_the_same_people_and_visitors_each_time_and_only_grows() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let mut before = 0;
    for percent in [0, 20, 60, 100] {
        switch(&shop.db, "share", &percent.to_string()).await;
        let inside = visitors_in(&shop).await;
        assert_eq!(visitors_in(&shop).await, inside, "asked again it is the same");
        assert!(inside >= before, "nobody is turned out as it grows");
        before = inside;
    }
    assert_eq!(before, 200);
    let seen = live::is_on(&shop.db, Flag::Reviews, Some(&ada)).await.unwrap();
    let elsewhere = shop.db.acting(Actor::visitor("2001:db8::7".parse().ok(), Some("Other/2")));
    assert_eq!(
        live::is_on(&elsewhere, Flag::Reviews, Some(&ada)).await.unwrap(),
        seen,
        "an account counts, not the road"
    );
}

#[tokio::test]
async fn a_role_is_all_that_counts_where_the_rule_says_so() {
    let shop = fresh().await;
    let (ada, root) = (shopper(&shop, "Ada").await, user(&shop, "Root", Role::Admin).await);
    for (rule, expected) in [("shoppers", [false, true, false]), ("admins", [false, false, true])] {
        switch(&shop.db, rule, "").await;
        let mut seen = Vec::new();
        for who in [None, Some(&ada), Some(&root)] {
            seen.push(live::is_on(&shop.db, Flag::Reviews, who).await.unwrap());
        }
        assert_eq!(seen, expected, "{rule}");
    }
}

#[tokio::test]
async fn nobody_rates_while_reviews_are_not_taken_and_what_was_written_can_be_removed() {
    let shop = fresh().await;
    let (bell, ada) = (for_sale(&shop, "The Bell", 500).await, shopper(&shop, "Ada").await);
    give(&shop, &ada, bell.id).await;
    let limits = Limits::in_memory(Default::default(), shop.clock.clone());
    let stars = ReviewForm { story: 5, performance: 4, text: String::new() };
    reviews::rate(&shop.db, &limits, ada.id, &bell.slug, &stars).await.unwrap();
    switch(&shop.db, "off", "").await;
    let refused = reviews::rate(&shop.db, &limits, ada.id, &bell.slug, &stars).await.unwrap_err();
    assert_eq!(refused.code(), "review.not-taken");
    reviews::remove(&shop.db, ada.id, &bell.slug).await.unwrap();
    switch(&shop.db, "on", "").await;
    reviews::rate(&shop.db, &limits, ada.id, &bell.slug, &stars).await.unwrap();
}

#[tokio::test]
async fn another_server_hears_of_a_switch_within_seconds() {
    let shop = fresh().await;
    let there = shop.another_server().await;
    assert!(live::is_on(&there, Flag::Reviews, None).await.unwrap());
    switch(&shop.db, "off", "").await;
    assert!(!live::is_on(&shop.db, Flag::Reviews, None).await.unwrap(), "at once where it was made");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(!live::is_on(&there, Flag::Reviews, None).await.unwrap());
    shop.statements.take();
    for _ in 0..20 {
        live::is_on(&shop.db, Flag::Reviews, None).await.unwrap();
    }
    assert!(shop.statements.take().len() <= 1, "a crowd asks once");
}
