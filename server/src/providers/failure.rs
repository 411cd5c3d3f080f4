//! How asking somebody elsewhere can go wrong, and what follows from it.

use domain::providers::calls::Ended;
use std::fmt;
use std::time::Duration;

/// Why there is no answer that can be used; each as the end of a sentence about the provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("it did not answer within {0} s")]
    Late(u64),
    #[error("the line was cut: {0}")]
    Cut(String),
    /// It has too much to do, or the shop asked too often.
    #[error("it answered {status}{rest}")]
    Busy { status: u16, rest: Rest },
    /// It is broken itself.
    #[error("it answered {status}{rest}")]
    Away { status: u16, rest: Rest },
    #[error("it does not take the key (it answered {status}): write the right one at /admin/models")]
    Denied { status: u16 },
    #[error("it refused the request (it answered {status}{words})")]
    Refused { status: u16, words: String },
    #[error("its answer makes no sense: {0}")]
    Broken(String),
    #[error("it may not be asked: {0}. See providers.private")]
    NotAllowed(String),
    #[error("its key cannot be read: give every worker the same tokens.secret, or write the key anew at /admin/models")]
    Sealed,
}

/// How long somebody wants to be left alone, where they say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest(pub Option<Duration>);

impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(rest) => write!(f, " and wants to be left alone for {} s", rest.as_secs()),
            None => Ok(()),
        }
    }
}

impl Failure {
    /// Whether the same again may be answered a moment later.
    pub fn can_be_retried(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Late(_)
            | Self::Cut(_)
            | Self::Busy { .. }
            | Self::Away { .. }
            | Self::Broken(_) => true,
            Self::Denied { .. } | Self::Refused { .. } | Self::NotAllowed(_) | Self::Sealed => false,
        }
    }

    /// Whether it may have done the work all the same, which then costs.
    pub fn worked(&self) -> bool {
        matches!(self, Self::Late(_) | Self::Cut(_) | Self::Broken(_))
    }

    /// How long it wants to be left alone.
    pub fn rest(&self) -> Option<Duration> {
        match self {
            Self::Busy { rest, .. } | Self::Away { rest, .. } => rest.0,
            _ => None,
        }
    }

    /// What it says of the provider.
    pub fn ended(&self) -> Ended {
        let reason = self.to_string();
        if matches!(self, Self::Refused { .. }) {
            return Ended::Refused { reason };
        }
        let rest_ms = self.rest().map(|rest| i64::try_from(rest.as_millis()).unwrap_or(i64::MAX));
        Ended::Failed { reason, worked: self.worked(), rest_ms }
    }
}
