//! One inference engine: a child process that is started, spoken to in JSON lines, watched, and killed when it hangs.

mod several;

pub use several::Several;

use crate::telemetry;
use engine_protocol::{
    Event, Failed, FailureKind, Generate, GenerateAll, Generated, Hello, Identified, Load, MAX_LINE_BYTES, ModelFacts,
    PROTOCOL_VERSION, Request, RequestId, SAMPLE_RATE, Transcribe, Transcribed,
};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tracing::Span;
use tracing::field::Empty;

/// Lines of an engine's own words that are kept for the message about its end.
const LAST_WORDS: usize = 12;
/// Longest line of them that is read, in bytes; what is longer goes on as another.
const LONGEST_WORDS: u64 = 16 * 1024;
/// How long an engine may take to say hello.
const START_TIME: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The program is not there or does not start.
    #[error("the engine {path} could not be started: {reason}")]
    NotStarted { path: PathBuf, reason: String },
    /// It ended in the middle of a request.
    #[error("the engine crashed{0}")]
    Crashed(String),
    /// It was silent for too long and was killed.
    #[error("the engine gave no sign of life for {0} s and was stopped")]
    Hung(u64),
    /// It refused the request.
    #[error("{message}")]
    Refused { kind: FailureKind, message: String },
    /// It said something that makes no sense here.
    #[error("the engine does not speak as expected: {0}")]
    Protocol(String),
}

impl EngineError {
    /// What happened, in a word.
    fn name(&self) -> &'static str {
        match self {
            Self::NotStarted { .. } => "not-started",
            Self::Crashed(_) => "crashed",
            Self::Hung(_) => "hung",
            Self::Refused { .. } => "refused",
            Self::Protocol(_) => "protocol",
        }
    }

    /// Whether the process is of no more use.
    pub fn is_deadly(&self) -> bool {
        !matches!(self, Self::Refused { .. })
    }
}

/// A running engine. Dropping it kills the process.
#[derive(Debug)]
pub struct Engine {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    pub hello: Hello,
    loaded: Option<(PathBuf, ModelFacts)>,
    next_id: RequestId,
    patience: Duration,
    /// A request is under way: if it is given up, what comes next on the pipe belongs to it.
    speaking: bool,
}

impl Engine {
    /// Starts a program and waits for its greeting. `patience` is how long it may be silent in a request.
    ///
    /// # Errors
    /// [`EngineError::NotStarted`]; [`EngineError::Protocol`] when it speaks another version.
    #[tracing::instrument(name = "engine.start", skip_all)]
    pub async fn start(program: &Path, patience: Duration) -> Result<Self, EngineError> {
        let not_started = |reason: String| EngineError::NotStarted { path: program.to_owned(), reason };
        // Of our environment it is given what it needs to run, and none of the shop's secrets.
        let mut child = Command::new(program)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_for_engines)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| not_started(error.to_string()))?;
        let (Some(input), Some(output), Some(words)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(not_started("its pipes are missing".into()));
        };
        let last_words = Arc::new(Mutex::new(VecDeque::new()));
        tokio::spawn(listen(words, last_words.clone()));
        let mut output = BufReader::new(output);
        let greeting = tokio::time::timeout(START_TIME, read_event(&mut output)).await;
        let hello = match greeting {
            Ok(Ok(Some(Event::Hello(hello)))) => hello,
            Ok(Ok(None)) => return Err(not_started(format!("it ended at once{}", spoken(&last_words)))),
            Ok(Ok(Some(_))) => return Err(EngineError::Protocol("it did not say hello first".into())),
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(not_started("it did not say hello in time".into())),
        };
        if hello.protocol != PROTOCOL_VERSION {
            return Err(EngineError::Protocol(format!(
                "it speaks version {} of the protocol, this program version {PROTOCOL_VERSION}",
                hello.protocol
            )));
        }
        Ok(Self { child, input, output, last_words, hello, loaded: None, next_id: 1, patience, speaking: false })
    }

    /// Loads a model, unless it is the one that is loaded.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when the file is no model that the engine can use.
    #[tracing::instrument(name = "engine.load", skip_all, fields(model = named(model), gpu))]
    pub async fn load(
        &mut self,
        model: &Path,
        gpu: Option<u32>,
        threads: u32,
        context_limit: Option<u32>,
    ) -> Result<ModelFacts, EngineError> {
        if let Some((path, facts)) = &self.loaded
            && path == model
        {
            return Ok(facts.clone());
        }
        self.loaded = None;
        let id = self.id();
        let load = Load { id, model_path: model.to_owned(), gpu, threads, context_limit };
        match self.ask(&Request::Load(load), |_| {}).await? {
            Event::Loaded(loaded) => {
                self.loaded = Some((model.to_owned(), loaded.model.clone()));
                Ok(loaded.model)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// # Errors
    /// [`EngineError::Refused`] when the audio cannot be used, or a deadly one.
    #[tracing::instrument(name = "engine.transcribe", skip_all, fields(
        model = self.model(),
        audio_seconds = request.sample_count as f64 / f64::from(SAMPLE_RATE),
        retry = request.retry,
        segments = Empty,
    ))]
    pub async fn transcribe(
        &mut self,
        mut request: Transcribe,
        progress: impl FnMut(u16),
    ) -> Result<Transcribed, EngineError> {
        request.id = self.id();
        match self.ask(&Request::Transcribe(request), progress).await? {
            Event::Transcribed(transcribed) => {
                Span::current().record("segments", transcribed.segments.len());
                Ok(transcribed)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// The language that is spoken in the chunk of a request.
    ///
    /// # Errors
    /// As for [`Self::transcribe`].
    #[tracing::instrument(name = "engine.identify", skip_all, fields(model = self.model()))]
    pub async fn identify(&mut self, chunk: &Transcribe) -> Result<Identified, EngineError> {
        let id = self.id();
        match self.ask(&Request::Identify(several::language_of(chunk, id)), |_| {}).await? {
            Event::Identified(identified) => Ok(identified),
            other => Err(unexpected(&other)),
        }
    }

    /// # Errors
    /// [`EngineError::Refused`] when the prompt does not fit, or a deadly one.
    #[tracing::instrument(name = "engine.generate", skip_all, fields(
        model = self.model(),
        prompt_tokens = Empty,
        output_tokens = Empty,
    ))]
    pub async fn generate(&mut self, mut request: Generate) -> Result<Generated, EngineError> {
        request.id = self.id();
        match self.ask(&Request::Generate(request), |_| {}).await? {
            Event::Generated(generated) => {
                let span = Span::current();
                span.record("prompt_tokens", generated.prompt_tokens);
                span.record("output_tokens", generated.output_tokens);
                Ok(generated)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Several answers, written side by side and told in the order of their requests.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when one of the prompts does not fit, or a deadly one.
    #[tracing::instrument(name = "engine.generate_all", skip_all, fields(
        model = self.model(),
        output_tokens = Empty,
    ))]
    pub async fn generate_all(&mut self, requests: Vec<Generate>) -> Result<Vec<Generated>, EngineError> {
        let (id, all) = (self.id(), requests.len());
        match self.ask(&Request::GenerateAll(GenerateAll { id, requests }), |_| {}).await? {
            Event::GeneratedAll(generated) if generated.answers.len() == all => {
                let tokens: u32 = generated.answers.iter().map(|answer| answer.output_tokens).sum();
                Span::current().record("output_tokens", tokens);
                Ok(generated.answers)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Tokens of a text.
    ///
    /// # Errors
    /// A deadly one.
    pub async fn count_tokens(&mut self, text: &str) -> Result<u32, EngineError> {
        let id = self.id();
        let count = engine_protocol::CountTokens { id, text: text.to_owned() };
        match self.ask(&Request::CountTokens(count), |_| {}).await? {
            Event::Counted(counted) => Ok(counted.tokens),
            other => Err(unexpected(&other)),
        }
    }

    /// The process, for the log; `None` once it has ended.
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it can be given another request.
    pub fn is_usable(&mut self) -> bool {
        !self.speaking && matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end, and kills it if it does not.
    pub async fn stop(mut self) {
        if let Ok(line) = engine_protocol::encode(&Request::Shutdown) {
            let _ = self.input.write_all(&line).await;
        }
        drop(self.input);
        if tokio::time::timeout(Duration::from_secs(3), self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }

    fn id(&mut self) -> RequestId {
        self.next_id += 1;
        self.next_id
    }

    /// The name of the model that is loaded.
    fn model(&self) -> &str {
        self.loaded.as_ref().map_or("", |(path, _)| named(path))
    }

    async fn ask(&mut self, request: &Request, progress: impl FnMut(u16)) -> Result<Event, EngineError> {
        let answered = self.exchange(request, progress).await;
        if let Err(error) = &answered {
            telemetry::failed(&Span::current(), error.name());
        }
        answered
    }

    async fn exchange(&mut self, request: &Request, mut progress: impl FnMut(u16)) -> Result<Event, EngineError> {
        self.send(request).await?;
        loop {
            let event = self.next_event().await?;
            if let Event::Progress(now) = &event {
                progress(now.permille);
                continue;
            }
            if event.id() != request.id() {
                return Err(unasked(&event));
            }
            self.speaking = false;
            return match event {
                Event::Failed(failed) => Err(EngineError::Refused { kind: failed.kind, message: failed.message }),
                event => Ok(event),
            };
        }
    }

    async fn send(&mut self, request: &Request) -> Result<(), EngineError> {
        let line = engine_protocol::encode(request).map_err(|error| EngineError::Protocol(error.to_string()))?;
        self.speaking = true;
        let sent = async {
            self.input.write_all(&line).await?;
            self.input.flush().await
        };
        match tokio::time::timeout(self.patience, sent).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.crashed().await),
            Err(_) => {
                let _ = self.child.start_kill();
                Err(EngineError::Hung(self.patience.as_secs()))
            }
        }
    }

    async fn next_event(&mut self) -> Result<Event, EngineError> {
        match tokio::time::timeout(self.patience, read_event(&mut self.output)).await {
            Ok(Ok(Some(event))) => Ok(event),
            Ok(Ok(None)) => Err(self.crashed().await),
            Ok(Err(error)) => Err(error),
            Err(_) => {
                let _ = self.child.start_kill();
                Err(EngineError::Hung(self.patience.as_secs()))
            }
        }
    }

    async fn crashed(&mut self) -> EngineError {
        let _ = self.child.start_kill();
        let status = tokio::time::timeout(Duration::from_secs(3), self.child.wait()).await;
        let how = match status {
            Ok(Ok(status)) => format!(" ({status})"),
            _ => String::new(),
        };
        EngineError::Crashed(format!("{how}{}", spoken(&self.last_words)))
    }
}

/// A model by its file's name: where it lies is nobody's business.
fn named(model: &Path) -> &str {
    model.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// An answer to nothing that was asked.
fn unasked(event: &Event) -> EngineError {
    EngineError::Protocol(match event {
        // It is older than this program, perhaps.
        Event::Failed(Failed { id: None, message, .. }) => {
            format!("it cannot read what it is asked ({message}); give it the version of this program")
        }
        _ => "it answered something that was not asked".to_owned(),
    })
}

fn unexpected(event: &Event) -> EngineError {
    EngineError::Protocol(format!("an answer of another kind: {event:?}").chars().take(200).collect())
}

/// The next line as an event; `None` when the pipe is closed.
async fn read_event(output: &mut BufReader<ChildStdout>) -> Result<Option<Event>, EngineError> {
    let broken = |error: &dyn std::fmt::Display| EngineError::Protocol(error.to_string());
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_LINE_BYTES as u64 + 1;
        let read = (&mut *output).take(limit).read_until(b'\n', &mut line).await;
        match read {
            Ok(0) | Err(_) => return Ok(None),
            Ok(_) if line.last() != Some(&b'\n') => {
                return if line.len() > MAX_LINE_BYTES { Err(broken(&"a line without an end")) } else { Ok(None) };
            }
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => return engine_protocol::decode(&line).map(Some).map_err(|error| broken(&error)),
        }
    }
}

/// Passes an engine's own words on to the log and keeps the last ones.
async fn listen(words: ChildStderr, last_words: Arc<Mutex<VecDeque<String>>>) {
    let (mut words, mut line) = (BufReader::new(words), Vec::new());
    loop {
        line.clear();
        match (&mut words).take(LONGEST_WORDS).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(line.trim_ascii_end());
        tracing::debug!(target: "lectern::engine", "{line}");
        let mut last = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LAST_WORDS {
            last.pop_front();
        }
        last.push_back(line.chars().take(300).collect());
    }
}

/// Whether an engine is given a variable of our environment: where programs, libraries and temporary files are, the
/// language, and what steers the libraries for sums and graphics.
pub(crate) fn is_for_engines(name: &str) -> bool {
    const NAMES: [&str; 8] =
        ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "SYSTEMROOT", "XDG_CACHE_HOME", "LD_LIBRARY_PATH"];
    const FAMILIES: [&str; 9] = ["LC_", "DYLD_", "OMP_", "GOMP_", "GGML_", "CUDA_", "NVIDIA_", "VK_", "RUST_"];
    NAMES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

fn spoken(last_words: &Mutex<VecDeque<String>>) -> String {
    let last = last_words.lock().unwrap_or_else(PoisonError::into_inner);
    match last.back() {
        Some(_) => format!("; its last words: {}", Vec::from_iter(last.iter().map(String::as_str)).join(" / ")),
        None => String::new(),
    }
}
