//! About what buyers think of titles.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("review.no-reason", "Write why it is hidden: its author reads it."),
    ("review.no-stars", "Choose one to five stars."),
    ("review.not-owned", "Only who has this title can rate it. Buy it first."),
    ("review.not-taken", "Ratings are not taken at the moment. What you wrote before stays, and you can remove it."),
    ("review.own", "This review is your own. You can change or remove it above the others."),
];
