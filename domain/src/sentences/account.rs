//! About accounts.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[];
