//! Routes and what stands in front of them.

pub mod api;
mod assets;
mod covers;
mod error;
mod health;
mod listen;
mod mail;
mod media;
mod refusal;
mod router;
mod security;
mod sessions;
#[cfg(test)]
mod testing;
mod tus;
#[cfg(test)]
mod walk;

pub use error::HttpError;
pub use router::router;
