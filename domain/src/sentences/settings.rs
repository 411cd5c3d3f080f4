//! About the shop itself.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("settings.country-unknown", "Choose a country from the list, or none."),
    ("settings.currency-unknown", "Choose a currency from the list."),
    ("settings.no-name", "Give the shop a name of letters and digits, without any of < > \" \\ : @ in it."),
    (
        "settings.priced-in-another",
        "Titles with a price in another currency: {count}. Take those on sale back to draft and empty the price of each, then change the currency and set new prices.",
    ),
    (
        "settings.sold-in-another",
        "Something was sold in another currency already, and its receipts and the books count in it. Keep the currency; to sell in another one, open a shop of its own.",
    ),
];
