//! Changes to many titles: begun with a list of them that stays as it was then, done one title at a time, and seen.
//!
//! Each title is one transaction with its line of the audit trail and what became of it, so that a run which is cut off goes
//! on with the next one, and done again changes nothing twice.

mod job;
mod run;
mod start;
mod view;

pub use job::ChangeMany;
pub use run::run;
pub use start::{Selection, start};
pub use view::view;
