//! The shop's list of categories: how admins keep it, and what the writers need of it.

mod facts;
mod keep;
mod merge;
mod starters;

pub use facts::{CategoryFacts, category_facts};
pub(crate) use keep::count;
pub use keep::{create, delete, get, list, moved_to, save, shift};
pub use merge::merge;
pub use starters::add_starters;
