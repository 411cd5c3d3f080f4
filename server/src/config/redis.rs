//! A Redis or Valkey that several servers of the shop share.

use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// Empty: none.
    pub url: String,
    pub prefix: String,
    pub answer_ms: u64,
}

impl Redis {
    pub fn is_configured(&self) -> bool {
        !self.url.is_empty()
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis")
            .field("prefix", &self.prefix)
            .field("answer_ms", &self.answer_ms)
            .finish_non_exhaustive()
    }
}
