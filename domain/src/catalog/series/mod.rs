//! Series, as admins look after them.

mod keep;
mod merge;
mod order;

pub use keep::{delete, get, id_of, list, moved_to, save, slug_of, walk};
pub use merge::merge;
pub use order::{MOST_TITLES, number, shift, titles};
