//! Whether the mail server lets the shop in. No mail is sent.

use super::Finding;
use crate::Config;
use crate::config::MailKind;
use crate::mail::Smtp;

const OF: &str = "mail";

pub async fn examine(config: &Config) -> Vec<Finding> {
    let settings = &config.mail.smtp;
    if config.mail.kind == MailKind::File {
        return vec![Finding::doubtful(
            OF,
            format!("Mails stay in {}.", config.mail_dir().display()),
            "For a shop that is open to others, set mail.kind = \"smtp\" and the mail.smtp.* keys.",
        )];
    }
    let greeted = match Smtp::open(settings) {
        Ok(server) => server.greet().await,
        Err(error) => Err(format!("{error:#}")),
    };
    let shown = format!("{}:{}", settings.host, settings.port());
    vec![match greeted {
        Ok(()) if settings.user.is_empty() => Finding::good(OF, format!("{shown} answers.")),
        Ok(()) => Finding::good(OF, format!("{shown} answers and lets {} in.", settings.user)),
        Err(error) => Finding::wrong(
            OF,
            format!("{shown} cannot be used: {error}."),
            "Check mail.smtp.host, port, tls, user, password and ca, and that this machine may reach it: many hosts close \
             port 25.",
        ),
    }]
}
