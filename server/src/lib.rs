//! The shop's server: configuration, routes, adapters, workers, commands. Only this crate knows the network, files and
//! processes.

#![recursion_limit = "512"]

pub mod artwork;
pub mod backup;
pub mod commands;
pub mod config;
pub mod decoding;
pub mod doctor;
#[cfg(test)]
mod documents;
pub mod google;
pub mod http;
mod invoice;
pub mod jobs;
pub mod mail;
pub mod maintenance;
mod markup;
pub mod metrics;
pub mod models;
mod private;
pub mod production;
pub mod providers;
mod rates;
pub mod redis_server;
pub mod seed;
pub mod serving;
pub mod state;
pub mod storage;
pub mod stripe;
mod tally;
pub mod telemetry;
pub mod tokens;
pub mod uploads;
pub mod vault;
mod webhooks;

pub use config::Config;
pub use state::AppState;
