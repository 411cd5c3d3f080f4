//! Ends jobs that were done: all that end at about the same time in one transaction.

use domain::Db;
use domain::jobs::{self, Claim};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Jobs ended in one transaction.
const AT_ONCE: usize = 200;
/// Jobs that may wait for it.
const WAITING: usize = 1_000;
/// Pause before an end is tried again that the database did not take.
const AGAIN: Duration = Duration::from_millis(500);
/// Tries; then the leases end and the jobs are done again.
const TRIES: u32 = 10;

type Ended = (Claim, oneshot::Sender<()>);

/// Where jobs that were done are handed in.
#[derive(Clone, Debug)]
pub(super) struct Completions(mpsc::Sender<Ended>);

impl Completions {
    /// The place, and the one that takes from it.
    pub(super) fn new() -> (Self, mpsc::Receiver<Ended>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Returns when it is written down, or cannot be.
    pub(super) async fn hand_in(&self, claim: Claim) {
        let (done, written) = oneshot::channel();
        if self.0.send((claim, done)).await.is_ok() {
            let _ = written.await;
        }
    }
}

/// Takes what is handed in for as long as somebody may hand in.
pub(super) async fn take(db: &Db, receiver: &mut mpsc::Receiver<Ended>) {
    let mut ended = Vec::with_capacity(AT_ONCE);
    while receiver.recv_many(&mut ended, AT_ONCE).await > 0 {
        let (claims, waiting): (Vec<_>, Vec<_>) = ended.drain(..).unzip();
        for attempt in 1..=TRIES {
            match jobs::complete_all(db, &claims).await {
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, attempt, jobs = claims.len(), "the end of jobs could not be written down");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        for done in waiting {
            let _ = done.send(());
        }
    }
}
