//! What the home page lets anyone hear.

use crate::database::{self, Shop};
use crate::fixtures::{Title, sample, say};
use domain::catalog::{TextRights, browse};

/// Gives a title a sample of ten seconds in which something is said.
async fn speaking(shop: &Shop, title: Title) -> Title {
    say(shop, title.id, 0, 0, 5000, "Once there was a bell.").await;
    sample(shop, title.id, &format!("samples/{}", title.slug), 0, 10_000).await;
    title
}

async fn heard(shop: &Shop) -> Option<String> {
    browse::home(&shop.db).await.unwrap().showcase.map(|showcase| showcase.summary.slug)
}

#[tokio::test]
async fn the_home_page_plays_the_newest_title_that_is_put_forward_and_speaks() {
    let shop = database::fresh().await;
    assert_eq!(heard(&shop).await, None, "an empty shop says nothing");
    speaking(&shop, shop.title("Old").featured().days_old(9).published().await).await;
    speaking(&shop, shop.title("Newer").featured().days_old(5).published().await).await;
    speaking(&shop, shop.title("Newest").days_old(1).published().await).await;
    assert_eq!(heard(&shop).await.as_deref(), Some("newer"));
    let showcase = browse::home(&shop.db).await.unwrap().showcase.unwrap();
    assert_eq!(showcase.sample.segments[0].text, "Once there was a bell.");
}

#[tokio::test]
async fn where_nothing_that_is_put_forward_speaks_the_newest_title_is_heard() {
    let shop = database::fresh().await;
    shop.title("Silent").featured().days_old(1).published().await;
    speaking(&shop, shop.title("Old").days_old(9).published().await).await;
    speaking(&shop, shop.title("New").days_old(2).published().await).await;
    assert_eq!(heard(&shop).await.as_deref(), Some("new"));
}

#[tokio::test]
async fn drafts_and_samples_without_words_to_read_are_not_heard_on_the_home_page() {
    let shop = database::fresh().await;
    speaking(&shop, shop.title("Draft").featured().draft().await).await;
    speaking(&shop, shop.title("Kept inside").featured().text_rights(TextRights::None).published().await).await;
    let wordless = shop.title("Wordless").featured().published().await;
    sample(&shop, wordless.id, "samples/wordless", 0, 10_000).await;
    let elsewhere = shop.title("Said elsewhere").featured().published().await;
    say(&shop, elsewhere.id, 0, 20_000, 25_000, "Long after.").await;
    sample(&shop, elsewhere.id, "samples/elsewhere", 0, 10_000).await;
    assert_eq!(heard(&shop).await, None);
}
