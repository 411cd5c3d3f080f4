//! What can go wrong in the domain, sorted by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr};
use std::borrow::Cow;
use std::panic::Location;

pub type Result<T, E = Error> = std::result::Result<T, E>;

mod kind;
mod refusal;

pub use kind::ErrorKind;
pub use refusal::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this person.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The person may not do this.
    #[error("you may not do this")]
    Forbidden,
    /// A value was refused; what is said of it is for the person who gave it.
    #[error("{refusal}")]
    Invalid { field: &'static str, refusal: Refusal },
    /// It clashes with what is there.
    #[error("{0}")]
    Conflict(Refusal),
    /// A worker's lease on a job has gone to another worker, or the job was cancelled.
    #[error("this job is no longer held by this worker")]
    LeaseLost,
    /// The database is busy: trying again may help.
    #[error("the shop is busy, please try again")]
    Busy,
    /// It was tried too often; in `wait_ms` milliseconds once more is allowed.
    #[error("too many attempts")]
    TooMany { wait_ms: i64 },
    /// Anything else from the database, and where it came from. Logged, never shown.
    #[error("database error at {at}: {source}")]
    Database { source: DbErr, at: &'static Location<'static> },
    /// Stored data could not be read back. Logged, never shown.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
}

impl Error {
    /// A refused value of a field. `code` names the case; its sentence is in [`crate::sentences`].
    pub fn invalid(field: &'static str, code: impl Into<Refusal>) -> Self {
        Self::Invalid { field, refusal: code.into() }
    }

    /// A clash with what is there. `code` names the case; its sentence is in [`crate::sentences`].
    pub fn conflict(code: impl Into<Refusal>) -> Self {
        Self::Conflict(code.into())
    }

    /// Gives the sentence of a refusal a value that it names.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        match self {
            Self::Invalid { field, refusal } => Self::Invalid { field, refusal: refusal.with(name, value) },
            Self::Conflict(refusal) => Self::Conflict(refusal.with(name, value)),
            other => other,
        }
    }

    /// What sort of error it is: from this follow status, log and whether to try again.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Forbidden => ErrorKind::Forbidden,
            Self::Invalid { .. } => ErrorKind::Invalid,
            Self::Conflict(_) => ErrorKind::Conflict,
            Self::Busy => ErrorKind::Busy,
            Self::TooMany { .. } => ErrorKind::TooMany,
            Self::LeaseLost | Self::Database { .. } | Self::Damaged(_) => ErrorKind::Internal,
        }
    }

    /// A stable name of the case, for programs: `cart.full`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { refusal, .. } | Self::Conflict(refusal) => refusal.code(),
            other => other.kind().code(),
        }
    }

    /// Whether somebody else has changed the title since the version that a change was meant for.
    pub fn is_outdated(&self) -> bool {
        matches!(self.code(), "title.changed" | "parts.changed")
    }

    /// How long to wait before trying again, in whole seconds, for the header `Retry-After`; `None` when that would not
    /// help.
    pub fn retry_after_seconds(&self) -> Option<i64> {
        match self {
            Self::TooMany { wait_ms } => Some(wait_ms.saturating_add(999) / 1000),
            Self::Busy => Some(1),
            _ => None,
        }
    }

    /// Writes a fault of the shop into the log: whoever asked is told only that there was one. Every other error is for
    /// them alone.
    pub fn log(&self) {
        if self.kind().is_ours() {
            tracing::error!(error = %self, "a request failed");
        }
    }

    /// Whether a unique index refused a row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database { source, .. }
            if matches!(source.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}

impl From<DbErr> for Error {
    #[track_caller]
    fn from(source: DbErr) -> Self {
        match &source {
            DbErr::ConnectionAcquire(_) => Self::Busy,
            DbErr::RecordNotFound(_) => Self::NotFound("record"),
            _ if is_passing(&source) => Self::Busy,
            _ if is_no_text(&source) => Self::invalid("", "text.unreadable"),
            _ => Self::Database { source, at: Location::caller() },
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Whether the database gave the statement up for another one, so that the same again may succeed: SQLSTATE 40001
/// (serialization, and MariaDB's deadlock), 40P01 (PostgreSQL's deadlock), 55P03 (lock not free); MariaDB's lock wait
/// timeout, which has no SQLSTATE of its own; SQLite's `SQLITE_BUSY` and `SQLITE_LOCKED` with their extended codes.
fn is_passing(error: &DbErr) -> bool {
    match answered(error) {
        Some((code, message)) => match &*code {
            "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "262" | "517" => true,
            "HY000" => message.contains("Lock wait timeout"),
            _ => false,
        },
        None => false,
    }
}

/// Whether the database refused a text for the character U+0000: PostgreSQL keeps it nowhere, the others do (SQLSTATE 22021).
fn is_no_text(error: &DbErr) -> bool {
    answered(error).is_some_and(|(code, _)| code == "22021")
}

/// What the database itself said: a code and a sentence.
fn answered(error: &DbErr) -> Option<(Cow<'_, str>, &str)> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return None;
    };
    let said = error.as_database_error()?;
    Some((said.code()?, said.message()))
}
