//! About the shop itself.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("settings.country-unknown", "Choose a country from the list, or none."),
    ("settings.currency-unknown", "Choose a currency from the list."),
    (
        "settings.legal-too-long",
        "Write at most {most} characters. There are {count}; nothing was saved, and all is still here.",
    ),
    ("settings.no-name", "Give the shop a name of letters and digits, without any of < > \" \\ : @ in it."),
    ("settings.no-seller", "Write who sells: the name of the person or company."),
    ("settings.no-seller-address", "Write the postal address of the seller, in at most {most} characters."),
    (
        "settings.priced-in-another",
        "Titles with a price in another currency: {count}. Take those on sale back to draft and empty the price of each, then change the currency and set new prices.",
    ),
    (
        "settings.sold-in-another",
        "Something was sold in another currency already, and its receipts and the books count in it. Keep the currency; to sell in another one, open a shop of its own.",
    ),
];
