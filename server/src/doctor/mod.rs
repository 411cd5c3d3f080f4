//! What is wrong with a shop, found before its customers do: everything that it is configured to need is tried, each for a
//! bounded time, and nothing stays changed.

mod clock;
mod configuration;
mod database;
pub mod disk;
mod engines;
mod mail;
mod models;
pub mod redis;
mod storage;
#[cfg(test)]
mod tests;

use crate::Config;
use std::time::Duration;

/// How long one thing may take. Models are longer to read: see [`models`].
const LIMIT: Duration = Duration::from_secs(40);

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Good,
    /// It works, but perhaps not as it was meant.
    Doubtful,
    Wrong,
}

/// What was found out about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub of: &'static str,
    pub state: State,
    pub words: String,
    /// What to do; empty where nothing is.
    pub advice: String,
}

impl Finding {
    fn good(of: &'static str, words: impl Into<String>) -> Self {
        Self { of, state: State::Good, words: words.into(), advice: String::new() }
    }

    fn doubtful(of: &'static str, words: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { of, state: State::Doubtful, words: words.into(), advice: advice.into() }
    }

    fn wrong(of: &'static str, words: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { of, state: State::Wrong, words: words.into(), advice: advice.into() }
    }
}

/// Examines everything.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let (database, redis, storage, mail, models, engines, clock) = tokio::join!(
        bounded("database", LIMIT, database::examine(config)),
        bounded("redis", LIMIT, redis::examine(config)),
        bounded("storage", LIMIT, storage::examine(config)),
        bounded("mail", LIMIT, mail::examine(config)),
        bounded("models", models::LIMIT + LIMIT, models::examine(config)),
        bounded("engines", LIMIT, engines::examine(config)),
        bounded("clock", LIMIT, clock::examine(config)),
    );
    let configuration = configuration::examine(config);
    let here = [configuration, database, redis, storage, mail, models, engines, disk::examine(config), clock];
    here.into_iter().flatten().collect()
}

async fn bounded(of: &'static str, limit: Duration, check: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    tokio::time::timeout(limit, check).await.unwrap_or_else(|_| {
        vec![Finding::wrong(
            of,
            format!("It gave no answer within {} s.", limit.as_secs()),
            "See whether it is overloaded, or a firewall drops what goes there.",
        )]
    })
}
