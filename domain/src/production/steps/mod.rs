//! The way of a title from audio to product page: which step it is at, and what follows from that.
//!
//! Every change of a step and the job that it asks for are one transaction, fenced by the worker's claim.

pub(in crate::production) mod rows;
mod run;
mod view;

pub use rows::{Outcome, Output, output};
pub(in crate::production) use run::begin_again;
pub use run::{cancel, finish, go_back, hear_again, progress, redo, resume, start_run, wake_blocked};
pub use view::view;
