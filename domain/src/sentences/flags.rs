//! About what is switched on in the shop.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] =
    &[("flag.no-percent", "Write a whole number from 0 to 100."), ("flag.no-rule", "Choose for whom it is on.")];
