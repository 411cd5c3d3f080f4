//! The mail about what somebody wishes for.

use super::MailRenderer;
use super::layout::Piece;
use super::renderer::words;
use domain::account::Language;
use domain::account::email::mail::SaleTitle;
use domain::settings::ShopSettings;

/// The subject of the mail, and what it says.
pub(super) fn words_of(
    renderer: &MailRenderer,
    shop: &ShopSettings,
    titles: &[SaleTitle],
    language: Language,
) -> (&'static str, Vec<Piece>) {
    let mut pieces = vec![words(&format!("From your wishlist at {}, for less now:", shop.name))];
    for SaleTitle { title, price, .. } in titles {
        let until = price.until.map(|until| format!(", until {}", language.date(until))).unwrap_or_default();
        pieces.push(words(&format!("{title}: {} instead of {}{until}", price.now, price.list)));
    }
    match titles {
        [only] => pieces.push(renderer.button("Look at the title", &format!("/books/{}", only.slug))),
        _ => pieces.push(renderer.button("Look at your wishlist", "/wishlist")),
    }
    pieces.push(words(
        "You get this mail once for each sale. On the page of your wishlist you can say that you want none.",
    ));
    ("Something you wish for is on sale", pieces)
}
