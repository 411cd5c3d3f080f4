//! The model at work: as many threads as it hears chunks at once, each with buffers of its own.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use engine_protocol::{Event, Failed, Identify, RequestId, Transcribe, write_line};
use whisper_rs::WhisperState;

use crate::Failure;
use crate::identify::identify;
use crate::model::Model;
use crate::transcribe::transcribe;

/// Where answers go, one line each, from any thread.
pub type Answers<W> = Arc<Mutex<W>>;

/// What can be done with a chunk.
pub enum Chunk {
    Transcribe(Transcribe),
    Identify(Identify),
}

impl Chunk {
    fn id(&self) -> RequestId {
        match self {
            Self::Transcribe(request) => request.id,
            Self::Identify(request) => request.id,
        }
    }

    fn hear(&self, model: &Model, state: &mut WhisperState) -> Result<Event, Failure> {
        match self {
            Self::Transcribe(request) => transcribe(model, state, request).map(Event::Transcribed),
            Self::Identify(request) => identify(model, state, request).map(Event::Identified),
        }
    }
}

/// A loaded model that takes chunks. Dropping it finishes those that were taken.
pub struct Ears {
    chunks: Option<Sender<Chunk>>,
    threads: Vec<JoinHandle<()>>,
}

impl Ears {
    /// Makes the buffers and starts the threads.
    pub fn open<W: Write + Send + 'static>(model: Model, answers: &Answers<W>) -> Result<Self, Failure> {
        let states: Vec<WhisperState> = (0..model.at_once).map(|_| model.state()).collect::<Result<_, _>>()?;
        let model = Arc::new(model);
        let (chunks, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let threads = states
            .into_iter()
            .map(|state| {
                let (model, waiting, answers) = (model.clone(), waiting.clone(), answers.clone());
                thread::spawn(move || work(&model, state, &waiting, &answers))
            })
            .collect();
        Ok(Self { chunks: Some(chunks), threads })
    }

    /// Takes a chunk, which is answered when it is done.
    pub fn take(&self, chunk: Chunk) -> Result<(), Failure> {
        let taken = self.chunks.as_ref().is_some_and(|chunks| chunks.send(chunk).is_ok());
        if taken { Ok(()) } else { Err(Failure::internal("the engine is closing")) }
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.chunks = None;
        for thread in self.threads.drain(..) {
            // One that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

fn work<W: Write>(model: &Model, mut state: WhisperState, waiting: &Mutex<Receiver<Chunk>>, answers: &Mutex<W>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(chunk) = next else { return };
        // No chunk may be left without an answer: the shop would wait for it.
        let heard = catch_unwind(AssertUnwindSafe(|| chunk.hear(model, &mut state)));
        let heard = heard.unwrap_or_else(|_| Err(Failure::internal("the engine stumbled over the chunk")));
        let event =
            heard.unwrap_or_else(|failure| Event::Failed(Failed::new(Some(chunk.id()), failure.kind, failure.message)));
        if write_line(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner), &event).is_err() {
            // Nobody listens any more; the end of the input says so to the rest.
            return;
        }
    }
}
