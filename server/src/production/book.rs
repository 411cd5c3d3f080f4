//! What is known of a book before a chunk of it is heard: its language, and names.

use super::names::Names;
use super::step::StepRun;
use super::tongue::{self, Tongue};
use crate::jobs::JobError;
use domain::catalog::edit;
use domain::production::chunks::{self, Chunk};
use domain::production::parts::Part;
use domain::production::{Step, steps, tongue as spoken};
use domain::transcript::TranscribedSegment;

#[derive(Clone, Debug)]
pub struct Book {
    pub tongue: Tongue,
    pub names: Names,
}

impl Book {
    /// What is known of the title of a job. Where nothing of it is left to be heard, nothing is listened to for that.
    ///
    /// # Errors
    /// When the shop cannot be asked.
    pub async fn of(job: &StepRun, parts: &[Part]) -> Result<Self, JobError> {
        let db = &job.shop.db;
        if chunks::next_chunk(db, job.audiobook_id).await?.is_none() {
            let languages = steps::output(db.read(), job.audiobook_id, Step::Transcribe).await?.languages;
            return Ok(Self { tongue: Tongue::of(languages), names: Names::default() });
        }
        let page = edit::form(db, job.audiobook_id).await?;
        Ok(Self { tongue: tongue::of_book(job, parts, &page.language).await?, names: Names::of(&page) })
    }

    /// Learns from what was heard in a chunk: names, and the language, as long as nobody knows that of the book. `found` is the
    /// one that the chunk is in. What is no speech says nothing of it.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn learn(
        &mut self,
        job: &StepRun,
        chunk: &Chunk,
        heard: &[TranscribedSegment],
        found: Option<String>,
    ) -> Result<(), JobError> {
        let believed = heard.iter().any(|piece| piece.flag.is_none());
        if believed && self.tongue.answered(found.as_deref(), chunk.end_ms - chunk.start_ms) {
            spoken::heard(&job.shop.db, &job.claim, self.tongue.languages()).await?;
        }
        let language = found.as_deref().or_else(|| self.tongue.language().map(String::as_str));
        self.names.learn(heard, language);
        Ok(())
    }
}
