//! Routes and what stands in front of them.

pub mod api;
mod assets;
mod audit;
mod client_info;
mod covers;
mod error;
#[cfg(test)]
mod fuzz;
mod google;
mod health;
mod listen;
mod mail;
mod media;
mod refusal;
mod router;
mod security;
mod sessions;
mod takeout;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;
mod tus;
#[cfg(test)]
mod walk;

pub use client_info::Proxies;
pub use error::HttpError;
pub use router::router;
