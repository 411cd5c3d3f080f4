//! Authors and narrators, as admins look after them.

mod keep;
mod merge;

pub use keep::{get, id_of, list, moved_to, save, slug_of, walk};
pub use merge::merge;
