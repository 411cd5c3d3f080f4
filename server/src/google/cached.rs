//! What was fetched, remembered for a while.

use super::client::FetchError;
use domain::Timestamp;
use std::sync::Arc;
use tokio::sync::Mutex;

/// After a failure nothing is fetched for this long, in milliseconds: everybody would wait for the same silence, one after
/// the other.
const PAUSE_MS: i64 = 5_000;
/// How often something is fetched before its time, in milliseconds.
const EARLY_MS: i64 = 60_000;

/// Something that is fetched when it is needed, and again when it is too old. One request at a time asks for it.
#[derive(Debug)]
pub struct Cached<T> {
    lifetime_ms: i64,
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    kept: Option<(Timestamp, Arc<T>)>,
    failed_at: Option<Timestamp>,
    renewed_at: Option<Timestamp>,
}

fn within(at: Option<Timestamp>, now: Timestamp, ms: i64) -> bool {
    at.is_some_and(|at| (0..ms).contains(&now.since_ms(at)))
}

impl<T> Cached<T> {
    pub fn new(lifetime_ms: i64) -> Self {
        Self { lifetime_ms, state: Mutex::new(State { kept: None, failed_at: None, renewed_at: None }) }
    }

    /// It, remembered or fetched. `fetch` is not begun when it is not needed.
    ///
    /// # Errors
    /// As `fetch`; `None` for a failure a moment ago.
    pub async fn get(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<Arc<T>, Option<FetchError>> {
        let mut state = self.state.lock().await;
        match &state.kept {
            Some((at, kept)) if within(Some(*at), now, self.lifetime_ms) => Ok(kept.clone()),
            _ => state.fetch(now, fetch).await,
        }
    }

    /// It, fetched although it is not too old: at most once a minute, however often it is asked for.
    ///
    /// # Errors
    /// As [`Cached::get`].
    pub async fn renew(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<Arc<T>, Option<FetchError>> {
        let mut state = self.state.lock().await;
        match &state.kept {
            Some((_, kept)) if within(state.renewed_at, now, EARLY_MS) => Ok(kept.clone()),
            _ => {
                state.renewed_at = Some(now);
                state.fetch(now, fetch).await
            }
        }
    }
}

impl<T> State<T> {
    async fn fetch(
        &mut self,
        now: Timestamp,
        fetch: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<Arc<T>, Option<FetchError>> {
        if within(self.failed_at, now, PAUSE_MS) {
            return Err(None);
        }
        match fetch.await {
            Ok(fetched) => {
                let fetched = Arc::new(fetched);
                self.kept = Some((now, fetched.clone()));
                self.failed_at = None;
                Ok(fetched)
            }
            Err(error) => {
                self.failed_at = Some(now);
                Err(Some(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    const HOUR: i64 = 3_600_000;

    async fn unneeded() -> Result<u8, FetchError> {
        panic!("it is remembered")
    }

    #[tokio::test]
    async fn what_was_fetched_is_remembered_for_its_time() {
        let number = Cached::new(HOUR);
        assert_eq!(*number.get(Timestamp(0), ready(Ok(1))).await.unwrap(), 1);
        assert_eq!(*number.get(Timestamp(HOUR - 1), unneeded()).await.unwrap(), 1);
        assert_eq!(*number.get(Timestamp(HOUR), ready(Ok(2))).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn it_is_renewed_once_a_minute_at_most() {
        let number = Cached::new(HOUR);
        number.get(Timestamp(0), ready(Ok(1))).await.unwrap();
        assert_eq!(*number.renew(Timestamp(1), ready(Ok(2))).await.unwrap(), 2);
        assert_eq!(*number.renew(Timestamp(60_000), unneeded()).await.unwrap(), 2);
        assert_eq!(*number.renew(Timestamp(60_001), ready(Ok(3))).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn after_a_failure_nobody_waits_for_the_next_one() {
        let number = Cached::new(HOUR);
        assert!(matches!(number.get(Timestamp(0), ready(Err(FetchError::TooLong))).await, Err(Some(_))));
        assert!(matches!(number.get(Timestamp(4_999), unneeded()).await, Err(None)));
        assert_eq!(*number.get(Timestamp(5_000), ready(Ok(1))).await.unwrap(), 1);
    }
}
