//! Routes and what stands in front of them.

mod covers;
mod error;
mod health;
mod router;
mod security;
mod sessions;

pub use error::HttpError;
pub use router::router;
