//! Whether the process lives, whether it can serve, and whether somebody has to look at the shop.

use crate::AppState;
use crate::doctor::{State as Found, disk};
use axum::extract::State;
use domain::health::{self, Trouble};
use domain::{Result, Timestamp};
use http::StatusCode;
use std::sync::{Mutex, PoisonError};

/// How long an answer counts, in milliseconds: anybody may ask, as often as they like.
const FRESH_MS: i64 = 10_000;
const REDIS_AWAY: &str = "Redis does not answer: each server counts attempts by itself, and looks for work more often.";
const LITTLE_ROOM: &str = "The disk has too little room for an upload or the database.";

/// What was found amiss the last time, and when.
#[derive(Debug, Default)]
pub struct Amiss(Mutex<Option<(Timestamp, Vec<&'static str>)>>);

/// The process lives.
pub async fn live() -> &'static str {
    "ok"
}

/// The database answers: with a shop that can be used but somebody has to look at, what is amiss stands below.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, String) {
    let away = state.redis.as_ref().is_some_and(|redis| !redis.is_up()).then_some(REDIS_AWAY);
    match amiss(&state).await.map(|amiss| amiss.into_iter().chain(away).collect::<Vec<_>>()) {
        Ok(amiss) if amiss.is_empty() => (StatusCode::OK, "ready".to_owned()),
        Ok(amiss) => (StatusCode::OK, format!("degraded\n{}\n", amiss.join("\n"))),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer".to_owned())
        }
    }
}

/// What is amiss, in sentences that say nothing of anybody.
async fn amiss(state: &AppState) -> Result<Vec<&'static str>> {
    state.db.ping().await?;
    let now = state.db.now();
    let kept = state.amiss.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((at, amiss)) = kept
        && (0..FRESH_MS).contains(&now.since_ms(at))
    {
        return Ok(amiss);
    }
    let mut amiss: Vec<&'static str> = health::troubles(&state.db).await?.into_iter().map(words).collect();
    let config = state.config.clone();
    // A disk that hangs is no reason to say nothing of the rest.
    let room = tokio::task::spawn_blocking(move || disk::examine(&config));
    let room = tokio::time::timeout(std::time::Duration::from_secs(2), room).await;
    if !room.is_ok_and(|room| room.is_ok_and(|found| found.iter().all(|finding| finding.state == Found::Good))) {
        amiss.push(LITTLE_ROOM);
    }
    *state.amiss.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, amiss.clone()));
    Ok(amiss)
}

fn words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoWorker => "Recordings wait, and no worker has been seen for a minute.",
        Trouble::MailStays => "Mails have not left for a quarter of an hour.",
        Trouble::ChoresWait => "What the shop looks after by itself has waited for five minutes.",
    }
}

#[cfg(test)]
mod tests {
    use super::{FRESH_MS, LITTLE_ROOM};
    use crate::http::testing::{Answer, Shop};
    use domain::testing;

    async fn ready(shop: &Shop) -> Answer {
        shop.clock.advance(FRESH_MS);
        shop.get("", "/readyz", &[]).await
    }

    #[tokio::test]
    async fn a_shop_in_which_nothing_is_amiss_is_ready() {
        let shop = Shop::open_whole(|config| config.uploads.max_bytes = 1).await;
        let answer = ready(&shop).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "ready"));
    }

    #[tokio::test]
    async fn a_shop_whose_mails_stay_is_degraded_and_says_so_until_they_leave() {
        let shop = Shop::open_whole(|config| config.uploads.max_bytes = 1).await;
        shop.shopper().await;
        assert_eq!(ready(&shop).await.text(), "ready");
        shop.clock.advance(testing::DAY);
        let answer = ready(&shop).await;
        assert_eq!(answer.status.as_u16(), 200, "it sells all the same");
        assert!(answer.text().starts_with("degraded\nMails have not left"), "{}", answer.text());
        while let Some((claim, _)) = crate::http::testing::claim_mail(&shop.db).await {
            domain::jobs::complete_all(&shop.db, &[claim]).await.unwrap();
        }
        assert_eq!(ready(&shop).await.text(), "ready");
    }

    #[tokio::test]
    async fn a_shop_with_too_little_room_is_degraded() {
        let shop = Shop::open_whole(|config| config.uploads.max_bytes = u64::MAX).await;
        assert_eq!(ready(&shop).await.text(), format!("degraded\n{LITTLE_ROOM}\n"));
    }

    #[tokio::test]
    async fn however_often_it_is_asked_the_shop_looks_once_in_ten_seconds() {
        let shop = Shop::open_whole(|config| config.uploads.max_bytes = 1).await;
        ready(&shop).await;
        shop.statements.take();
        for _ in 0..5 {
            shop.get("", "/readyz", &[]).await;
        }
        let sent = shop.statements.take();
        assert!(sent.iter().all(|sql| !sql.contains("jobs")), "{sent:?}");
    }
}
