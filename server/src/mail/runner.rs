//! Sends the mails that jobs ask for, in the background of `lectern serve`.

use super::{Letterhead, Mailer, SendError};
use crate::AppState;
use domain::account::mail;
use domain::production::jobs::{self, Claim, Failed, Retry};
use domain::{Db, Error};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often it looks for mails when there was none.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Milliseconds without a heartbeat after which another runner takes a mail.
const LEASE_MS: i64 = 60_000;

#[derive(Clone, Debug)]
pub struct Runner {
    id: String,
    db: Db,
    mailer: Arc<dyn Mailer>,
    letterhead: Letterhead,
}

impl Runner {
    /// A runner for a shop that listens there.
    ///
    /// # Errors
    /// When the configuration does not fit together; the message names the key.
    pub fn open(state: &AppState, listening: SocketAddr) -> anyhow::Result<Self> {
        let letterhead = Letterhead::new(&state.config, state.config.link_base(listening))?;
        Ok(Self::with(state.db.clone(), super::open(&state.config)?, letterhead))
    }

    /// A runner with these tools.
    pub fn with(db: Db, mailer: Arc<dyn Mailer>, letterhead: Letterhead) -> Self {
        Self { id: format!("mail-{}", Uuid::now_v7().simple()), db, mailer, letterhead }
    }

    /// Sends mails until asked to stop; the one under way is finished.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let found = self.send_next().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "mails could not be looked for");
                false
            });
            if !found {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        }
    }

    /// Sends the next mail; `false` when none is due.
    ///
    /// # Errors
    /// When the database cannot be used. The mail is then taken up again when its lease ends.
    pub async fn send_next(&self) -> domain::Result<bool> {
        let Some(claim) = mail::claim(&self.db, &self.id, LEASE_MS).await? else { return Ok(false) };
        match self.attend(&claim).await {
            // Another runner has it.
            Ok(()) | Err(Error::LeaseLost) => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn attend(&self, claim: &Claim) -> domain::Result<()> {
        let letter = match mail::prepare(&self.db, claim).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return mail::done(&self.db, claim).await,
            Err(Error::Damaged(what)) => return self.give_up(claim, &what, Retry::Fatal).await,
            Err(error) => return Err(error),
        };
        let written = self.letterhead.write(&letter, self.db.now());
        let sent = tokio::select! {
            sent = self.mailer.send(&written) => sent,
            () = self.lose(claim) => return Err(Error::LeaseLost),
        };
        match sent {
            Ok(()) => mail::done(&self.db, claim).await,
            Err(SendError::Again(reason)) => self.give_up(claim, &reason, Retry::After(None)).await,
            Err(SendError::Never(reason)) => self.give_up(claim, &reason, Retry::Fatal).await,
        }
    }

    /// Records that a mail did not leave: for now, or for good.
    async fn give_up(&self, claim: &Claim, reason: &str, retry: Retry) -> domain::Result<()> {
        let job = claim.job.id;
        match mail::failed(&self.db, claim, reason, retry).await? {
            Failed::Again(at) => tracing::warn!(%job, reason, again = at.rfc3339(), "a mail could not be sent yet"),
            Failed::Dead => tracing::error!(%job, reason, "a mail could not be sent and is given up"),
        }
        Ok(())
    }

    /// Keeps the lease; returns when it is lost.
    async fn lose(&self, claim: &Claim) {
        loop {
            tokio::time::sleep(Duration::from_secs(LEASE_MS.unsigned_abs() / 3000)).await;
            match jobs::heartbeat(&self.db, claim, LEASE_MS).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a heartbeat was missed"),
            }
        }
    }
}
