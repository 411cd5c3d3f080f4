//! Where the rates come from by which prices are shown in other currencies.

use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    pub from: RateKind,
    pub file: PathBuf,
    pub bank: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RateKind {
    /// A file of the European Central Bank's form.
    File,
    /// The European Central Bank.
    Ecb,
}
