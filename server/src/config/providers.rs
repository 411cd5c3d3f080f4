//! Machines elsewhere that hear and write. Which they are is kept at `/admin/models`; here stands what a person with access to
//! the machine alone decides.

use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Providers {
    pub private: bool,
}
