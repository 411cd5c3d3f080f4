//! Chunks of one title heard side by side, by an engine that takes several at once: it is never left with fewer, and each chunk
//! is saved as it ends. What goes wrong here is left to be heard alone, where others stand in.

use super::book::Book;
use super::ears::{self, By};
use super::engine::{EngineError, Several};
use super::hearing;
use super::step::StepRun;
use super::tongue;
use crate::jobs::JobError;
use crate::models::known;
use domain::production::chunks::{self, Chunk};
use domain::production::parts::Part;
use domain::providers::{ProviderKind, Purpose, read};
use domain::transcript::{TranscribedSegment, trust};
use engine_protocol::{EngineKind, Event, ModelFacts, RequestId, SpeechModel, Transcribe};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Chunks after which others get the engine, if they wait for it.
const MOST: u64 = 32;

/// What the engine was asked about a chunk.
enum Asked {
    /// Its language, as the book is mixed.
    Language,
    /// What is said.
    Words,
    /// Its language, as what was heard is doubtful.
    Doubted(Vec<TranscribedSegment>),
    /// What is said, once more.
    Again(Vec<TranscribedSegment>),
}

/// A chunk that is being heard.
struct UnderWay {
    chunk: Chunk,
    request: Transcribe,
    asked: Asked,
}

/// A title that is being heard.
struct Together<'a> {
    job: &'a StepRun,
    parts: &'a [Part],
    book: &'a mut Book,
    model: SpeechModel,
    by: By,
    engine: Several<'a>,
    under_way: HashMap<RequestId, UnderWay>,
    heard: u32,
}

/// Hears chunks that wait, several at once, and says who heard any. `apart` are those that are to be heard alone; what could not
/// be heard here comes to them.
///
/// # Errors
/// When the shop cannot be asked, or the work is somebody else's by now.
pub async fn hear(
    job: &StepRun,
    parts: &[Part],
    book: &mut Book,
    apart: &mut HashSet<Uuid>,
) -> Result<Option<By>, JobError> {
    let shop = &job.shop;
    let first = read::ready(&shop.db, Purpose::Speech).await?.into_iter().next();
    if first.is_none_or(|ready| ready.provider.kind != ProviderKind::Engine)
        || shop.rests.is_resting(EngineKind::Whisper, shop.db.now())
    {
        return Ok(None);
    }
    let Some(model) = shop.models.choose(known::Purpose::Speech) else { return Ok(None) };
    let Ok(mut lease) = shop.pool.lease(EngineKind::Whisper, &model.path).await else { return Ok(None) };
    let ModelFacts::Speech(facts) = lease.model.clone() else { return Ok(None) };
    let waiting: Vec<Chunk> = chunks::next_chunks(&shop.db, job.audiobook_id, MOST)
        .await?
        .into_iter()
        .filter(|chunk| !apart.contains(&chunk.id) && chunk.end_ms - chunk.start_ms <= i64::from(facts.window_ms))
        .collect();
    if facts.at_once < 2 || waiting.len() < 2 {
        return Ok(None);
    }
    let by = By { provider: lease.library(), model: model.name, demonstration: model.demonstration };
    let engine = lease.engine()?.several();
    let under_way = HashMap::new();
    let mut together = Together { job, parts, book, model: facts, by, engine, under_way, heard: 0 };
    let ended = together.run(waiting, apart).await?;
    let (heard, by) = (together.heard, together.by);
    match ended {
        Ok(()) => shop.rests.went_well(EngineKind::Whisper),
        Err(error) => {
            tracing::warn!(%error, "an engine failed with several chunks: each is heard alone");
            shop.rests.failed(EngineKind::Whisper, shop.db.now());
        }
    }
    Ok((heard > 0).then_some(by))
}

impl Together<'_> {
    /// Hears these chunks, until one cannot be heard. The inner error is one that the engine has died of.
    async fn run(
        &mut self,
        waiting: Vec<Chunk>,
        apart: &mut HashSet<Uuid>,
    ) -> Result<Result<(), EngineError>, JobError> {
        let mut waiting = waiting.into_iter();
        // One more than it hears at once waits in the engine, so that it need not wait for the shop.
        let most = usize::try_from(self.model.at_once).unwrap_or(1) + 1;
        let mut stumbled = false;
        loop {
            while !stumbled && self.engine.under_way() < most {
                let Some(chunk) = waiting.next() else { break };
                if let Err(error) = self.begin(chunk).await? {
                    return Ok(Err(self.give_up(apart, error)));
                }
            }
            if self.engine.under_way() == 0 {
                return Ok(Ok(()));
            }
            let (id, answer) = match self.engine.next_answer().await {
                Ok(answered) => answered,
                Err(error) => return Ok(Err(self.give_up(apart, error))),
            };
            let Some(chunk) = self.under_way.remove(&id) else { continue };
            let chunk_id = chunk.chunk.id;
            match self.answered(chunk, answer).await? {
                Ok(true) => {}
                Ok(false) => {
                    apart.insert(chunk_id);
                    stumbled = true;
                }
                Err(error) => {
                    apart.insert(chunk_id);
                    return Ok(Err(self.give_up(apart, error)));
                }
            }
        }
    }

    /// Chunks that were under way when the engine died, one of which it may have died of, are heard alone.
    fn give_up(&mut self, apart: &mut HashSet<Uuid>, error: EngineError) -> EngineError {
        apart.extend(self.under_way.drain().map(|(_, under_way)| under_way.chunk.id));
        error
    }

    async fn begin(&mut self, chunk: Chunk) -> Result<Result<(), EngineError>, JobError> {
        let part = self.parts.iter().find(|part| part.id == chunk.part_id);
        let part = part.ok_or_else(|| JobError::Fatal("A file of this title is missing.".into()))?;
        let mut request = ears::request(self.job, part, &chunk).await?;
        request.language = hearing::known_to(&self.model, self.book.tongue.language());
        request.prompt = hearing::told_to(&self.model, &self.book.names);
        let mixed = self.book.tongue.is_mixed() && request.language.is_some();
        let asked = if mixed { Asked::Language } else { Asked::Words };
        Ok(self.ask(UnderWay { chunk, request, asked }).await)
    }

    async fn ask(&mut self, under_way: UnderWay) -> Result<(), EngineError> {
        let asked = match under_way.asked {
            Asked::Language | Asked::Doubted(_) => self.engine.identify(&under_way.request).await,
            Asked::Words | Asked::Again(_) => self.engine.transcribe(under_way.request.clone()).await,
        };
        // Noted also where the engine died of it.
        self.under_way.insert(asked.as_ref().copied().unwrap_or_default(), under_way);
        asked.map(drop)
    }

    /// Goes on with a chunk after an answer. False says that it could not be heard; the inner error, that the engine has died.
    async fn answered(
        &mut self,
        mut was: UnderWay,
        answer: Result<Event, EngineError>,
    ) -> Result<Result<bool, EngineError>, JobError> {
        let mixed = self.book.tongue.is_mixed();
        match (was.asked, answer) {
            (Asked::Words, Ok(Event::Transcribed(said))) => {
                let heard = hearing::judged(&was.chunk, said.segments);
                let doubted = trust::worth_another_try(&heard);
                if !doubted {
                    return self.keep(&was.chunk, heard, said.language).await;
                }
                was.asked = if mixed || was.request.language.is_none() {
                    was.request = hearing::again(was.request, None);
                    Asked::Again(heard)
                } else {
                    Asked::Doubted(heard)
                };
            }
            (Asked::Language, found) => {
                was.request.language = other(found, &was.request).or(was.request.language);
                was.asked = Asked::Words;
            }
            (Asked::Doubted(heard), found) => {
                let other = other(found, &was.request);
                was.request = hearing::again(was.request, other);
                was.asked = Asked::Again(heard);
            }
            (Asked::Again(heard), Ok(Event::Transcribed(said))) => {
                let better = trust::better(heard, hearing::judged(&was.chunk, said.segments));
                return self.keep(&was.chunk, better, was.request.language).await;
            }
            // It was heard, though not for certain: that is marked and shown to an admin.
            (Asked::Again(heard), _) => return self.keep(&was.chunk, heard, was.request.language).await,
            (Asked::Words, Err(error)) => {
                tracing::warn!(%error, chunk = was.chunk.position, "a chunk is heard alone");
                return Ok(Ok(false));
            }
            (Asked::Words, Ok(_)) => return Ok(Ok(false)),
        }
        Ok(self.ask(was).await.map(|()| true))
    }

    async fn keep(
        &mut self,
        chunk: &Chunk,
        heard: Vec<TranscribedSegment>,
        language: Option<String>,
    ) -> Result<Result<bool, EngineError>, JobError> {
        self.book.learn(self.job, chunk, &heard, language).await?;
        chunks::save_chunk(&self.job.shop.db, &self.job.claim, chunk, &self.by.words(), &heard).await?;
        self.heard += 1;
        Ok(Ok(true))
    }
}

/// A language that a chunk is certainly in, where that is another one than is listened for.
fn other(found: Result<Event, EngineError>, request: &Transcribe) -> Option<String> {
    let Ok(Event::Identified(found)) = found else { return None };
    tongue::certain(&found).filter(|language| request.language.as_ref() != Some(language))
}
