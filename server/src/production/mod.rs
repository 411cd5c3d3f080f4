//! The worker: takes production jobs, does their steps with this machine's engines, and says how it goes.

mod book;
pub mod copy;
pub mod describe;
mod ears;
pub mod engine;
pub mod headings;
mod hearing;
mod names;
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
mod together;
mod tongue;
pub mod transcribe;
pub mod trial;
pub mod worker;
pub mod writer;

pub use step::Workshop;
pub use worker::{Worker, WorkerSettings};
