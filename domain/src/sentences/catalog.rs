//! About titles and what shoppers look for.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[];
