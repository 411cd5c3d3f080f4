//! How mails leave.

use anyhow::ensure;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub kind: MailKind,
    pub from: String,
    pub dir: PathBuf,
    pub folder_is_read_by_admins: bool,
    pub smtp: Smtp,
}

impl Mail {
    /// Whether a shop that is open to others, which is one with TLS, may keep its mails in a folder: only where somebody
    /// said that it is meant.
    ///
    /// # Errors
    /// When nobody did; the sentence says what to set.
    pub fn fits(&self, secure: bool) -> anyhow::Result<()> {
        ensure!(
            self.kind != MailKind::File || !secure || self.folder_is_read_by_admins,
            "mails would stay in a folder, where every admin with the permission for people reads the links that open \
             other people's accounts: set mail.kind = \"smtp\" and mail.smtp.host, or, where that is meant, \
             mail.folder_is_read_by_admins = true"
        );
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailKind {
    /// Into a folder, for development.
    File,
    Smtp,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub user: String,
    pub password: String,
    pub ca: PathBuf,
    pub timeout_seconds: u64,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// Begins in the clear and goes on only once it is encrypted (RFC 3207).
    StartTls,
    /// Encrypted from the first byte (RFC 8314).
    Implicit,
    None,
}

impl Smtp {
    /// The port as configured, or the usual one.
    pub fn port(&self) -> u16 {
        match (self.port, self.tls) {
            (0, SmtpTls::StartTls) => 587,
            (0, SmtpTls::Implicit) => 465,
            (0, SmtpTls::None) => 25,
            (port, _) => port,
        }
    }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("tls", &self.tls).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn a_shop_that_is_open_to_others_keeps_no_mails_in_a_folder_unless_it_is_meant() {
        let mut mail = Config::load(None).unwrap().mail;
        assert!(mail.fits(false).is_ok(), "for development");
        let refused = mail.fits(true).unwrap_err().to_string();
        assert!(refused.contains("mail.kind") && refused.contains("mail.folder_is_read_by_admins"), "{refused}");
        mail.folder_is_read_by_admins = true;
        assert!(mail.fits(true).is_ok());
        (mail.kind, mail.folder_is_read_by_admins) = (MailKind::Smtp, false);
        assert!(mail.fits(true).is_ok());
    }
}
