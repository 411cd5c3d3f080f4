//! Routes and what stands in front of them.

mod covers;
mod error;
mod health;
mod listen;
mod media;
mod router;
mod security;
mod sessions;
#[cfg(test)]
mod testing;
mod tus;

pub use error::HttpError;
pub use router::router;
