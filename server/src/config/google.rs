//! Logging in with Google.

use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Google {
    pub client_id: String,
    pub client_secret: String,
    pub issuer: String,
    pub program_client_ids: String,
}

impl Google {
    /// The programs whose ID tokens are taken, besides the shop's own pages.
    pub fn programs(&self) -> Vec<String> {
        self.program_client_ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
    }
}

impl std::fmt::Debug for Google {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Google")
            .field("client_id", &self.client_id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
