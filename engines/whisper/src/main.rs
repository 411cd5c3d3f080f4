//! `lectern-whisper`: speech to text as a process of its own, spoken to over its standard input and output
//! (see `engine-protocol`). Whatever whisper.cpp does to a malformed model or sound, only this process suffers.

mod envelope;
mod model;
mod model_file;
mod pcm;
mod spans;
mod transcribe;
mod words;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use engine_protocol::{
    Accelerators, EngineKind, Event, Failed, FailureKind, Hello, Load, Loaded, PROTOCOL_VERSION, Request, Transcribe,
    WireError, read_line, write_line,
};
use model::Model;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    whisper_rs::install_logging_hooks();
    match serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern-whisper: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers requests until the input ends or asks for the end.
fn serve(mut input: impl BufRead, mut output: impl Write) -> Result<(), WireError> {
    write_line(&mut output, &Event::Hello(hello()))?;
    let mut model = None;
    loop {
        let request = match read_line::<Request>(&mut input) {
            Ok(Some(Request::Shutdown) | None) => return Ok(()),
            Ok(Some(request)) => request,
            Err(error) if error.is_recoverable() => {
                let failed = Failed::new(None, FailureKind::BadInput, error.to_string());
                write_line(&mut output, &Event::Failed(failed))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let id = request.id();
        let answer = match request {
            Request::Load(request) => load(&mut model, &request),
            Request::Transcribe(request) => hear(model.as_mut(), &request),
            Request::Generate(_) | Request::CountTokens(_) | Request::Shutdown => {
                Err(Failure::bad_input("this engine turns speech into text and does nothing else"))
            }
        };
        let event = answer.unwrap_or_else(|failure| Event::Failed(Failed::new(id, failure.kind, failure.message)));
        write_line(&mut output, &event)?;
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

fn load(model: &mut Option<Model>, request: &Load) -> Result<Event, Failure> {
    // The old model goes first: two may not fit into the memory.
    *model = None;
    let loaded = model.insert(Model::load(request)?);
    Ok(Event::Loaded(Loaded { id: request.id, model: loaded.facts() }))
}

fn hear(model: Option<&mut Model>, request: &Transcribe) -> Result<Event, Failure> {
    let model = model.ok_or_else(|| Failure::bad_model("no model is loaded"))?;
    transcribe::transcribe(model, request).map(Event::Transcribed)
}
