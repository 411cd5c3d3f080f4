//! What the mails about an order say.

use super::MailRenderer;
use super::layout::Piece;
use super::renderer::words;
use domain::account::Language;
use domain::account::email::mail::{GivenBackBy, Purchase, PurchaseLine};
use domain::settings::ShopSettings;
use domain::settings::legal::{LegalPage, Seller};

/// The subject of a mail about an order, and what it says.
pub(super) fn words_of(
    renderer: &MailRenderer,
    shop: &ShopSettings,
    seller: &Seller,
    purchase: &Purchase,
    language: Language,
) -> (&'static str, Vec<Piece>) {
    let name = &shop.name;
    match purchase {
        Purchase::Receipt { number, lines, coupon, taxes, total, at, bundles, gift, agreed } => {
            let thanks = format!("Thank you. Your order {number} at {name} was paid on {}.", language.date(*at));
            let mut pieces = vec![words(&thanks)];
            pieces.extend(titles(lines));
            for (bundle, off) in bundles {
                pieces.push(words(&format!("Together as “{bundle}”: −{off}")));
            }
            if let Some((code, discount)) = coupon {
                pieces.push(words(&format!("Coupon {code}: −{discount}")));
            }
            let (on_top, inside): (Vec<_>, Vec<_>) = taxes.iter().partition(|tax| tax.added);
            pieces.extend(on_top.into_iter().map(|tax| words(&format!("{}: {}", tax.words(), tax.amount))));
            pieces.push(words(&format!("Total: {total}")));
            pieces.extend(inside.into_iter().map(|tax| words(&format!("In it, {}: {}", tax.words(), tax.amount))));
            if let Some((recipient, day)) = gift {
                pieces.push(words(&format!(
                    "It is a gift: its mail goes to {recipient} on {}. On the page of the order you see how it stands.",
                    language.date(day.starts_at())
                )));
            }
            pieces.push(renderer.button("Look at the order", &format!("/orders/{number}")));
            pieces.push(renderer.link("This receipt as PDF", &format!("/orders/{number}/receipt.pdf")));
            pieces.push(renderer.link("The invoice of this order", &format!("/orders/{number}/invoice")));
            if let Some((agreed_at, sentence)) = agreed {
                pieces.push(words(&format!("On {} you agreed: “{sentence}”", language.date(*agreed_at))));
                let write_to = match &shop.contact {
                    Some(contact) => format!("Write to {contact}"),
                    None => "Write to us".to_owned(),
                };
                pieces.push(words(&format!(
                    "{write_to} within 14 days if you want to withdraw from a title that you have neither played nor \
                     downloaded. You need to give no reason, and the money comes back."
                )));
                pieces.push(renderer.link("How to withdraw before the first play", LegalPage::Withdrawal.path()));
            }
            pieces.push(renderer.link("The terms of the shop", LegalPage::Terms.path()));
            pieces.extend(sold_by(seller));
            ("Your receipt", pieces)
        }
        Purchase::Refund { number, lines, amount, by, kept, gift } => {
            let (subject, back) = match by {
                GivenBackBy::Shop | GivenBackBy::Provider => (
                    "Your money is on its way back",
                    format!("We have paid back {amount} for your order {number} at {name}."),
                ),
                GivenBackBy::Bank => (
                    "Your bank took money back",
                    format!("Your bank has taken {amount} back that you had paid for your order {number} at {name}."),
                ),
            };
            let mut pieces = vec![words(&back)];
            if lines.is_empty() {
                pieces.push(words("The payment came when the order was over, so nothing was bought with it."));
            } else {
                pieces.extend(titles(lines));
            }
            if lines.len() > kept.len() {
                pieces.push(words(if *gift {
                    "The gift was taken back: it is in nobody’s library, and cannot be accepted any more."
                } else {
                    "What was paid back whole is no longer in your library."
                }));
            }
            if !kept.is_empty() {
                let stays = if *gift { "and still given" } else { "and still yours" };
                pieces.push(words(&format!("Paid back in part, {stays}: {}.", kept.join(", "))));
            }
            pieces.push(renderer.button("Look at the order", &format!("/orders/{number}")));
            if !lines.is_empty() {
                pieces
                    .push(renderer.link("The receipt of this order as PDF", &format!("/orders/{number}/receipt.pdf")));
            }
            (subject, pieces)
        }
        Purchase::PaymentFailed { number, total, why, gift } => {
            let failed = format!("The payment of {total} for your order {number} at {name} did not go through: {why}");
            let mut pieces = vec![words(&failed)];
            if *gift {
                pieces.push(words(
                    "The order is over, and the gift is not sent. You can try again from the page of the order.",
                ));
                pieces.push(renderer.button("Look at the order", &format!("/orders/{number}")));
            } else {
                pieces.push(words("The order is over, and what was in your cart is still there. You can try again."));
                pieces.push(renderer.button("Go to your cart", "/cart"));
            }
            ("Your payment did not go through", pieces)
        }
    }
}

/// Who sold; nothing while the owner has not said so.
fn sold_by(seller: &Seller) -> Option<Piece> {
    let lines = seller.lines();
    (!lines.is_empty()).then(|| Piece::Lines(std::iter::once("Sold by:".to_owned()).chain(lines).collect()))
}

/// A line for each title.
fn titles(lines: &[PurchaseLine]) -> impl Iterator<Item = Piece> + '_ {
    lines.iter().map(|PurchaseLine { title, price, list }| match list {
        Some(list) => words(&format!("{title}: {price} instead of {list}")),
        None => words(&format!("{title}: {price}")),
    })
}
