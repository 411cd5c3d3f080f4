//! `lectern-whisper`: speech to text as a process of its own, spoken to over its standard input and output
//! (see `engine-protocol`). Whatever whisper.cpp does to a malformed model or sound, only this process suffers.

mod align;
mod doubt;
mod ears;
mod eight_bits;
mod envelope;
mod identify;
mod levers;
mod listen;
mod model;
mod model_file;
mod pcm;
mod scripts;
mod sentences;
mod spans;
mod transcribe;
mod words;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use ears::{Answers, Chunk, Ears};
use engine_protocol::{
    Accelerators, EngineKind, Event, Failed, FailureKind, Hello, Load, Loaded, PROTOCOL_VERSION, Request, WireError,
    read_line, write_line,
};
use model::Model;
use tracing_subscriber::EnvFilter;

/// How far below the shop's pages the engine stands in line for the processors (`nice`): it takes what they leave.
#[cfg(unix)]
const NICENESS: i32 = 5;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    whisper_rs::install_logging_hooks();
    #[cfg(target_os = "linux")]
    end_with_server();
    #[cfg(unix)]
    if let Err(error) = rustix::process::nice(NICENESS) {
        eprintln!("lectern-whisper: no lower priority: {error}");
    }
    match serve(io::stdin().lock(), io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern-whisper: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Ends with the server, whatever it is at work on: nobody waits for the answer, and the next server wants the processors.
#[cfg(target_os = "linux")]
fn end_with_server() {
    let signal = Some(rustix::process::Signal::KILL);
    if let Err(error) = rustix::process::set_parent_process_death_signal(signal) {
        eprintln!("lectern-whisper: it may outlive its server: {error}");
    }
}

/// Answers requests until the input ends or asks for the end; what was asked before is answered first.
fn serve<W: Write + Send + 'static>(mut input: impl BufRead, output: W) -> Result<(), WireError> {
    let answers: Answers<W> = Arc::new(Mutex::new(output));
    let answer = |event: &Event| write_line(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner), event);
    answer(&Event::Hello(hello()))?;
    let mut ears: Option<Ears> = None;
    loop {
        let request = match read_line::<Request>(&mut input) {
            Ok(Some(Request::Shutdown) | None) => return Ok(()),
            Ok(Some(request)) => request,
            Err(error) if error.is_recoverable() => {
                answer(&Event::Failed(Failed::new(None, FailureKind::BadInput, error.to_string())))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let id = request.id();
        let done = match request {
            Request::Load(request) => load(&mut ears, &request, &answers).map(Some),
            Request::Transcribe(request) => take(ears.as_ref(), Chunk::Transcribe(request)),
            Request::Identify(request) => take(ears.as_ref(), Chunk::Identify(request)),
            Request::Generate(_) | Request::GenerateAll(_) | Request::CountTokens(_) | Request::Shutdown => {
                Err(Failure::bad_input("this engine turns speech into text and does nothing else"))
            }
        };
        match done {
            Ok(Some(event)) => answer(&event)?,
            Ok(None) => {}
            Err(failure) => answer(&Event::Failed(Failed::new(id, failure.kind, failure.message)))?,
        }
    }
}

/// Why a request cannot be done, before it gets its id.
#[derive(Debug)]
struct Failure {
    kind: FailureKind,
    message: String,
}

impl Failure {
    fn bad_input(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::BadInput, message: message.into() }
    }

    fn bad_model(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::BadModel, message: message.into() }
    }

    fn internal(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Internal, message: message.into() }
    }
}

fn hello() -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        engine: EngineKind::Whisper,
        engine_version: env!("CARGO_PKG_VERSION").into(),
        library: format!("whisper.cpp {}", whisper_rs::get_whisper_version()),
        accelerators: Accelerators {
            cuda: cfg!(feature = "cuda"),
            vulkan: cfg!(feature = "vulkan"),
            metal: cfg!(feature = "metal"),
        },
    }
}

fn load<W: Write + Send + 'static>(
    ears: &mut Option<Ears>,
    request: &Load,
    answers: &Answers<W>,
) -> Result<Event, Failure> {
    // The old model goes first: two may not fit into the memory.
    *ears = None;
    let model = Model::load(request)?;
    let facts = model.facts();
    *ears = Some(Ears::open(model, answers)?);
    Ok(Event::Loaded(Loaded { id: request.id, model: facts }))
}

/// The chunk is answered when it has been heard.
fn take(ears: Option<&Ears>, chunk: Chunk) -> Result<Option<Event>, Failure> {
    let ears = ears.ok_or_else(|| Failure::bad_model("no model is loaded"))?;
    ears.take(chunk).map(|()| None)
}
