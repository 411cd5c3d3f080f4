//! Sends the mails that jobs ask for.

use super::{Mail, MailRenderer, Mailer, SendError};
use crate::AppState;
use crate::jobs::JobError;
use domain::account::email::mail::{self, Content, Letter, MailJob};
use domain::jobs::Claim;
use domain::settings::legal::{Seller, keep as legal};
use domain::settings::live::LiveSettings;
use domain::{Db, SharedVault};
use std::net::SocketAddr;
use std::sync::Arc;

/// What mails are written and sent with.
#[derive(Clone, Debug)]
pub struct Mails {
    pub(super) db: Db,
    pub(super) mailer: Arc<dyn Mailer>,
    renderer: MailRenderer,
    settings: LiveSettings,
    /// What opens the codes of gifts.
    pub(super) vault: SharedVault,
}

impl Mails {
    /// For a shop that listens there.
    ///
    /// # Errors
    /// When the configuration does not fit together; the message names the key.
    pub fn open(state: &AppState, listening: SocketAddr) -> anyhow::Result<Self> {
        let renderer = MailRenderer::new(&state.config, state.config.link_base(listening))?;
        let (db, settings, vault) = (state.db.clone(), state.settings.clone(), state.vault.clone());
        Ok(Self::with(db, super::open(&state.config)?, renderer, settings, vault))
    }

    /// With these tools.
    pub fn with(
        db: Db,
        mailer: Arc<dyn Mailer>,
        renderer: MailRenderer,
        settings: LiveSettings,
        vault: SharedVault,
    ) -> Self {
        Self { db, mailer, renderer, settings, vault }
    }

    /// Writes a letter in the name that the shop has now; one about an order says who sells.
    pub(super) async fn write(&self, letter: &Letter) -> domain::Result<Mail> {
        let seller = match letter.content {
            Content::Purchase(_) => legal::seller(self.db.read()).await?,
            _ => Seller::default(),
        };
        Ok(self.renderer.write(letter, &self.settings.now().await, &seller, self.db.now()))
    }

    /// Writes a letter and hands it over.
    #[tracing::instrument(name = "mail.post", skip_all)]
    pub(super) async fn post(&self, letter: &Letter) -> Result<(), JobError> {
        let written = self.write(letter).await?;
        self.mailer.send(&written).await.map(|_| ()).map_err(|error| match error {
            SendError::Again(reason) => JobError::Again(reason),
            SendError::Never(reason) => JobError::Fatal(reason),
        })
    }
}

/// Writes a mail and sends it, unless by now there is nothing to say.
#[tracing::instrument(name = "mail", skip_all)]
pub async fn send(mails: Mails, job: MailJob, claim: Claim) -> Result<(), JobError> {
    let Some(letter) = mail::prepare(&mails.db, &claim, &job).await? else { return Ok(()) };
    mails.post(&letter).await
}
