//! `lectern-llama`: text generation as a process of its own, spoken to over its standard input and output
//! (see `engine-protocol`). Whatever llama.cpp does to a malformed model, only this process suffers.

mod choice;
mod conversation;
mod desk;
mod embed;
mod generate;
mod model;
mod voice;

use std::io::{self, BufRead, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use desk::Desk;
use engine_protocol::{
    Accelerators, Counted, EngineKind, Event, Failed, FailureKind, GeneratedAll, Hello, Load, Loaded, PROTOCOL_VERSION,
    Request, RequestId, WireError, read_line, write_line,
};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Debug is what llama.cpp says about each layer, and what it warns of a model's metadata is of no use to a shop.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    send_logs_to_tracing(LogOptions::default());
    #[cfg(target_os = "linux")]
    end_with_server();
    let backend = match LlamaBackend::init() {
        Ok(backend) => backend,
        Err(error) => {
            eprintln!("lectern-llama: llama.cpp does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match serve(&backend, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern-llama: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Ends with the server, whatever it is at work on: nobody waits for the answer, and the next server wants the processors.
#[cfg(target_os = "linux")]
fn end_with_server() {
    let signal = Some(rustix::process::Signal::KILL);
    if let Err(error) = rustix::process::set_parent_process_death_signal(signal) {
        eprintln!("lectern-llama: it may outlive its server: {error}");
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

    fn event(self, id: Option<RequestId>) -> Event {
        Event::Failed(Failed::new(id, self.kind, self.message))
    }
}

/// Answers requests until the input ends or asks for the end. A model lives as long as one turn of the loop, because its
/// context borrows it.
fn serve(backend: &LlamaBackend, mut input: impl BufRead, mut output: impl Write) -> Result<(), WireError> {
    write_line(&mut output, &Event::Hello(hello()))?;
    let mut next = without_model(&mut input, &mut output)?;
    while let ControlFlow::Continue(load) = next {
        next = match with_model(backend, &load, &mut input, &mut output)? {
            Ok(next) => next,
            Err(failure) => {
                write_line(&mut output, &failure.event(Some(load.id)))?;
                without_model(&mut input, &mut output)?
            }
        };
    }
    Ok(())
}

/// What comes next: a model to load, or the end.
type Next = ControlFlow<(), Load>;

/// Waits for a model.
fn without_model(input: &mut impl BufRead, output: &mut impl Write) -> Result<Next, WireError> {
    while let Some(request) = next_request(input, output)? {
        match request {
            Request::Load(load) => return Ok(ControlFlow::Continue(load)),
            Request::Generate(_) | Request::GenerateAll(_) | Request::CountTokens(_) | Request::Embed(_) => {
                write_line(&mut *output, &Failure::bad_model("no model is loaded").event(request.id()))?;
            }
            Request::Transcribe(_) | Request::Identify(_) | Request::Shutdown => {
                write_line(&mut *output, &not_ours().event(request.id()))?
            }
        }
    }
    Ok(ControlFlow::Break(()))
}

/// Loads a model and works with it. The inner error is a model that cannot be loaded.
fn with_model(
    backend: &LlamaBackend,
    load: &Load,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<Result<Next, Failure>, WireError> {
    let model = match model::load(backend, load) {
        Ok(model) => model,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut desk = match Desk::new(backend, &model, load) {
        Ok(desk) => desk,
        Err(failure) => return Ok(Err(failure)),
    };
    write_line(&mut *output, &Event::Loaded(Loaded { id: load.id, model: desk.facts(&load.model_path) }))?;

    while let Some(request) = next_request(input, output)? {
        let id = request.id();
        let answer = match request {
            Request::Load(load) => return Ok(Ok(ControlFlow::Continue(load))),
            Request::CountTokens(request) => {
                Ok(Event::Counted(Counted { id: request.id, tokens: conversation::count(&model, &request.text) }))
            }
            Request::Generate(request) => {
                let mut told = Ok(());
                let listens = |progress| {
                    told = write_line(&mut *output, &Event::Progress(progress));
                    told.is_ok()
                };
                let written = desk.writer().and_then(|writer| writer.write(&request, listens));
                told?;
                written.map(Event::Generated)
            }
            Request::GenerateAll(request) => {
                let mut told = Ok(());
                let listens = |progress| {
                    told = write_line(&mut *output, &Event::Progress(progress));
                    told.is_ok()
                };
                let written = desk.writer().and_then(|writer| writer.write_all(request.id, &request.requests, listens));
                told?;
                written.map(|answers| Event::GeneratedAll(GeneratedAll { id: request.id, answers }))
            }
            Request::Embed(request) => {
                desk.embedder().and_then(|embedder| embedder.embed(&request)).map(Event::Embedded)
            }
            Request::Transcribe(_) | Request::Identify(_) | Request::Shutdown => Err(not_ours()),
        };
        write_line(&mut *output, &answer.unwrap_or_else(|failure| failure.event(id)))?;
    }
    Ok(Ok(ControlFlow::Break(())))
}

/// The next request that can be read; `None` for the end, asked for or not.
fn next_request(input: &mut impl BufRead, output: &mut impl Write) -> Result<Option<Request>, WireError> {
    loop {
        match read_line::<Request>(&mut *input) {
            Ok(Some(Request::Shutdown)) => return Ok(None),
            Ok(request) => return Ok(request),
            Err(error) if error.is_recoverable() => {
                write_line(&mut *output, &Failure::bad_input(error.to_string()).event(None))?;
            }
            Err(error) => return Err(error),
        }
    }
}

fn not_ours() -> Failure {
    Failure::bad_input("this engine writes text, tells what texts mean, and does nothing else")
}

fn hello() -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        engine: EngineKind::Llama,
        engine_version: env!("CARGO_PKG_VERSION").into(),
        library: format!("llama.cpp in llama-cpp-2 {}", env!("LLAMA_CPP_2_VERSION")),
        accelerators: Accelerators {
            cuda: cfg!(feature = "cuda"),
            vulkan: cfg!(feature = "vulkan"),
            metal: cfg!(feature = "metal"),
        },
    }
}
