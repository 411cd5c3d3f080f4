//! What a process counts for who watches the shop.

use crate::database::fresh;
use domain::audit::{self, Action, Entry};
use domain::db::counts;
use domain::{Error, Result};

#[tokio::test]
async fn only_what_is_kept_is_counted() {
    let shop = fresh().await;
    let what = (counts::ACTION, Action::LoginFailed.name());
    let kept = shop.transaction(async |tx| audit::record(&tx, Entry::new(Action::LoginFailed)).await).await;
    kept.unwrap();
    let lost: Result<()> = shop
        .transaction(async |tx| {
            audit::record(&tx, Entry::new(Action::LoginFailed)).await?;
            Err(Error::Forbidden)
        })
        .await;
    assert!(lost.is_err());
    assert_eq!(shop.counts().get(&what), Some(&1));
    audit::record(&shop.db, Entry::new(Action::LoginFailed)).await.unwrap();
    assert_eq!(shop.counts().get(&what), Some(&2), "by itself as well");
}
