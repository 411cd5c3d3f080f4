//! About uploads, jobs and production.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[];
