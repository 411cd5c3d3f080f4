//! About what people wish for.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[("wishlist.full", "A wishlist holds {most} titles. Take some out first.")];
