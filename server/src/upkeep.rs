//! What the shop looks after by itself while it is open: payments that were cut off, sessions and log-ins of programs
//! that are over, keys that sign no more, carts that were forgotten, links and mails that are old.

use crate::tokens::Tokens;
use domain::Db;
use domain::account::{device, identities, links, mail, session, tokens};
use domain::limits;
use domain::ordering::cart;
use domain::ordering::checkout::{PAYMENT_GRACE_MS, settle_pending};
use domain::ordering::payment::Payments;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it looks. The first time is at start: a crash may have cut a payment off.
const EVERY: Duration = Duration::from_secs(60);

/// Looks after payments, sessions, tokens, carts, links and mails until asked to stop. What fails is logged and tried
/// again at the next turn.
pub async fn keep(db: Db, payments: Payments, signing: Arc<Tokens>, stop: CancellationToken) {
    let mut turns = tokio::time::interval(EVERY);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = turns.tick() => {}
        }
        match settle_pending(&db, &payments, PAYMENT_GRACE_MS).await {
            Ok(0) => {}
            Ok(settled) => tracing::info!(settled, "payments that were cut off are settled"),
            Err(error) => tracing::warn!(%error, "payments that were cut off have to wait"),
        }
        match session::delete_expired(&db).await {
            Ok(gone) => tracing::debug!(gone, "sessions that are over are deleted"),
            Err(error) => tracing::warn!(%error, "sessions that are over have to wait"),
        }
        match tokens::delete_expired(&db, signing.lifetimes()).await {
            Ok(gone) => tracing::debug!(gone, "log-ins of programs that are over are deleted"),
            Err(error) => tracing::warn!(%error, "log-ins of programs that are over have to wait"),
        }
        match signing.delete_retired_keys(&db).await {
            Ok(gone) => tracing::debug!(gone, "signing keys that were retired are deleted"),
            Err(error) => tracing::warn!(%error, "signing keys that were retired have to wait"),
        }
        match limits::delete_idle(&db).await {
            Ok(gone) => tracing::debug!(gone, "limits that nobody is near are deleted"),
            Err(error) => tracing::warn!(%error, "limits that nobody is near have to wait"),
        }
        match device::delete_forgotten(&db).await {
            Ok(gone) => tracing::debug!(gone, "browsers that were not seen for long are forgotten"),
            Err(error) => tracing::warn!(%error, "browsers that were not seen for long have to wait"),
        }
        match identities::delete_expired(&db).await {
            Ok(gone) => tracing::debug!(gone, "ID tokens that have expired are forgotten"),
            Err(error) => tracing::warn!(%error, "ID tokens that have expired have to wait"),
        }
        match cart::delete_abandoned(&db).await {
            Ok(gone) => tracing::debug!(gone, "carts that were forgotten are deleted"),
            Err(error) => tracing::warn!(%error, "carts that were forgotten have to wait"),
        }
        match links::delete_stale(&db).await {
            Ok(gone) => tracing::debug!(gone, "links that are too old are deleted"),
            Err(error) => tracing::warn!(%error, "links that are too old have to wait"),
        }
        match mail::delete_old(&db).await {
            Ok(gone) => tracing::debug!(gone, "what is left of old mails is deleted"),
            Err(error) => tracing::warn!(%error, "what is left of old mails has to wait"),
        }
    }
}
