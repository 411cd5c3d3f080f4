//! A loaded model and what it can do.

use engine_protocol::{FailureKind, Load, ModelFacts, SpeechModel};
use whisper_rs::{WhisperContext, WhisperContextParameters, WhisperState};

use crate::Failure;
use crate::model_file::{self, Header, Unusable};

/// Milliseconds that one position of the encoder stands for.
const POSITION_MS: u32 = 20;

/// More threads than this slow whisper.cpp down.
const MOST_THREADS: usize = 8;

/// A model that stays in memory with the buffers that it works in.
pub struct Model {
    pub context: WhisperContext,
    pub state: WhisperState,
    pub threads: i32,
    header: Header,
}

impl Model {
    /// Checks the file, then loads it.
    pub fn load(request: &Load) -> Result<Self, Failure> {
        let path = &request.model_path;
        let header = model_file::inspect(path).map_err(|error| match error {
            Unusable::Unreadable(_) | Unusable::Truncated | Unusable::NotAModel(_) => {
                Failure::bad_model(format!("{}: {error}", path.display()))
            }
        })?;
        let mut parameters = WhisperContextParameters::new();
        parameters.use_gpu(request.gpu.is_some());
        if let Some(gpu) = request.gpu {
            parameters
                .gpu_device(i32::try_from(gpu).map_err(|_| Failure::bad_input(format!("there is no GPU {gpu}")))?);
        }
        let context = WhisperContext::new_with_params(path, parameters)
            .map_err(|error| Failure::bad_model(format!("{}: whisper.cpp refuses it: {error}", path.display())))?;
        // What is left to fail here is the memory for the buffers.
        let state = context.create_state().map_err(|error| Failure {
            kind: FailureKind::OutOfMemory,
            message: format!("no memory to work with {}: {error}", path.display()),
        })?;
        Ok(Self { context, state, threads: threads(request.threads), header })
    }

    /// Longest chunk, in milliseconds.
    pub fn window_ms(&self) -> u32 {
        self.header.audio_context * POSITION_MS
    }

    /// For the answer to a load.
    pub fn facts(&self) -> ModelFacts {
        ModelFacts::Speech(SpeechModel {
            size: size_name(&self.header).into(),
            file_bytes: self.header.file_bytes,
            audio_context: self.header.audio_context,
            window_ms: self.window_ms(),
            multilingual: self.context.is_multilingual(),
            at_once: 1,
        })
    }
}

/// Published models hear 1,500 positions and are told apart by their layers, as whisper.cpp does.
fn size_name(header: &Header) -> &'static str {
    match (header.audio_context, header.audio_layers) {
        (1500, 4) => "tiny",
        (1500, 6) => "base",
        (1500, 12) => "small",
        (1500, 24) => "medium",
        (1500, 32) => "large",
        _ => "custom",
    }
}

/// Without an order, one core is left to the rest of the machine: ggml's threads wait for each other by spinning, and
/// with a busy neighbour on the last core everything takes fifty times as long.
fn threads(asked: u32) -> i32 {
    let free = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).clamp(1, MOST_THREADS);
    let free = u32::try_from(free).unwrap_or(1);
    i32::try_from(if asked == 0 { free } else { asked }).unwrap_or(1)
}
