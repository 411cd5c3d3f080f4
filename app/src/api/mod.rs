//! Server functions, one file for each noun: extract, authorise, call the domain, map. Every one is a public endpoint
//! and authorises itself.

pub mod account;
pub mod admin;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod categories;
pub mod contributors;
pub mod figures;
pub mod gifts;
pub mod google;
pub mod invoices;
pub mod jobs;
pub mod legal;
pub mod library;
pub mod machine_tokens;
pub mod office;
pub mod orders;
pub mod pictures;
pub mod prices;
pub mod production;
pub mod profile;
pub mod rates;
pub mod reauthentication;
pub mod recovery;
pub mod review;
pub mod reviews;
pub mod series;
pub mod settings;
pub mod setup;
pub mod taxes;
pub mod titles;
pub mod two_factor;
pub mod uploads;
pub mod users;
pub mod wishlist;
