//! What stops somebody on the way in.

use crate::Backend;
use axum_login::tower_sessions::session;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    Unauthenticated,
    /// It is asked for again who somebody is before they go on.
    #[error("it is too long ago that this person proved who they are")]
    ReauthRequired,
    /// The shop wants its admins to have a second step at log-in.
    #[error("this admin has no second step")]
    TwoFactorRequired,
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// Logged, never shown.
    #[error("a session could not be read or written: {0}")]
    Session(#[from] session::Error),
}

impl From<axum_login::Error<Backend>> for Error {
    fn from(error: axum_login::Error<Backend>) -> Self {
        match error {
            axum_login::Error::Session(error) => Self::Session(error),
            axum_login::Error::Backend(error) => Self::Domain(error),
        }
    }
}
