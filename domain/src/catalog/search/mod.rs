//! How titles are found, picked out and put in order. What a search costs depends on what it finds and not on the size of
//! the shop: each look goes by an index, and a page ends after a thousand titles.

mod correct;
mod counts;
mod find;
mod many;
mod matching;
mod narrow;
mod order;
mod page;
pub mod postings;
mod spread;
mod stretch;
mod vocabulary;

pub(crate) use counts::bounded;
pub(super) use find::{Correction, find};
pub(super) use narrow::{MOST, for_sale, published};
pub(crate) use narrow::{checked, with_words};
pub(super) use order::running;
pub(crate) use page::after;
pub(super) use page::{among, beginning};
pub(super) use stretch::{Stretch, Titles};
