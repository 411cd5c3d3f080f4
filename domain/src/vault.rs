//! Secrets that the shop has to read again, such as those that one-time codes are made from. How they are sealed is the
//! server's business.

use crate::Result;
use std::fmt::Debug;
use std::sync::Arc;

pub trait Vault: Debug + Send + Sync {
    /// Seals a secret. `name` is bound to it: what was sealed opens under no other name.
    ///
    /// # Errors
    /// When the cipher fails.
    fn seal(&self, name: &str, secret: &[u8]) -> Result<String>;

    /// Opens what was sealed under this name.
    ///
    /// # Errors
    /// When it was sealed with another key or under another name.
    fn open(&self, name: &str, closed: &str) -> Result<Vec<u8>>;
}

pub type SharedVault = Arc<dyn Vault>;
