//! What the edges of the shop refuse by themselves: pages, the API, the way in.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("login.mismatch", "That address and password do not match. Check both and try again."),
    ("login.too-late", "That took too long. Please log in again."),
];
