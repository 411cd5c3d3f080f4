//! Sends the mails that jobs ask for.

use super::{Letterhead, Mailer, SendError};
use crate::AppState;
use crate::jobs::JobError;
use domain::Db;
use domain::account::email::mail::{self, MailJob};
use domain::jobs::Claim;
use std::net::SocketAddr;
use std::sync::Arc;

/// What mails are written and sent with.
#[derive(Clone, Debug)]
pub struct Mails {
    db: Db,
    mailer: Arc<dyn Mailer>,
    letterhead: Letterhead,
}

impl Mails {
    /// For a shop that listens there.
    ///
    /// # Errors
    /// When the configuration does not fit together; the message names the key.
    pub fn open(state: &AppState, listening: SocketAddr) -> anyhow::Result<Self> {
        let letterhead = Letterhead::new(&state.config, state.config.link_base(listening))?;
        Ok(Self::with(state.db.clone(), super::open(&state.config)?, letterhead))
    }

    /// With these tools.
    pub fn with(db: Db, mailer: Arc<dyn Mailer>, letterhead: Letterhead) -> Self {
        Self { db, mailer, letterhead }
    }
}

/// Writes a mail and sends it, unless by now there is nothing to say.
pub async fn send(mails: Mails, job: MailJob, claim: Claim) -> Result<(), JobError> {
    let Some(letter) = mail::prepare(&mails.db, &claim, &job).await? else { return Ok(()) };
    let written = mails.letterhead.write(&letter, mails.db.now());
    mails.mailer.send(&written).await.map_err(|error| match error {
        SendError::Again(reason) => JobError::Again(reason),
        SendError::Never(reason) => JobError::Fatal(reason),
    })
}
