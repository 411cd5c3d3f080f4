//! About those who hear and write.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    (
        "provider.address-malformed",
        "Write an address such as https://api.example/v1, without a name, a password or a key in it.",
    ),
    (
        "provider.not-https",
        "Sound and text go by https alone: write an address that begins with https://, or allow private networks by \
         providers.private.",
    ),
    (
        "provider.private",
        "This address is the shop's own machine. Allow it by providers.private, or write one that can be reached from \
         elsewhere.",
    ),
    ("provider.no-purpose", "Choose whether it hears or writes."),
    ("provider.no-name", "Write a name of at most {most} characters, by which you know it."),
    ("provider.no-model", "Write what it calls the model, in at most {most} characters."),
    ("provider.no-key", "A key is one word of plain letters, digits and signs, of at most {most} characters."),
    ("provider.no-number", "Write a whole number from {least} to {most}."),
    ("provider.no-price", "Write an amount such as 0.006, with at most six places."),
    ("provider.no-currency", "Write the code of a currency, such as USD."),
    ("provider.too-many", "There are {most} already. Remove one that is not needed."),
    ("provider.built-in", "Every shop has this one: it can be switched off and moved, and not changed or removed."),
    ("provider.changed-since", "Somebody has changed this since. Read it again, and change that."),
];
