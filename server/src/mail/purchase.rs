//! What the mails about an order say.

use super::MailRenderer;
use super::layout::Piece;
use super::renderer::words;
use domain::account::Language;
use domain::account::email::mail::{Purchase, PurchaseLine};
use domain::settings::ShopSettings;

/// The subject of a mail about an order, and what it says.
pub(super) fn words_of(
    renderer: &MailRenderer,
    shop: &ShopSettings,
    purchase: &Purchase,
    language: Language,
) -> (&'static str, Vec<Piece>) {
    let name = &shop.name;
    match purchase {
        Purchase::Receipt { number, lines, coupon, total, at } => {
            let thanks = format!("Thank you. Your order {number} at {name} was paid on {}.", language.date(*at));
            let mut pieces = vec![words(&thanks)];
            pieces.extend(titles(lines));
            if let Some((code, discount)) = coupon {
                pieces.push(words(&format!("Coupon {code}: −{discount}")));
            }
            pieces.push(words(&format!("Total: {total}")));
            pieces.push(renderer.button("Look at the order", &format!("/orders/{number}")));
            ("Your receipt", pieces)
        }
        Purchase::Refund { number, lines, amount } => {
            let back = format!("We have paid back {amount} for your order {number} at {name}.");
            let mut pieces = vec![words(&back)];
            if lines.is_empty() {
                pieces.push(words("The payment came when the order was over, so nothing was bought with it."));
            } else {
                pieces.extend(titles(lines));
                pieces.push(words("What was paid back is no longer in your library."));
            }
            pieces.push(renderer.button("Look at the order", &format!("/orders/{number}")));
            ("Your money is on its way back", pieces)
        }
        Purchase::PaymentFailed { number, total, why } => (
            "Your payment did not go through",
            vec![
                words(&format!("The payment of {total} for your order {number} at {name} did not go through: {why}")),
                words("The order is over, and what was in your cart is still there. You can try again."),
                renderer.button("Go to your cart", "/cart"),
            ],
        ),
    }
}

/// A line for each title.
fn titles(lines: &[PurchaseLine]) -> impl Iterator<Item = Piece> + '_ {
    lines.iter().map(|PurchaseLine { title, price, list }| match list {
        Some(list) => words(&format!("{title}: {price} instead of {list}")),
        None => words(&format!("{title}: {price}")),
    })
}
