//! Programs elsewhere that are told what happens.

use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub loopback: bool,
}
