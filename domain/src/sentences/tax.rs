//! About tax and invoices.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("invoice.made", "The invoice of this order is made already, and stays as it is."),
    ("invoice.no-name", "Write whom the invoice is for."),
    (
        "invoice.no-seller",
        "The shop has not said yet who sells, so it can make out no invoice. Try again later, or write to the shop.",
    ),
    ("invoice.not-paid", "This order was not paid, so there is no invoice."),
    ("tax.no-country", "Choose a country from the list."),
    ("tax.no-name", "Write what the tax is called, such as VAT, in at most {most} characters."),
    ("tax.no-rate", "Write the rate in percent, such as 19 or 9.975, from 0 to 100."),
];
