//! Title by title: what was sold, and what was only looked at.

use crate::database::{Shop, fresh};
use crate::figures_speed::insert;
use crate::fixtures::{DAY, bank, buy, for_sale, shopper};
use domain::entities::title_takings;
use domain::figures::tally::{self, Did};
use domain::insight::report::{Range, TitleLine, TitleOrder, read};
use domain::{Currency, Day};

async fn titles(shop: &Shop, preset: &str, order: TitleOrder) -> Vec<TitleLine> {
    let range = Range::read(preset, "", "", Day::of(shop.db.now()));
    read::report(&shop.db, range, Currency::USD, None, order).await.unwrap().titles
}

fn names(lines: &[TitleLine]) -> Vec<&str> {
    lines.iter().map(|line| line.title.as_str()).collect()
}

fn look(shop: &Shop, slug: &str, times: usize) {
    for _ in 0..times {
        tally::did(&shop.db, slug, Did::View);
    }
}

#[tokio::test]
async fn a_title_that_was_looked_at_and_not_sold_stands_behind_those_that_were() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let (fox, _unseen) = (for_sale(&shop, "The Fox", 500).await, for_sale(&shop, "The Sea", 500).await);
    buy(&shop, &payments, &ada, &[&bell]).await;
    look(&shop, &owl.slug, 2);
    look(&shop, &fox.slug, 5);
    look(&shop, &bell.slug, 3);
    for order in [TitleOrder::Revenue, TitleOrder::Sold] {
        let lines = titles(&shop, "7", order).await;
        assert_eq!(names(&lines), ["The Bell", "The Fox", "The Owl"], "{order:?}");
        let fox = &lines[1];
        assert_eq!((fox.slug.as_str(), fox.sold, fox.revenue.minor, fox.interest.views), ("the-fox", 0, 0, 5));
        assert_eq!((lines[0].sold, lines[0].interest.views), (1, 3), "looks do not add to what was sold");
    }
    assert_eq!(names(&titles(&shop, "7", TitleOrder::Views).await), ["The Fox", "The Bell", "The Owl"]);
    let range = Range::read("7", "", "", Day::of(shop.db.now()));
    let all = read::all_titles(&shop.db, range, Currency::USD, 100).await.unwrap();
    assert_eq!(names(&all), ["The Bell", "The Fox", "The Owl"], "the file has them, too");
    shop.clock.advance(30 * DAY);
    assert_eq!(titles(&shop, "7", TitleOrder::Views).await, []);
    assert_eq!(titles(&shop, "12m", TitleOrder::Revenue).await.len(), 3, "months hold them as well");
}

#[tokio::test]
async fn where_more_titles_sold_than_are_shown_those_only_looked_at_are_found_by_their_views() {
    let shop = fresh().await;
    let (today, mut sold) = (Day::of(shop.db.now()), Vec::new());
    for number in 0..=read::TITLES {
        let title = for_sale(&shop, &format!("Book {number}"), 100).await;
        sold.push(title_takings::Model {
            span: 0,
            since: today.0,
            currency: "USD".to_owned(),
            audiobook_id: title.id,
            sold: 1,
            revenue_minor: 100,
            returned: 0,
            returned_minor: 0,
        });
    }
    insert(shop.db.read(), sold).await;
    let fox = for_sale(&shop, "The Fox", 500).await;
    look(&shop, &fox.slug, 1);
    let by_revenue = titles(&shop, "7", TitleOrder::Revenue).await;
    assert_eq!(by_revenue.len() as u64, read::TITLES);
    assert!(by_revenue.iter().all(|line| line.sold == 1));
    let by_views = titles(&shop, "7", TitleOrder::Views).await;
    assert_eq!((by_views.len() as u64, by_views[0].title.as_str()), (read::TITLES, "The Fox"));
    assert!(by_views[1..].iter().all(|line| (line.sold, line.revenue.minor) == (1, 100)));
}
