//! Mails: written from letters, and sent by SMTP or kept in a folder.

mod dispute;
mod folder;
mod gift;
mod layout;
mod purchase;
mod renderer;
mod runner;
mod smtp;
#[cfg(test)]
mod tests;
mod trial;
mod wishes;

pub use folder::Folder;
pub use gift::send as send_gift;
pub use renderer::MailRenderer;
pub use runner::{Mails, send};
pub use smtp::Smtp;
pub use trial::try_out;

use crate::Config;
use crate::config::MailKind;
use anyhow::Context;
use async_trait::async_trait;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A mail, ready to leave. It may hold a link that opens an account, so it is never printed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// Without the angle brackets.
    pub message_id: String,
    pub date: Timestamp,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Why a mail did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may leave another time.
    #[error("{0}")]
    Again(String),
    /// Its address or the mail itself is refused: trying again cannot help.
    #[error("{0}")]
    Never(String),
}

/// What mails leave through.
#[async_trait]
pub trait Mailer: Send + Sync + std::fmt::Debug {
    /// Hands a mail over. When it returns, somebody else has it for good; it says who, in a sentence.
    ///
    /// # Errors
    /// When nobody took it.
    async fn send(&self, mail: &Mail) -> Result<String, SendError>;
}

/// The mailer that the configuration names.
///
/// # Errors
/// When the configuration does not fit together; the message names the key.
pub fn open(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    Ok(match config.mail.kind {
        MailKind::File => {
            let dir = config.mail_dir();
            if config.secure() {
                tracing::warn!(dir = %dir.display(), "mails stay in a folder and reach nobody: set mail.kind to smtp");
            }
            let folder = Folder::open(&dir);
            Arc::new(folder.with_context(|| format!("the folder for mails {} cannot be used", dir.display()))?)
        }
        MailKind::Smtp => Arc::new(Smtp::open(&config.mail.smtp)?),
    })
}
