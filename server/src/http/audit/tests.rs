//! The audit trail, downloaded.

use super::LINES_AT_ONCE;
use crate::http::testing::Shop;
use domain::Actor;
use domain::account::{Permission, user_admin};
use domain::audit::{self, Action, Entry};

#[tokio::test]
async fn the_trail_is_for_admins_who_may_know_about_people() {
    let shop = Shop::open().await;
    let (admin, cookie) = shop.admin_and_cookie().await;
    let (shopper, shopper_cookie) = shop.shopper().await;
    assert_eq!(shop.get("", "/admin/audit.csv", &[]).await.status, 401);
    assert_eq!(shop.get(&shopper_cookie, "/admin/audit.csv", &[]).await.status, 403);
    let some = [Permission::Catalogue].into_iter().collect();
    user_admin::set_permissions(&shop.db, admin.id, shopper.id, some).await.unwrap();
    let cookie_of_a_writer = shop.log_in(&shopper).await;
    assert_eq!(shop.get(&cookie_of_a_writer, "/admin/audit.csv", &[]).await.status, 403);
    assert_eq!(shop.get(&cookie, "/admin/audit.csv?from=yesterday", &[]).await.status, 422);

    let answer = shop.get(&cookie, "/admin/audit.csv?action=people.rights-changed", &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-disposition").split(';').next(), Some("attachment"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let lines: Vec<_> = answer.text().split("\r\n").collect();
    assert_eq!(lines.len(), 3, "headings, one line, and the end: {lines:?}");
    assert!(lines[1].contains("\"people.rights-changed\""), "{lines:?}");
    let whole = shop.get(&cookie, "/admin/audit.csv", &[]).await;
    assert!(whole.text().lines().nth(1).unwrap().contains("\"audit.downloaded\""), "the download is in the trail");
}

#[tokio::test]
async fn a_long_trail_comes_whole_and_each_line_once() {
    let shop = Shop::open().await;
    let (_, cookie) = shop.admin_and_cookie().await;
    let db = shop.db.acting(Actor::visitor(None, Some("=cmd()")));
    let lines = usize::try_from(2 * LINES_AT_ONCE + 1).unwrap();
    let written: domain::Result<()> = db
        .transaction(async |tx| {
            for n in 0..lines {
                audit::record(&tx, Entry::new(Action::LoginFailed).on("account", n)).await?;
            }
            Ok(())
        })
        .await;
    written.unwrap();
    let answer = shop.get(&cookie, "/admin/audit.csv?action=account.login-failed", &[]).await;
    assert_eq!(answer.text().lines().count(), lines + 1);
    for n in 0..lines {
        assert_eq!(answer.text().matches(&format!("\"account\",\"{n}\"")).count(), 1, "line {n}");
    }
    assert!(answer.text().contains("\"'=cmd()\""));
}
