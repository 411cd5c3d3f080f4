//! Labels. The names of their values are the program's own.

use prometheus_client::encoding::EncodeLabelSet;

/// A request, by what it asked for and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestBy {
    pub method: &'static str,
    pub route: String,
    pub status: u32,
}

/// A job, by its kind and how it is or ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct JobBy {
    pub kind: String,
    pub state: &'static str,
}

/// Who hears or writes, by the name that an admin gave it, and how its breaker stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ProviderBy {
    pub provider: String,
    pub state: &'static str,
}

/// One label: its name and its value.
pub type By = [(&'static str, String); 1];

pub fn by(name: &'static str, value: impl Into<String>) -> By {
    [(name, value.into())]
}
