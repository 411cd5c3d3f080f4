//! The receipt of an order.

use super::bill;
use super::sheet::{PLAIN, STRONG, Sheets};
use domain::invoices::Receipt;

/// A receipt as a PDF document; `shop` is the name of the shop, which stands there while nobody has said who sells.
///
/// # Errors
/// When the document cannot be made, which is a fault of ours.
pub fn receipt(receipt: &Receipt, shop: &str) -> anyhow::Result<Vec<u8>> {
    let Receipt { order, seller } = receipt;
    let title = format!("Receipt {}", order.number);
    let mut sheets = Sheets::new();
    sheets.heading(1, &title);
    sheets.skip(6.0);
    sheets.paragraph("From", STRONG);
    let lines = seller.lines();
    let lines = if lines.is_empty() { vec![shop.to_owned()] } else { lines };
    sheets.paragraph(&lines.join("\n"), PLAIN);
    sheets.skip(8.0);
    sheets.paragraph(&format!("Order: {}", order.number), PLAIN);
    if let Some(at) = order.paid_at {
        sheets.paragraph(&format!("Paid on: {}", at.date()), PLAIN);
    }
    if let Some(last4) = &order.card_last4 {
        sheets.paragraph(&format!("Card ending in {last4}"), PLAIN);
    }
    if let Some(country) = order.country {
        sheets.paragraph(&format!("Country of the buyer: {country}"), PLAIN);
    }
    sheets.skip(12.0);
    bill(&mut sheets, order);
    sheets.document(&title, &lines[0])
}
