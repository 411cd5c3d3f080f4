//! Mails by SMTP.

use super::{Mail, Mailer, SendError};
use crate::config::{self, SmtpTls};
use anyhow::{Context, ensure};
use async_trait::async_trait;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Characters of its answer that are shown.
const SAID_MAX: usize = 300;

/// A mail server that takes the shop's mails.
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    host: String,
    patience: Duration,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Smtp")
    }
}

impl Smtp {
    /// Prepares to send; connects only then.
    ///
    /// # Errors
    /// When the settings do not fit together; the message names the key.
    pub fn open(settings: &config::Smtp) -> anyhow::Result<Self> {
        ensure!(!settings.host.is_empty(), "mail.smtp.host is empty: name the mail server");
        ensure!(
            settings.tls != SmtpTls::None || settings.user.is_empty() || is_here(&settings.host),
            "mail.smtp.tls is none: a password would travel in the clear to {}",
            settings.host
        );
        let patience = Duration::from_secs(settings.timeout_seconds.max(1));
        let tls = match settings.tls {
            SmtpTls::StartTls => Tls::Required(trusting(settings)?),
            SmtpTls::Implicit => Tls::Wrapper(trusting(settings)?),
            SmtpTls::None => Tls::None,
        };
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port())
            .tls(tls)
            .timeout(Some(patience));
        if !settings.user.is_empty() {
            server = server.credentials(Credentials::new(settings.user.clone(), settings.password.clone()));
        }
        Ok(Self { server: server.build(), host: settings.host.clone(), patience })
    }

    /// Connects, greets (`EHLO`), encrypts and logs in as for a mail, and sends none.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub async fn greet(&self) -> Result<(), String> {
        match tokio::time::timeout(self.patience, self.server.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("it let the shop in and then answered no more".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("it did not answer within {} s", self.patience.as_secs())),
        }
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whose certificates are good: those that the system trusts, and one authority more where it is configured.
fn trusting(settings: &config::Smtp) -> anyhow::Result<TlsParameters> {
    let mut trusting = TlsParameters::builder(settings.host.clone());
    if settings.ca != Path::new("") {
        let pem = std::fs::read(&settings.ca)
            .with_context(|| format!("mail.smtp.ca cannot be read: {}", settings.ca.display()))?;
        trusting =
            trusting.add_root_certificate(Certificate::from_pem(&pem).context("mail.smtp.ca is no certificate")?);
    }
    trusting.build().context("TLS for mails cannot be set up")
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<String, SendError> {
        let message =
            message(mail).map_err(|error| SendError::Never(format!("The mail cannot be written: {error}.")))?;
        match tokio::time::timeout(self.patience, self.server.send(message)).await {
            Ok(Ok(answer)) => {
                let said: String = answer.message().collect::<Vec<_>>().join(" ").chars().take(SAID_MAX).collect();
                Ok(format!("The mail server {} took it and said: {} {said}", self.host, answer.code()))
            }
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => Err(SendError::Again("The mail server did not answer in time.".into())),
        }
    }
}

fn message(mail: &Mail) -> anyhow::Result<Message> {
    let since = Duration::from_millis(u64::try_from(mail.date.0).unwrap_or_default());
    Ok(Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .date(SystemTime::UNIX_EPOCH + since)
        .from(mail.from.parse()?)
        .to(mail.to.parse()?)
        .subject(mail.subject.as_str())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))?)
}

/// Tells other programs that a program wrote this, so that none answers that its owner is on holiday (RFC 3834, 5).
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// A reply like 550 is about this mail or its recipient and is final (RFC 5321, 4.2.1: the second digit says what a reply
/// is about). Anything else, such as a log-in that failed or a server that does not encrypt, is about the server or how it
/// is configured: another try may help.
fn refused(error: &lettre::transport::smtp::Error) -> SendError {
    let about_the_mail = error.status().is_some_and(|code| code.category == Category::MailSystem);
    if error.is_permanent() && about_the_mail {
        SendError::Never(format!("The mail was refused: {error}."))
    } else {
        SendError::Again(format!("The mail server did not take the mail: {error}."))
    }
}
