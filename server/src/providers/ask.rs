//! Asking a provider elsewhere: whether it may be asked, as often as makes sense, and what comes of it for the next one.

use super::Outside;
use super::failure::Failure;
use super::line::Line;
use bytes::Bytes;
use domain::Timestamp;
use domain::providers::calls::{self, Begun, Ended};
use domain::providers::read::Ready;
use domain::providers::{Micros, Provider};
use std::time::Duration;

/// What is sent to a provider.
#[derive(Clone, Debug)]
pub struct Question {
    /// Such as `/chat/completions`.
    pub operation: &'static str,
    pub content_type: String,
    pub body: Bytes,
    /// What one try may cost at most.
    pub price: Micros,
}

/// Why a provider is passed over; each as the end of a sentence about it.
#[derive(Debug, thiserror::Error)]
pub enum Over {
    #[error("it failed again and again and is left alone until {}", .0.rfc3339())]
    LeftAlone(Timestamp),
    #[error("what this costs is more than is left of its budget for this month")]
    SpentUp,
    #[error("it was switched off")]
    Off,
    #[error("{0}")]
    Failed(#[from] Failure),
    #[error("the shop’s own samples could not be read")]
    NoSound,
    /// The shop itself could not go on.
    #[error(transparent)]
    Shop(#[from] domain::Error),
}

impl Over {
    /// Whether it may go well another time without anybody changing what is asked.
    pub fn passes(&self) -> bool {
        match self {
            Self::LeftAlone(_) | Self::SpentUp | Self::Off | Self::NoSound | Self::Shop(_) => true,
            Self::Failed(failure) => !matches!(failure, Failure::Refused { .. } | Failure::Broken(_)),
        }
    }
}

/// Asks a provider. `read` makes sense of the answer and says what it cost, or why it makes none.
///
/// # Errors
/// Why the provider is passed over.
#[tracing::instrument(name = "provider", skip_all, fields(of = ready.provider.purpose.name()))]
pub async fn ask<T: Send>(
    outside: &Outside,
    ready: &Ready,
    question: &Question,
    read: impl Fn(&[u8]) -> Result<(T, Micros), String> + Send + Sync,
) -> Result<T, Over> {
    let (db, provider) = (&outside.db, &ready.provider);
    let mut call = match calls::begin(db, provider, question.price).await? {
        Begun::Go(call) => call,
        Begun::LeftAlone { until } => return Err(Over::LeftAlone(until)),
        Begun::SpentUp => return Err(Over::SpentUp),
        Begun::Off => return Err(Over::Off),
    };
    let (mut wait, mut tries) = (outside.first_wait, 1);
    loop {
        let answered = match once(outside, ready, question).await {
            Ok(answer) => read(&answer).map_err(Failure::Broken),
            Err(failure) => Err(failure),
        };
        let failure = match answered {
            Ok((answer, cost)) => {
                calls::end(db, call, &Ended::Well { cost }).await?;
                return Ok(answer);
            }
            Err(failure) => failure,
        };
        tracing::warn!(provider = provider.name, %failure, tries, "a provider failed");
        let pause = pause(&failure, wait, outside.longest_wait).filter(|_| may_try(provider, tries, &failure));
        if let Some(pause) = pause
            && calls::again(db, &mut call, failure.worked()).await?
        {
            tokio::time::sleep(pause).await;
            tries += 1;
            wait *= 2;
            continue;
        }
        calls::end(db, call, &failure.ended()).await?;
        return Err(failure.into());
    }
}

async fn once(outside: &Outside, ready: &Ready, question: &Question) -> Result<Vec<u8>, Failure> {
    let key = ready.key(outside.vault.as_ref()).map_err(|error| {
        tracing::warn!(%error, "the key of a provider could not be opened");
        Failure::Sealed
    })?;
    let line = Line::open(&ready.provider, key, question.operation, outside.reach).await?;
    line.post(&question.content_type, question.body.clone(), outside.db.now()).await
}

fn may_try(provider: &Provider, tries: i32, failure: &Failure) -> bool {
    tries < provider.tries && failure.can_be_retried()
}

/// How long to wait before the next try: as long as the provider asks for, or as it is usual; `None` for longer than anybody
/// waits.
fn pause(failure: &Failure, usual: Duration, longest: Duration) -> Option<Duration> {
    match failure.rest() {
        Some(rest) => (rest <= longest).then_some(rest),
        None => Some(usual),
    }
}
