//! What the shop knows: the types that server and browser share, and, on the server, the rules and queries.
//!
//! One folder for each bounded context. Its `mod.rs` holds what the browser may see; its other files hold rules and
//! queries and are compiled for the server only (`ssr`).

pub mod account;
pub mod audit;
pub mod catalog;
pub mod country;
pub mod day;
pub mod flags;
pub mod insight;
pub mod invoices;
#[cfg(feature = "ssr")]
pub mod job_kinds;
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod keyset;
#[cfg(feature = "ssr")]
mod letters;
#[cfg(feature = "ssr")]
pub mod limits;
pub mod listening;
#[cfg(feature = "ssr")]
pub mod maintenance;
pub mod money;
pub mod ordering;
pub mod page;
pub mod pricing;
pub mod privacy;
pub mod production;
pub mod promotions;
pub mod providers;
pub mod rates;
pub mod reviews;
pub mod settings;
pub mod slug;
pub mod spoken;
pub mod timestamp;
pub mod transcript;
pub mod webhooks;
pub mod wishlist;

#[cfg(feature = "ssr")]
pub mod actor;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(all(feature = "ssr", not(feature = "test-support")))]
pub(crate) mod entities;
#[cfg(feature = "test-support")]
pub mod entities;
#[cfg(feature = "ssr")]
pub mod entitlements;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod figures;
#[cfg(feature = "ssr")]
pub mod health;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
mod sentences;
#[cfg(feature = "test-support")]
pub mod testing;
#[cfg(feature = "ssr")]
pub mod trace;
#[cfg(feature = "ssr")]
pub mod vault;

pub use country::Country;
pub use day::Day;
pub use money::{Currency, InvalidPrice, Money};
pub use page::{Page, PageRequest};
pub use slug::Slug;
pub use timestamp::Timestamp;

#[cfg(feature = "ssr")]
pub use actor::{ActingMachine, Actor};
#[cfg(feature = "ssr")]
pub use clock::{Clock, FixedClock, SystemClock};
#[cfg(feature = "ssr")]
pub use db::{Db, Shared, Tx};
#[cfg(feature = "ssr")]
pub use error::{Error, ErrorKind, Refusal, Result};
#[cfg(feature = "ssr")]
pub use keyset::{Part, Place, Walk};
#[cfg(feature = "ssr")]
pub use vault::{SharedVault, Vault};
