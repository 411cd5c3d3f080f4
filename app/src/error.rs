//! What a page is told when something went wrong.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// An error as it crosses from server to browser. Every message is for the person in front of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// There is no such page or thing, or not for this person.
    #[error("We could not find that {0}.")]
    NotFound(String),
    #[error("Please log in first.")]
    Unauthenticated,
    #[error("This is for those who run the shop, and only for those among them who were given it.")]
    Forbidden,
    /// It is asked for again who somebody is before they go on.
    #[error("Please confirm first that it is you.")]
    ReauthRequired,
    /// The shop wants its admins to have a second step at log-in.
    #[error("Those who run this shop log in with a second step. Turn yours on first.")]
    TwoFactorRequired,
    /// A value was refused.
    #[error("{message}")]
    Invalid { field: String, code: String, message: String },
    /// It clashes with what is there.
    #[error("{message}")]
    Conflict { code: String, message: String },
    /// It was tried too often.
    #[error("That was too often. Please try again in {}.", wait(*retry_after_seconds))]
    TooMany { retry_after_seconds: i64 },
    /// Busy, or the connection is lost: trying again may help.
    #[error("The shop did not answer. Check your connection and try again.")]
    Unreachable,
    /// A fault of the shop's. What it was is in the log.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Internal,
}

impl AppError {
    /// The HTTP status that fits.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) => 404,
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::ReauthRequired | Self::TwoFactorRequired => 403,
            Self::Invalid { .. } => 422,
            Self::Conflict { .. } => 409,
            Self::TooMany { .. } => 429,
            Self::Unreachable => 503,
            Self::Internal => 500,
        }
    }

    /// The message for one field of a form, when that is what was refused.
    pub fn on_field(&self, name: &str) -> Option<String> {
        match self {
            Self::Invalid { field, message, .. } if field == name => Some(message.clone()),
            _ => None,
        }
    }

    /// A form of which something is missing or unreadable, whatever its fields.
    fn broken_form(code: &str, message: &str) -> Self {
        Self::Invalid { field: String::new(), code: code.to_owned(), message: message.to_owned() }
    }
}

/// A while as people say it, never too short.
fn wait(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        91..=5400 => format!("{} minutes", (seconds + 59) / 60),
        _ => format!("{} hours", (seconds + 3599) / 3600),
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::broken_form("form.incomplete", "Something in the form is missing. Reload the page and try again.")
            }
            // Here only a request is read; in a browser it would be an answer, and the shop's fault.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => Self::broken_form(
                "form.unreadable",
                "Something in the form cannot be read. Reload the page and try again.",
            ),
            other => {
                leptos::logging::error!("server function: {other}");
                Self::Internal
            }
        }
    }
}

#[cfg(feature = "ssr")]
impl From<domain::Error> for AppError {
    fn from(error: domain::Error) -> Self {
        use domain::Error;
        use leptos::prelude::use_context;
        error.log();
        // Here, because every answer that says so has to carry it.
        if let (Some(seconds), Some(response)) =
            (error.retry_after_seconds(), use_context::<leptos_axum::ResponseOptions>())
        {
            response.insert_header(http::header::RETRY_AFTER, seconds.into());
        }
        let code = error.code().to_owned();
        let retry_after_seconds = error.retry_after_seconds().unwrap_or_default();
        match error {
            Error::Invalid { field, refusal } => {
                Self::Invalid { field: field.to_owned(), code, message: refusal.sentence() }
            }
            Error::Conflict(refusal) => Self::Conflict { code, message: refusal.sentence() },
            Error::NotFound(what) => Self::NotFound(what.to_owned()),
            Error::Forbidden => Self::Forbidden,
            Error::Busy => Self::Unreachable,
            Error::TooMany { .. } => Self::TooMany { retry_after_seconds },
            Error::LeaseLost | Error::Database { .. } | Error::Damaged(_) => Self::Internal,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<identity::Error> for AppError {
    fn from(error: identity::Error) -> Self {
        use identity::Error;
        match error {
            Error::Unauthenticated => Self::Unauthenticated,
            Error::ReauthRequired => Self::ReauthRequired,
            Error::TwoFactorRequired => Self::TwoFactorRequired,
            Error::Domain(error) => error.into(),
            Error::Session(_) => {
                tracing::error!(%error, "a request failed");
                Self::Internal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body that is no text, for one: what came cannot be read, and that is whoever's who sent it.
    #[cfg(feature = "ssr")]
    #[test]
    fn a_request_that_cannot_be_read_is_no_fault_of_the_shop() {
        let unread = [
            ServerFnErrorErr::Deserialization("no UTF-8".to_owned()),
            ServerFnErrorErr::Args("no number".to_owned()),
            ServerFnErrorErr::MissingArg("name".to_owned()),
        ];
        assert!(unread.into_iter().all(|error| AppError::from_server_fn_error(error).status() == 422));
        let ours = ServerFnErrorErr::Serialization("an answer".to_owned());
        assert_eq!(AppError::from_server_fn_error(ours).status(), 500);
    }

    #[test]
    fn who_tries_too_often_is_told_how_long_to_wait() {
        let said = |retry_after_seconds| AppError::TooMany { retry_after_seconds }.to_string();
        assert_eq!(said(1), "That was too often. Please try again in a second.");
        assert_eq!(said(90), "That was too often. Please try again in 90 seconds.");
        assert_eq!(said(91), "That was too often. Please try again in 2 minutes.");
        assert_eq!(said(5401), "That was too often. Please try again in 2 hours.");
    }
}
