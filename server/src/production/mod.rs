//! The worker: takes production jobs, does their steps with this machine's engines, and says how it goes.

pub mod copy;
pub mod describe;
mod ears;
pub mod engine;
pub mod headings;
mod hearing;
mod pens;
pub mod pool;
pub mod prepare;
pub mod probe;
mod rests;
pub mod sample;
mod step;
mod sweep;
#[cfg(test)]
mod tests;
pub mod transcribe;
pub mod trial;
pub mod worker;
pub mod writer;

pub use step::Workshop;
pub use worker::{Worker, WorkerSettings};
