//! Documents that were made a moment ago.

use super::Document;
use crate::http::HttpError;
use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Bytes of documents that are kept; the oldest go first.
const ROOM: usize = 32 * 1024 * 1024;
/// Documents that are made at a time: whoever asks for many waits, and the shop's database does not.
const MAKERS: usize = 2;

/// What was made, by address.
#[derive(Debug)]
pub struct Remembered {
    kept: Mutex<HashMap<String, (Timestamp, Document)>>,
    makers: Arc<Semaphore>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { kept: Mutex::default(), makers: Arc::new(Semaphore::new(MAKERS)) }
    }
}

impl Remembered {
    /// The document of an address: the one that was made less than `lifetime_ms` ago, or a new one.
    ///
    /// # Errors
    /// As `make`; a failure is not remembered.
    pub async fn get(
        &self,
        address: &str,
        now: Timestamp,
        lifetime_ms: i64,
        make: impl Future<Output = Result<Document, HttpError>>,
    ) -> Result<Document, HttpError> {
        if let Some(document) = self.young(address, now, lifetime_ms) {
            return Ok(document);
        }
        let _turn = self.makers.acquire().await.map_err(HttpError::internal)?;
        // Somebody else may have made it while we waited.
        if let Some(document) = self.young(address, now, lifetime_ms) {
            return Ok(document);
        }
        let document = make.await?;
        self.keep(address, now, document.clone());
        Ok(document)
    }

    fn young(&self, address: &str, now: Timestamp, lifetime_ms: i64) -> Option<Document> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, document) = kept.get(address)?;
        (0..lifetime_ms).contains(&now.since_ms(*at)).then(|| document.clone())
    }

    fn keep(&self, address: &str, now: Timestamp, document: Document) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if document.body.len() > ROOM {
            return;
        }
        kept.insert(address.to_owned(), (now, document));
        while size(&kept) > ROOM {
            let oldest = kept.iter().filter(|(known, _)| *known != address).min_by_key(|(_, (at, _))| *at);
            let Some(oldest) = oldest.map(|(known, _)| known.clone()) else { break };
            kept.remove(&oldest);
        }
    }
}

/// An address takes room as well: many small documents are no way around the limit.
fn size(kept: &HashMap<String, (Timestamp, Document)>) -> usize {
    kept.iter().map(|(address, (_, document))| address.len() + document.body.len() + 1024).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    fn text(body: &str) -> Result<Document, HttpError> {
        Ok(Document::new("text/plain", body.to_owned()))
    }

    async fn unneeded() -> Result<Document, HttpError> {
        panic!("it is remembered")
    }

    #[tokio::test]
    async fn a_document_is_made_once_in_its_lifetime() {
        let remembered = Remembered::default();
        let first = remembered.get("/a", Timestamp(0), 100, ready(text("one"))).await.unwrap();
        let second = remembered.get("/a", Timestamp(99), 100, unneeded()).await.unwrap();
        assert_eq!(first.body, second.body);
        let third = remembered.get("/a", Timestamp(100), 100, ready(text("two"))).await.unwrap();
        assert_eq!(third.body, "two");
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let remembered = Remembered::default();
        remembered.get("/a", Timestamp(0), 100, ready(Err(HttpError::not_found()))).await.unwrap_err();
        assert_eq!(remembered.get("/a", Timestamp(1), 100, ready(text("one"))).await.unwrap().body, "one");
    }

    #[tokio::test]
    async fn what_is_remembered_has_bounds_and_the_oldest_goes_first() {
        let remembered = Remembered::default();
        let large = || Ok(Document::new("text/plain", "x".repeat(ROOM / 3)));
        for (at, address) in ["/a", "/b", "/c"].iter().enumerate() {
            remembered.get(address, Timestamp(at as i64), 1000, ready(large())).await.unwrap();
        }
        remembered.get("/b", Timestamp(10), 1000, unneeded()).await.unwrap();
        assert_eq!(remembered.get("/a", Timestamp(10), 1000, ready(text("anew"))).await.unwrap().body, "anew");
    }
}
