//! About programs elsewhere that are told what happens.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    (
        "webhook.address-malformed",
        "Write an address such as https://app.example/hooks, without a name and password in it.",
    ),
    ("webhook.not-https", "Messages go by https alone: write an address that begins with https://."),
    ("webhook.private", "This address is the shop's own machine. Write one that can be reached from elsewhere."),
    ("webhook.no-event", "Choose at least one thing that it is told of."),
    ("webhook.too-many", "There are as many addresses as there can be. Remove one that is not needed."),
    ("webhook.changed-since", "Somebody has changed this address since. Read it again, and change that."),
    ("webhook.off", "This address is switched off, so that nothing is sent to it. Switch it on first."),
];
