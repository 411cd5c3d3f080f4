//! What people see: pages, components and thin server functions. No SQL, no files, no configuration.

#![recursion_limit = "256"]

pub mod admin;
pub mod api;
mod awaken;
mod bundles;
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
#[cfg(feature = "ssr")]
pub mod legal;
pub mod pages;
pub mod paths;
pub mod player;
mod shell;
#[cfg(feature = "ssr")]
mod typed;

pub use awaken::SiteFiles;
pub use error::AppError;
pub use shell::{App, shell};
