//! What the edges of the shop refuse by themselves: pages, the API, the way in.

use super::Sentence;

pub(super) const ENGLISH: &[Sentence] = &[
    ("cursor.unknown", "This list gave out no such cursor. Begin without one."),
    (
        "cursor.too-deep",
        "The best matches end here. Narrow the list, or ask for it in another order: then it goes on to its end.",
    ),
    ("login.mismatch", "That address and password do not match. Check both and try again."),
    ("login.too-late", "That took too long. Please log in again."),
];
