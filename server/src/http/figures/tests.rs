//! What sells: its page and its tables.

use crate::http::testing::Shop;
use domain::Money;
use domain::account::{Permission, user_admin};
use domain::figures::tally;
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::checkout::checkout;
use domain::ordering::{CardNumber, WithdrawalWording};
use domain::testing;

/// A shop that sold one title, whose page was looked at.
async fn open() -> Shop {
    let shop = Shop::open().await;
    let bell = testing::title(&shop.db, "=The Bell").published().await;
    let (buyer, _) = shop.shopper().await;
    cart::add(&shop.db, &CartOwner::User(buyer.id), &bell.slug).await.unwrap();
    let card: CardNumber = CardNumber::ACCEPTED.parse().unwrap();
    let agreed = Some(WithdrawalWording::CURRENT);
    let paid = checkout(&shop.db, &shop.state.payments, buyer.id, 1290, Some(&card), "one", agreed).await.unwrap();
    assert!(paid.paid_at.is_some());
    shop
}

#[tokio::test]
async fn figures_are_for_admins_who_may_see_orders() {
    let shop = open().await;
    let (admin, _) = shop.admin_and_cookie().await;
    let (writer, writer_cookie) = shop.shopper().await;
    for path in ["/admin/figures", "/admin/figures.csv", "/admin/figures/titles.csv", "/api/office/report"] {
        assert_eq!(shop.get("", path, &[]).await.status, 401, "{path}");
        assert_eq!(shop.get(&writer_cookie, path, &[]).await.status, 403, "{path}");
    }
    let some = [Permission::Catalogue].into_iter().collect();
    user_admin::set_permissions(&shop.db, admin.id, writer.id, some).await.unwrap();
    let cookie = shop.log_in(&writer).await;
    for path in ["/admin/figures", "/admin/figures.csv", "/admin/figures/titles.csv", "/api/office/report"] {
        assert_eq!(shop.get(&cookie, path, &[]).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn the_page_has_its_charts_and_their_tables_without_a_script() {
    let shop = open().await;
    let cookie = shop.admin().await;
    shop.get("", "/books/the-bell", &[]).await;
    shop.get("", "/browse?q=gulls", &[]).await;
    for range in ["7", "30", "90", "12m", "own&from=2020-01-01&to=2030-01-01", "nonsense"] {
        let answer = shop.get(&cookie, &format!("/admin/figures?range={range}"), &[]).await;
        assert_eq!(answer.status, 200, "{range}");
        let page = answer.text();
        assert!(page.contains("<svg") && page.contains("<rect") && page.contains("As a table"), "{range}");
        assert!(page.matches("<svg").count() >= 3, "{range}: revenue, orders and new customers");
        for of in
            ["Orders: 1, in", "New customers: 1, in", "Orders in the range before", "New customers, piece by piece"]
        {
            assert!(page.contains(of), "{range}: {of}");
        }
        assert!(page.contains("$12.90") && page.contains("/admin/titles/"), "{range}");
        assert!(page.contains("gulls"), "{range}: what was searched for in vain");
    }
    let price = Money::new(1290, domain::Currency::USD).to_string();
    assert!(shop.get(&cookie, "/admin", &[]).await.text().contains(&price));
}

#[tokio::test]
async fn the_tables_hold_what_the_page_shows_and_no_formula() {
    let shop = open().await;
    let cookie = shop.admin().await;
    tally::did(&shop.db, "the-bell", tally::Did::View);
    let days = shop.get(&cookie, "/admin/figures.csv?range=7", &[]).await;
    assert_eq!((days.status.as_u16(), days.header("cache-control")), (200, "private, no-store"));
    assert!(days.header("content-disposition").contains("figures-by-day.csv"));
    let lines: Vec<_> = days.text().split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].ends_with(",USD,1,1,12.90,0,0.00,1"), "{lines:?}");
    let titles = shop.get(&cookie, "/admin/figures/titles.csv?range=7", &[]).await;
    let lines: Vec<_> = titles.text().split("\r\n").collect();
    assert!(lines[1].contains("\"'=The Bell\",USD,1,12.90,0,0.00,1,0,0,0"), "{lines:?}");
}

#[tokio::test]
async fn whoever_has_the_discoveries_already_is_told_so_in_a_line() {
    let shop = open().await;
    let page = shop.get("", "/discover", &[]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Best-sellers of the week") && page.text().contains("/register"));
    assert_eq!(shop.get("", "/discover?category=nothing", &[]).await.status, 404);
    let first = shop.get("", "/api/catalog/discover", &[("accept", "application/json")]).await;
    let tag = first.header("etag").to_owned();
    assert!(first.status == 200 && !tag.is_empty());
    let again = shop.get("", "/api/catalog/discover", &[("if-none-match", tag.as_str())]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    testing::title(&shop.db, "The Owl").published().await;
    let changed = shop.get("", "/api/catalog/discover", &[("if-none-match", tag.as_str())]).await;
    assert_eq!(changed.status, 200);
}
