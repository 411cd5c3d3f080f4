//! What buyers think of titles.

use crate::database::{Shop, fresh};
use crate::fixtures::{Title, for_sale, give, row, shopper};
use domain::account::User;
use domain::audit::{Action, Filter, trail};
use domain::catalog::{Browse, Filters, Sort, browse};
use domain::entities::{entitlements, review_reports, reviews};
use domain::limits::Limits;
use domain::privacy::deletion;
use domain::reviews::page::PAGE_SIZE;
use domain::reviews::privacy::{reports_after, reviews_after};
use domain::reviews::{ReviewForm, ReviewPage, keep, moderate, page, report};
use domain::{Error, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

fn form(story: u8, performance: u8, text: &str) -> ReviewForm {
    ReviewForm { story, performance, text: text.to_owned() }
}

async fn rate(shop: &Shop, user: &User, title: &Title, story: u8, performance: u8, text: &str) -> Result<()> {
    keep::rate(&shop.db, &unlimited(shop), user.id, &title.slug, &form(story, performance, text)).await
}

fn unlimited(shop: &Shop) -> Limits {
    Limits::in_memory(Default::default(), shop.clock.clone())
}

/// Somebody who owns a title.
async fn buyer(shop: &Shop, name: &str, title: &Title) -> User {
    let user = shopper(shop, name).await;
    give(shop, &user, title.id).await;
    user
}

async fn seen(shop: &Shop, title: &Title, viewer: Option<&User>) -> ReviewPage {
    page::reviews(&shop.db, &title.slug, viewer, None).await.unwrap()
}

/// The numbers on a title are those of its rows.
async fn numbers_are_right(shop: &Shop, title: &Title) {
    let shown = reviews::Entity::find()
        .filter(reviews::Column::AudiobookId.eq(title.id))
        .filter(reviews::Column::Hidden.eq(false))
        .all(shop.db.read())
        .await
        .unwrap();
    let kept = row(shop, title.id).await;
    let sums = (kept.rating_count, kept.story_sum, kept.performance_sum);
    let story = shown.iter().map(|review| review.story).sum();
    let performance = shown.iter().map(|review| review.performance).sum();
    assert_eq!(sums, (i32::try_from(shown.len()).unwrap(), story, performance));
    let stars = [kept.stars_one, kept.stars_two, kept.stars_three, kept.stars_four, kept.stars_five];
    assert_eq!(stars.iter().sum::<i32>(), kept.rating_count, "{stars:?}");
    assert_eq!(kept.rating_mean == 0, shown.is_empty());
}

#[tokio::test]
async fn a_buyer_rates_and_everybody_sees_the_stars() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let (ada, ben) = (buyer(&shop, "Ada", &bell).await, buyer(&shop, "Ben", &bell).await);
    assert_eq!(seen(&shop, &bell, None).await.breakdown, None);
    rate(&shop, &ada, &bell, 5, 4, " <b>Good</b>\r\nand long. ").await.unwrap();
    rate(&shop, &ben, &bell, 3, 3, "").await.unwrap();
    let page = seen(&shop, &bell, None).await;
    let numbers = page.breakdown.unwrap();
    assert_eq!(numbers.all.words(), "3.8 of 5 from 2 ratings");
    assert_eq!((numbers.story, numbers.performance, numbers.stars), (400, 350, [0, 0, 1, 0, 1]));
    let [second, first] = page.reviews.as_slice() else { panic!("{page:?}") };
    assert_eq!((first.by.as_deref(), first.text.as_str(), first.owned), (Some("Ada"), "<b>Good</b>\nand long.", true));
    assert_eq!((second.by.as_deref(), second.edited), (Some("Ben"), false));
    let card = browse::browse(&shop.db, &Browse::default()).await.unwrap().items.remove(0);
    assert_eq!(card.rating, Some(numbers.all));
    numbers_are_right(&shop, &bell).await;
}

#[tokio::test]
async fn only_who_owns_a_title_rates_it_and_only_once() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let (ada, ben) = (buyer(&shop, "Ada", &bell).await, shopper(&shop, "Ben").await);
    let refused = rate(&shop, &ben, &bell, 5, 5, "").await.unwrap_err();
    assert_eq!(refused.code(), "review.not-owned");
    assert!(!seen(&shop, &bell, Some(&ben)).await.viewer.may_rate);
    let draft = shop.title("Draft").draft().await;
    assert!(
        matches!(rate(&shop, &ben, &draft, 5, 5, "").await, Err(Error::NotFound(_))),
        "it does not say it is there"
    );
    rate(&shop, &ada, &bell, 1, 1, "No.").await.unwrap();
    shop.clock.advance(1);
    rate(&shop, &ada, &bell, 5, 4, "Yes.").await.unwrap();
    let page = seen(&shop, &bell, Some(&ada)).await;
    assert_eq!((page.reviews.len(), page.reviews[0].edited), (1, true));
    assert_eq!(page.viewer.own.unwrap().form, form(5, 4, "Yes."));
    assert_eq!(page.breakdown.unwrap().stars, [0, 0, 0, 0, 1]);
    keep::remove(&shop.db, ada.id, &bell.slug).await.unwrap();
    keep::remove(&shop.db, ada.id, &bell.slug).await.unwrap();
    assert_eq!(seen(&shop, &bell, None).await.breakdown, None);
    numbers_are_right(&shop, &bell).await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_where_it_was_typed() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let ada = buyer(&shop, "Ada", &bell).await;
    let long = "é".repeat(4001);
    for (given, wrong) in [
        (form(0, 5, ""), "story"),
        (form(5, 6, ""), "performance"),
        (form(5, 5, &long), "text"),
        (form(5, 5, "a\u{0}b"), "text"),
    ] {
        let refused = keep::rate(&shop.db, &unlimited(&shop), ada.id, &bell.slug, &given).await;
        assert!(matches!(refused, Err(Error::Invalid { field, .. }) if field == wrong), "{wrong}: {refused:?}");
    }
    rate(&shop, &ada, &bell, 5, 5, &"é".repeat(4000)).await.unwrap();
}

#[tokio::test]
async fn a_review_stays_after_a_refund_without_the_mark_of_a_buyer() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let ada = buyer(&shop, "Ada", &bell).await;
    rate(&shop, &ada, &bell, 2, 2, "").await.unwrap();
    entitlements::Entity::update_many()
        .col_expr(entitlements::Column::RevokedAt, Expr::value(shop.db.now()))
        .filter(entitlements::Column::UserId.eq(ada.id))
        .exec(shop.db.read())
        .await
        .unwrap();
    let page = seen(&shop, &bell, Some(&ada)).await;
    assert!(!page.reviews[0].owned && !page.viewer.may_rate && page.viewer.own.is_some());
    assert_eq!(page.breakdown.unwrap().all.count, 1);
    assert!(rate(&shop, &ada, &bell, 5, 5, "").await.is_err(), "it can be removed, but not changed");
    keep::remove(&shop.db, ada.id, &bell.slug).await.unwrap();
    assert!(seen(&shop, &bell, None).await.reviews.is_empty());
}

#[tokio::test]
async fn the_numbers_stay_right_when_many_rate_and_remove_at_once() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let mut people = Vec::new();
    for n in 0..8 {
        people.push(buyer(&shop, &format!("Person{n}"), &bell).await);
    }
    let work = people.iter().enumerate().map(|(n, user)| {
        let (db, limits, id, slug) = (shop.db.clone(), unlimited(&shop), user.id, bell.slug.clone());
        tokio::spawn(async move {
            let stars = u8::try_from(n % 5 + 1).unwrap();
            let (one, other) = (form(stars, 5, ""), form(5, stars, ""));
            let (a, b) =
                tokio::join!(keep::rate(&db, &limits, id, &slug, &one), keep::rate(&db, &limits, id, &slug, &other));
            a.unwrap();
            b.unwrap();
            if n % 3 == 0 {
                keep::remove(&db, id, &slug).await.unwrap();
            }
        })
    });
    for done in work.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    assert_eq!(row(&shop, bell.id).await.rating_count, 5);
    numbers_are_right(&shop, &bell).await;
}

#[tokio::test]
async fn who_leaves_takes_their_reviews_and_stars_along() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let (ada, ben) = (buyer(&shop, "Ada", &bell).await, buyer(&shop, "Ben", &bell).await);
    rate(&shop, &ada, &bell, 5, 5, "Mine.").await.unwrap();
    rate(&shop, &ben, &bell, 1, 2, "His.").await.unwrap();
    let his = seen(&shop, &bell, None).await.reviews[0].id;
    let limits = unlimited(&shop);
    report::report(&shop.db, &limits, ada.id, his).await.unwrap();
    let written = reviews_after(&shop.db, ada.id, None, 10).await.unwrap();
    assert_eq!((written.len(), written[0].text.as_str(), written[0].title.as_str()), (1, "Mine.", "The Bell"));
    assert_eq!(reports_after(&shop.db, ada.id, None, 10).await.unwrap().len(), 1);
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    let page = seen(&shop, &bell, None).await;
    assert_eq!((page.reviews.len(), page.reviews[0].by.as_deref()), (1, Some("Ben")));
    assert_eq!(review_reports::Entity::find().count(shop.db.read()).await.unwrap(), 0);
    assert!(rate(&shop, &ada, &bell, 5, 5, "").await.is_err());
    numbers_are_right(&shop, &bell).await;
}

#[tokio::test]
async fn a_reported_review_comes_first_and_counts_no_more_once_it_is_hidden() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    let (ada, ben) = (buyer(&shop, "Ada", &bell).await, buyer(&shop, "Ben", &bell).await);
    rate(&shop, &ada, &bell, 1, 1, "Rude.").await.unwrap();
    rate(&shop, &ben, &bell, 5, 5, "Kind.").await.unwrap();
    let rude = seen(&shop, &bell, None).await.reviews[1].id;
    let limits = unlimited(&shop);
    assert_eq!(report::report(&shop.db, &limits, ada.id, rude).await.unwrap_err().code(), "review.own");
    report::report(&shop.db, &limits, ben.id, rude).await.unwrap();
    report::report(&shop.db, &limits, ben.id, rude).await.unwrap();
    let (first, next) = moderate::list(&shop.db, None, 1).await.unwrap();
    assert_eq!((first[0].review.id, first[0].open_reports), (rude, 1), "whoever reports twice reports once");
    let (rest, end) = moderate::list(&shop.db, next, 1).await.unwrap();
    assert_eq!((rest[0].review.text.as_str(), end), ("Kind.", None));

    assert!(matches!(moderate::hide(&shop.db, rude, " ").await, Err(Error::Invalid { field: "reason", .. })));
    moderate::hide(&shop.db, rude, "Insults the narrator.").await.unwrap();
    moderate::hide(&shop.db, rude, "Insults the narrator.").await.unwrap();
    let page = seen(&shop, &bell, Some(&ada)).await;
    assert_eq!((page.reviews.len(), page.breakdown.unwrap().all.hundredths), (1, 500));
    assert_eq!(page.viewer.own.unwrap().hidden.as_deref(), Some("Insults the narrator."));
    rate(&shop, &ada, &bell, 2, 2, "Rude still.").await.unwrap();
    assert_eq!(seen(&shop, &bell, None).await.reviews.len(), 1, "changing it does not show it again");
    numbers_are_right(&shop, &bell).await;
    moderate::show(&shop.db, rude).await.unwrap();
    assert_eq!(seen(&shop, &bell, None).await.breakdown.unwrap().all.count, 2);
    numbers_are_right(&shop, &bell).await;
    let lines = trail::events(&shop.db, &Filter::default(), None, 10).await.unwrap();
    let about = lines.iter().filter(|line| line.subject == Some(rude.to_string()));
    let actions: Vec<_> = about.map(|line| line.action.as_str()).collect();
    use Action::{ReviewHidden, ReviewReported, ReviewShown, ReviewWritten};
    let told = [ReviewShown, ReviewWritten, ReviewHidden, ReviewHidden, ReviewReported, ReviewWritten];
    assert_eq!(actions, told.map(Action::name));
}

#[tokio::test]
async fn reviews_are_read_page_by_page_newest_first() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 100).await;
    for n in 0..=PAGE_SIZE {
        let user = buyer(&shop, &format!("Person{n}"), &bell).await;
        rate(&shop, &user, &bell, 4, 4, &n.to_string()).await.unwrap();
    }
    let first = seen(&shop, &bell, None).await;
    assert_eq!((first.reviews.len() as u64, first.reviews[0].text.as_str()), (PAGE_SIZE, "10"));
    let rest = page::reviews(&shop.db, &bell.slug, None, first.older).await.unwrap();
    assert_eq!((rest.reviews.len(), rest.reviews[0].text.as_str(), rest.older), (1, "0", None));
}

#[tokio::test]
async fn the_best_rated_come_first_and_four_stars_narrow_a_list() {
    let shop = fresh().await;
    let titles = [
        for_sale(&shop, "Unrated", 100).await,
        for_sale(&shop, "One friend", 100).await,
        for_sale(&shop, "Liked by many", 100).await,
        for_sale(&shop, "Disliked", 100).await,
    ];
    let mut people = Vec::new();
    for n in 0..9 {
        let user = shopper(&shop, &format!("Person{n}")).await;
        for title in &titles {
            give(&shop, &user, title.id).await;
        }
        people.push(user);
    }
    rate(&shop, &people[0], &titles[1], 5, 5, "").await.unwrap();
    for user in &people {
        rate(&shop, user, &titles[2], 5, 4, "").await.unwrap();
    }
    rate(&shop, &people[0], &titles[3], 1, 2, "").await.unwrap();
    let slugs = async |filters: Filters| {
        let wanted = Browse { sort: Sort::BestRated, filters, ..Browse::default() };
        let page = browse::browse(&shop.db, &wanted).await.unwrap();
        page.items.into_iter().map(|card| card.slug).collect::<Vec<_>>()
    };
    assert_eq!(slugs(Filters::default()).await, ["liked-by-many", "one-friend", "disliked", "unrated"]);
    let four_stars = Filters { four_stars: true, ..Filters::default() };
    assert_eq!(slugs(four_stars).await, ["liked-by-many", "one-friend"]);
}
