//! Routes and what stands in front of them.

#[cfg(test)]
mod access_matrix;
pub mod api;
mod artwork;
mod assets;
mod audit;
mod bank;
mod broken;
mod caching;
mod client_info;
mod composed;
mod covers;
mod csv;
mod data_export;
pub(crate) mod date;
mod delivery;
mod error;
mod error_status;
mod figures;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod gifts;
mod google;
mod health;
mod invoices;
#[cfg(test)]
mod legal;
mod listen;
mod logged;
mod mail;
mod manifest;
mod media;
mod moved;
mod payments;
mod plain_page;
mod refusals;
mod rendering;
mod revalidated;
mod router;
mod security;
mod sessions;
#[cfg(test)]
mod statements;
mod syndication;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;
mod tus;

pub use client_info::Proxies;
pub use delivery::Delivery;
pub use error::HttpError;
pub use health::Amiss;
pub use router::router;
