//! Requests of which several are under way at once, answered as they end: for an engine that hears more than one chunk at a
//! time.

use super::{Engine, EngineError, unasked};
use crate::telemetry;
use engine_protocol::{Event, Identify, Request, RequestId, SAMPLE_RATE, Transcribe};
use std::collections::HashMap;
use tracing::Span;
use tracing::field::Empty;

/// An engine that is asked several things at once. Dropped before all is answered, the engine is of no more use.
#[derive(Debug)]
pub struct Several<'a> {
    engine: &'a mut Engine,
    under_way: HashMap<RequestId, Span>,
}

impl Engine {
    /// Asks several things at once.
    pub fn several(&mut self) -> Several<'_> {
        Several { engine: self, under_way: HashMap::new() }
    }
}

impl Several<'_> {
    /// How many answers are waited for.
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Asks what is said in a chunk; the answer has this number.
    ///
    /// # Errors
    /// A deadly one.
    pub async fn transcribe(&mut self, mut request: Transcribe) -> Result<RequestId, EngineError> {
        let span = tracing::info_span!(
            "engine.transcribe",
            model = self.engine.model(),
            audio_seconds = request.sample_count as f64 / f64::from(SAMPLE_RATE),
            retry = request.retry,
            segments = Empty,
        );
        request.id = self.engine.id();
        self.ask(&Request::Transcribe(request), span).await
    }

    /// Asks which language is spoken in the chunk of a request; the answer has this number.
    ///
    /// # Errors
    /// A deadly one.
    pub async fn identify(&mut self, chunk: &Transcribe) -> Result<RequestId, EngineError> {
        let span = tracing::info_span!("engine.identify", model = self.engine.model());
        let id = self.engine.id();
        self.ask(&Request::Identify(language_of(chunk, id)), span).await
    }

    async fn ask(&mut self, request: &Request, span: Span) -> Result<RequestId, EngineError> {
        let id = request.id().unwrap_or_default();
        self.under_way.insert(id, span);
        self.engine.send(request).await?;
        Ok(id)
    }

    /// The next answer, to whatever was asked. A refusal is one as well.
    ///
    /// # Errors
    /// A deadly one: then nothing else is answered.
    pub async fn next_answer(&mut self) -> Result<(RequestId, Result<Event, EngineError>), EngineError> {
        loop {
            let event = self.engine.next_event().await?;
            if matches!(event, Event::Progress(_)) {
                continue;
            }
            let asked = event.id().and_then(|id| Some((id, self.under_way.remove(&id)?)));
            let Some((id, span)) = asked else { return Err(unasked(&event)) };
            self.engine.speaking = !self.under_way.is_empty();
            return Ok(match event {
                Event::Failed(failed) => {
                    let refused = EngineError::Refused { kind: failed.kind, message: failed.message };
                    telemetry::failed(&span, refused.name());
                    (id, Err(refused))
                }
                event => {
                    if let Event::Transcribed(heard) = &event {
                        span.record("segments", heard.segments.len());
                    }
                    (id, Ok(event))
                }
            });
        }
    }
}

/// The question for the language of a chunk.
pub(super) fn language_of(chunk: &Transcribe, id: RequestId) -> Identify {
    Identify {
        id,
        pcm_path: chunk.pcm_path.clone(),
        pcm_format: chunk.pcm_format,
        offset_samples: chunk.offset_samples,
        sample_count: chunk.sample_count,
    }
}
