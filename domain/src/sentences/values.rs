//! About values that are none: addresses, passwords, card numbers, days, prices. A browser says the same of them by itself.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("card.malformed", "Check the card number: its digits do not add up."),
    ("day.malformed", "Write a day such as 2026-11-20."),
    ("email.malformed", "Write an email address such as name@example.com."),
    (
        "password.common",
        "This password is easy to guess: such ones are tried first. Use several words that do not belong together.",
    ),
    (
        "password.personal",
        "This password is made of your name or address, which is tried first. Use words that are not about you.",
    ),
    (
        "password.shop-name",
        "This password is made of the shop's name, which is tried first. Use words that are not about the shop.",
    ),
    ("password.too-long", "Choose a password of at most 128 characters."),
    ("password.too-short", "Choose a password of at least 12 characters."),
    ("price.malformed", "Write the price as a number such as {example}."),
];
