//! What the mails say that those who look after orders get when a buyer's bank wants money back.

use super::MailRenderer;
use super::layout::Piece;
use super::renderer::words;
use domain::Money;
use domain::account::email::mail::DisputeNews;

/// The subject of such a mail, and what it says.
pub(super) fn words_of(
    renderer: &MailRenderer,
    shop: &str,
    number: &str,
    amount: Money,
    news: DisputeNews,
) -> (&'static str, Vec<Piece>) {
    let (subject, said, more) = match news {
        DisputeNews::Opened => (
            "A buyer’s bank wants money back",
            format!("A buyer’s bank wants {amount} back that was paid to {shop} for the order {number}."),
            "Answer it on the pages of the payment provider, which say until when that is possible. The buyer keeps what \
             was bought until the bank has decided.",
        ),
        DisputeNews::Won => (
            "The bank has decided for the shop",
            format!(
                "The bank that wanted {amount} back for the order {number} at {shop} has decided: the money stays."
            ),
            "There is nothing to do.",
        ),
        DisputeNews::Lost => (
            "The bank has decided for the buyer",
            format!(
                "The bank that wanted {amount} back for the order {number} at {shop} has decided: the money is gone."
            ),
            "It stands in the books as paid back, and what was paid back whole has left the library. There is nothing to do.",
        ),
    };
    let order = renderer.button("Look at the order", &format!("/admin/orders/{number}"));
    (subject, vec![words(&said), words(more), order])
}
