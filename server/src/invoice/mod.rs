//! Invoices and receipts as documents that can be filed: PDF, with text that can be searched and read aloud.

mod face;
mod file;
#[cfg(test)]
pub mod reading;
mod receipt;
mod sheet;
#[cfg(test)]
mod tests;

use domain::Money;
use domain::invoices::Invoice;
use domain::ordering::{Order, OrderLine};
pub use receipt::receipt;
use sheet::{PLAIN, STRONG, Sheets};

/// Parts of the width: the title, then what it costs.
const COLUMNS: [f32; 4] = [0.46, 0.16, 0.22, 0.16];
const COLUMNS_WITHOUT_TAX: [f32; 2] = [0.75, 0.25];

/// An invoice as a PDF document.
///
/// # Errors
/// When the document cannot be made, which is a fault of ours.
pub fn document(invoice: &Invoice) -> anyhow::Result<Vec<u8>> {
    let Invoice { number, issued_at, seller, billing, order } = invoice;
    let mut sheets = Sheets::new();
    sheets.heading(1, &format!("Invoice {number}"));
    sheets.skip(6.0);
    sheets.paragraph("From", STRONG);
    sheets.paragraph(&seller.lines().join("\n"), PLAIN);
    sheets.skip(8.0);
    sheets.paragraph("To", STRONG);
    sheets.paragraph(&billing.lines().join("\n"), PLAIN);
    sheets.skip(8.0);
    sheets.paragraph(&format!("Date of the invoice: {}", issued_at.date()), PLAIN);
    sheets.paragraph(&format!("Order: {}", order.number), PLAIN);
    if let Some(at) = order.paid_at {
        sheets.paragraph(&format!("Paid and delivered on: {}", at.date()), PLAIN);
    }
    if let Some(country) = order.country {
        sheets.paragraph(&format!("Country of the buyer: {country}"), PLAIN);
    }
    sheets.skip(12.0);
    bill(&mut sheets, order);
    sheets.document(&format!("Invoice {number}"), &seller.name)
}

/// The titles with what they came to, and what was paid back since.
fn bill(sheets: &mut Sheets, order: &Order) {
    let taxes = order.taxes();
    let taxed = !taxes.is_empty();
    let lines: Vec<_> = order.lines.iter().map(|line| cells(line.title.clone(), line, taxed, "")).collect();
    table(sheets, taxed, "Title", &lines);
    let mut sums = Vec::new();
    for bundle in order.bundles() {
        sums.push((format!("Together as “{}”, taken off in these prices", bundle.name), amount(bundle.off), PLAIN));
    }
    if let Some(coupon) = &order.coupon {
        sums.push((format!("Coupon {coupon}, taken off in these prices"), amount(order.discount), PLAIN));
    }
    if taxed {
        let net = Money::new(order.total.minor - order.tax.minor, order.total.currency);
        sums.push(("Net".to_owned(), amount(net), PLAIN));
        sums.extend(taxes.iter().map(|tax| (tax.words(), amount(tax.amount), PLAIN)));
    }
    sums.push(("Total".to_owned(), amount(order.total), STRONG));
    sheets.sums(&sums);
    let back: Vec<_> = order.paid_back().iter().map(|line| cells(line.paid_back_words(), line, taxed, "-")).collect();
    if back.is_empty() {
        return;
    }
    sheets.skip(14.0);
    sheets.heading(2, "Paid back");
    table(sheets, taxed, "Title", &back);
    let total = format!("-{}", amount(order.refunded));
    sheets.sums(&[("Paid back in all".to_owned(), total, STRONG)]);
}

fn table(sheets: &mut Sheets, taxed: bool, first: &str, rows: &[Vec<String>]) {
    if taxed {
        sheets.table(&COLUMNS, &[first, "Net", "Tax", "Gross"].map(str::to_owned), rows);
    } else {
        sheets.table(&COLUMNS_WITHOUT_TAX, &[first, "Price"].map(str::to_owned), rows);
    }
}

/// What a line costs: net, tax and gross, or its price where there is no tax.
fn cells(title: String, line: &OrderLine, taxed: bool, sign: &str) -> Vec<String> {
    let gross = format!("{sign}{}", amount(line.price));
    if !taxed {
        return vec![title, gross];
    }
    let tax = match &line.tax {
        Some(tax) => format!("{} {}: {sign}{}", tax.name, tax.rate, amount(tax.amount)),
        None => "none".to_owned(),
    };
    vec![title, format!("{sign}{}", amount(line.net())), tax, gross]
}

/// With the code of the currency, which no face lacks letters for.
fn amount(money: Money) -> String {
    format!("{} {}", money.currency, money.decimal())
}
