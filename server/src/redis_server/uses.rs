//! What Redis is used for, and how often that went without it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What it is used for: a label of the numbers for Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Counting attempts.
    Limits,
    /// Sessions kept close.
    Sessions,
    /// What public pages show.
    Pages,
    /// Waking workers on other machines.
    Wake,
}

impl Use {
    pub const ALL: [Self; 4] = [Self::Limits, Self::Sessions, Self::Pages, Self::Wake];

    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Sessions => "sessions",
            Self::Pages => "pages",
            Self::Wake => "wake",
        }
    }
}

/// How often there was no answer.
#[derive(Debug, Default)]
pub struct Failures([AtomicU64; Use::ALL.len()]);

impl Failures {
    pub fn count(&self, used_by: Use) {
        self.0[used_by as usize].fetch_add(1, Relaxed);
    }

    pub fn all(&self) -> impl Iterator<Item = (Use, u64)> {
        Use::ALL.into_iter().zip(self.0.iter().map(|number| number.load(Relaxed)))
    }
}

/// What Redis's user may not do, as far as it was said. It is asked for all the same, so that a right that is given counts at once.
#[derive(Debug, Default)]
pub struct Forbidden([AtomicBool; Use::ALL.len()]);

impl Forbidden {
    /// Whether nobody has said yet that Redis refuses something of this use.
    pub fn is_news(&self, used_by: Use) -> bool {
        !self.0[used_by as usize].swap(true, Relaxed)
    }

    /// A Redis that is back may be another one.
    pub fn forget(&self) {
        self.0.iter().for_each(|said| said.store(false, Relaxed));
    }
}
