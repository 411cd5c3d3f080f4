//! Machines elsewhere that hear and write, asked as the API of OpenAI is: within their time, their tries and their budget.
//! What they answer is checked before it is believed.

mod answer;
mod ask;
mod failure;
mod line;
mod reach;
pub mod speech;
#[cfg(test)]
pub(crate) mod tests;
mod wave;
mod words;
pub mod writing;

pub use ask::Over;
pub use failure::Failure;

use crate::Config;
use domain::providers::address::Reach;
use domain::{Db, SharedVault};
use std::time::Duration;

/// The wait before the second try; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Whoever asks for a longer wait is passed over.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What it takes to ask somebody elsewhere.
#[derive(Clone, Debug)]
pub struct Outside {
    pub db: Db,
    /// What opens the keys.
    pub vault: SharedVault,
    /// Where providers may be.
    pub reach: Reach,
    pub first_wait: Duration,
    pub longest_wait: Duration,
}

impl Outside {
    pub fn new(db: &Db, vault: &SharedVault, config: &Config) -> Self {
        Self {
            db: db.clone(),
            vault: vault.clone(),
            reach: reach(config),
            first_wait: FIRST_WAIT,
            longest_wait: LONGEST_WAIT,
        }
    }
}

/// Where providers may be, as configured.
pub fn reach(config: &Config) -> Reach {
    Reach { private: config.providers.private }
}
