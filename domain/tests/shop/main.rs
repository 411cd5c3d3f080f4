//! What the shop promises, tried on a real database: SQLite, or the one that `LECTERN_TEST_DATABASE` names.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests say what they expect")]

mod account;
mod addresses;
mod audit;
mod cart;
mod checkout;
mod database;
mod editing;
mod fixtures;
mod identities;
mod insight;
mod jobs;
mod library;
mod limits;
mod listings;
mod login;
mod logins;
mod lookups;
mod mailbox;
mod orders;
mod orphans;
mod people;
mod positions;
mod production;
mod profile;
mod publishing;
mod queries;
mod query_plans;
mod recovery;
mod schedule;
mod schema;
mod search;
mod second_step;
mod tokens;
mod uploads;
mod visibility;
