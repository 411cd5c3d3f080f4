//! What every step of a job has at hand, and how it can end.

use super::pool::Pool;
use super::rests::Rests;
use crate::decoding::Decoder;
use crate::jobs::JobError;
use crate::models::Models;
use crate::providers::Outside;
use crate::storage::Storage;
use domain::Db;
use domain::jobs::Claim;
use sha2::Digest as _;
use sound::Limits;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// What the steps work with.
#[derive(Clone, Debug)]
pub struct Workshop {
    pub db: Db,
    pub storage: Arc<dyn Storage>,
    pub pool: Arc<Pool>,
    /// Which engines are left alone.
    pub rests: Arc<Rests>,
    pub models: Models,
    /// Who else may be asked.
    pub outside: Outside,
    pub decoder: Decoder,
    /// Folder for files that can be made again.
    pub work_dir: PathBuf,
    /// What is taken of one file.
    pub limits: Limits,
}

/// One step of one title, claimed.
#[derive(Clone, Debug)]
pub struct StepRun {
    pub shop: Workshop,
    pub claim: Claim,
    pub audiobook_id: Uuid,
}

impl StepRun {
    pub fn new(shop: Workshop, claim: Claim, audiobook_id: Uuid) -> Self {
        Self { shop, claim, audiobook_id }
    }

    /// The folder of this title's work files.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn folder(&self) -> Result<PathBuf, JobError> {
        let folder = self.shop.work_dir.join(self.audiobook_id.to_string());
        tokio::fs::create_dir_all(&folder).await?;
        Ok(folder)
    }

    /// Says how far the step is, in thousandths.
    ///
    /// # Errors
    /// [`JobError::Lost`].
    pub async fn progress(&self, done: usize, of: usize) -> Result<(), JobError> {
        let permille = i32::try_from(done * 1000 / of.max(1)).unwrap_or(1000);
        Ok(domain::production::steps::progress(&self.shop.db, &self.claim, permille, None).await?)
    }
}

/// Runs what keeps a core busy for a whole book's words apart from the threads that answer requests.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| JobError::Again(format!("A step broke off: {error}.")))
}

/// SHA-256 of several texts, in hexadecimal: what a step was made from.
pub fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = sha2::Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hex::encode(hash.finalize())
}
