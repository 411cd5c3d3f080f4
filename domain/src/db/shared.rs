//! A place where the servers of the shop leave things for each other. Nothing in it is needed, and nothing in it is believed
//! that the database does not vouch for.

use async_trait::async_trait;
use std::fmt::Debug;

#[async_trait]
pub trait Shared: Debug + Send + Sync {
    /// Whether it was there when it was last asked. Where it was not, nobody goes to any length for it.
    fn is_there(&self) -> bool;

    /// What was left under a name; `None` when it is away, `Some(None)` when there is nothing.
    async fn read(&self, name: &str) -> Option<Option<String>>;

    /// Leaves a text for so many milliseconds at most, and is silent when that is not possible.
    async fn write(&self, name: &str, text: &str, for_ms: u64);
}
