//! One file a table. Only this crate sees them: what leaves it are the types of the contexts.

pub mod account_tokens;
pub mod audiobook_categories;
pub mod audiobook_people;
pub mod audiobook_terms;
pub mod audiobooks;
pub mod cart_items;
pub mod carts;
pub mod categories;
pub mod chapters;
pub mod chunks;
pub mod entitlements;
pub mod files;
pub mod jobs;
pub mod order_lines;
pub mod orders;
pub mod parts;
pub mod payments;
pub mod people;
pub mod positions;
pub mod production_steps;
pub mod segments;
pub mod series;
pub mod sessions;
pub mod uploads;
pub mod users;
pub mod workers;
