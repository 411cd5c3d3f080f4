//! About carts and orders.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[];
