//! Work in the background: one runner for every kind of job, and the list of who does what.

mod completion;
mod error;
#[cfg(test)]
mod logged;
mod registry;
mod runner;
#[cfg(test)]
mod speed;
mod supervise;
#[cfg(test)]
mod tests;

pub use error::JobError;
pub(crate) use error::sentence;
pub use registry::{Handlers, Registry, of_shop, of_worker};
pub use runner::{Rooms, Runner};
pub use supervise::supervise;

use crate::AppState;
use crate::production::worker;
use domain::job_kinds;

/// The runner of this process.
pub fn runner(state: &AppState, handlers: Handlers, rooms: Rooms) -> Runner {
    let lease_ms = state.config.worker.lease_seconds.max(5) * 1000;
    Runner::new(worker::process_name(), state.db.clone(), job_kinds::all(), handlers, rooms, lease_ms)
}
