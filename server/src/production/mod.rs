//! The worker: takes production jobs, does their steps with this machine's engines, and says how it goes.

mod describe;
pub mod engine;
pub mod pool;
mod prepare;
mod probe;
mod sample;
mod step;
#[cfg(test)]
mod tests;
mod transcribe;
pub mod worker;
pub mod writer;

pub use worker::{Worker, WorkerSettings};
