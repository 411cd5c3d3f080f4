//! Who reads the numbers at the shop's own address.

use crate::http::testing::Shop;
use crate::{AppState, Config};
use tempfile::TempDir;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn whoever_has_the_token_reads_the_numbers_at_the_shops_own_address_and_nobody_else() {
    let shop = Shop::open_whole(|config| config.metrics.token = TOKEN.to_owned()).await;
    let ask = async |header: &str| shop.get("", "/metrics", &[("authorization", header)]).await;
    let told = ask(&format!("Bearer {TOKEN}")).await;
    assert_eq!(told.status, 200);
    assert!(told.header("content-type").starts_with("application/openmetrics-text"));
    assert!(told.header("cache-control").contains("no-store"));
    assert!(told.text().contains("lectern_sampled 1"));
    for wrong in ["", "Bearer", "Bearer ", TOKEN, "Basic 0123456789abcdef0123456789abcdef", "Bearer 0123456789abcdef"] {
        let refused = ask(wrong).await;
        assert_eq!((refused.status.as_u16(), refused.header("www-authenticate")), (401, "Bearer"), "{wrong:?}");
        assert!(!refused.text().contains("lectern_"), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_shop_does_not_open_with_a_token_that_somebody_might_guess() {
    let folder = TempDir::new().unwrap();
    let mut config = Config::load(None).unwrap();
    config.data_dir = folder.path().to_path_buf();
    config.metrics.token = "prometheus".to_owned();
    let refusal = AppState::connect(config).await.unwrap_err().to_string();
    assert!(refusal.contains("metrics.token"), "{refusal}");
}
