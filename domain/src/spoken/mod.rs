//! What was said in titles, found by its words: inflected ones too, and phrases.
//!
//! Some minutes of a title are a passage, and a row in the database's own full-text index: its words by their stems, and
//! pairs of those that stand beside each other. The index leads to passages; what is shown is read anew from the text that
//! is approved, and looked through sentence by sentence, so that nothing is shown that was corrected, dropped or taken away.

#[cfg(feature = "ssr")]
pub mod catch_up;
#[cfg(feature = "ssr")]
pub mod find;
#[cfg(feature = "ssr")]
pub mod index;
#[cfg(feature = "ssr")]
mod lookup;
#[cfg(feature = "ssr")]
mod rows;
#[cfg(feature = "ssr")]
mod sought;
#[cfg(feature = "ssr")]
mod stems;
#[cfg(feature = "ssr")]
mod terms;
#[cfg(feature = "ssr")]
pub mod typed;
#[cfg(feature = "ssr")]
mod units;

use serde::{Deserialize, Serialize};

/// A part of a sentence, and whether it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    pub found: bool,
}

/// A sentence in which everything stands that was looked for. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    pub start_ms: i64,
    pub end_ms: i64,
    /// One after the other they are the sentence.
    pub pieces: Vec<Piece>,
}

impl Spot {
    /// The sentence.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}
