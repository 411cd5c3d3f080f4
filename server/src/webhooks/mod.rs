//! Messages to programs elsewhere, signed as Standard Webhooks says (1.0).

pub(crate) mod reach;
mod sign;
#[cfg(test)]
mod tests;

use crate::AppState;
use crate::jobs::JobError;
use crate::telemetry;
use domain::jobs::Claim;
use domain::webhooks::address::Reach;
use domain::webhooks::sending::{self, Message, SendWebhook, Tried};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::time::{Duration, Instant};

/// How long a connection may take to come about, and all of it.
const CONNECTING: Duration = Duration::from_secs(5);
const ANSWERING: Duration = Duration::from_secs(10);
/// Most of an answer that is read, in bytes.
const MOST_READ: usize = 256 * 1024;
/// What of it is kept, in bytes.
const KEPT: usize = 1000;

/// Sends a message, once; what comes of it decides whether there is a next time.
#[tracing::instrument(name = "webhook", skip_all)]
pub async fn send(state: AppState, job: SendWebhook, claim: Claim) -> Result<(), JobError> {
    let Some(message) = sending::prepare(&state.db, state.vault.as_ref(), &job).await? else { return Ok(()) };
    let begun = Instant::now();
    let sent_at = state.db.now().0 / 1000;
    let (status, answer) = match tokio::time::timeout(ANSWERING, post(&message, sent_at, reach(&state))).await {
        Ok(Ok((status, answer))) => (Some(status), answer),
        Ok(Err(why)) => (None, why),
        Err(_) => (None, format!("There was no answer within {} seconds.", ANSWERING.as_secs())),
    };
    let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    Ok(sending::tried(&state.db, &claim, message.id, &Tried { status, answer, took_ms }).await?)
}

/// Where messages may go, as configured.
pub fn reach(state: &AppState) -> Reach {
    Reach { loopback: state.config.webhooks.loopback }
}

/// Posts a message; the status and the beginning of the answer, or why there is none.
async fn post(message: &Message, sent_at: i64, allowed: Reach) -> Result<(u16, String), String> {
    let target = reach::resolved(&message.address, allowed).await?;
    let away = |error: reqwest::Error| format!("It could not be reached: {}.", why(&error));
    // Only where the name led just now: whoever answers for it may not lead elsewhere a moment later.
    let client = Client::builder()
        .resolve_to_addrs(&target.host, &target.addresses)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECTING)
        .timeout(ANSWERING)
        .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(away)?;
    let id = format!("msg_{}", message.id.simple());
    let signatures = sign::signatures(&message.secrets, &id, sent_at, &message.body);
    let signatures = signatures.map_err(|_| "The secret of the address is damaged: renew it.".to_owned())?;
    let mut request = client
        .post(target.url)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", sent_at)
        .header("webhook-signature", signatures)
        .body(message.body.clone());
    if let Some(place) = telemetry::outgoing() {
        request = request.header("traceparent", place);
    }
    let response = request.send().await.map_err(away)?;
    let status = response.status().as_u16();
    Ok((status, beginning(response).await))
}

/// Why there was no answer: the innermost cause says most.
fn why(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// The beginning of an answer. No more of it is read than makes sense; what breaks off is kept as far as it came.
async fn beginning(mut response: Response) -> String {
    let (mut kept, mut read) = (Vec::new(), 0);
    while let Ok(Some(piece)) = response.chunk().await {
        let room = KEPT.saturating_sub(kept.len()).min(piece.len());
        kept.extend_from_slice(&piece[..room]);
        read += piece.len();
        if read > MOST_READ {
            break;
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
