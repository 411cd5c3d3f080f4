//! A loaded model and what it can do.

use std::path::Path;

use engine_protocol::{FailureKind, Load, ModelFacts, SAMPLE_RATE, SpeechModel};
use whisper_rs::{DtwMode, DtwModelPreset, DtwParameters, WhisperContext, WhisperContextParameters, WhisperState};

use crate::levers::{Levers, Positions};
use crate::model_file::{self, Header, Unusable};
use crate::{Failure, eight_bits};

/// Milliseconds that one position of the encoder stands for.
const POSITION_MS: u32 = 20;

/// More threads than this on one chunk slow whisper.cpp down.
const MOST_THREADS: u32 = 8;

/// Positions of the published models, and how many of them are used when the chunk allows it: a multiple of 32, on which the
/// fast kernels of ggml depend (1,500 is not even one of 8).
const PUBLISHED_CONTEXT: u32 = 1_500;
const SWIFT_CONTEXT: u32 = 1_472;

/// Positions beyond the end of a chunk without which a published model hears what is not there, where they are cut.
const POSITIONS_BEYOND: u32 = 128;

/// Memory for the alignment of words, in bytes: enough for the model with the most heads that align. Taken only where used.
const ALIGNMENT_BYTES: usize = 512 * 1024 * 1024;

/// A model that stays in memory.
pub struct Model {
    pub context: WhisperContext,
    /// Threads that work on one chunk.
    pub threads: i32,
    /// Chunks heard at the same time.
    pub at_once: u32,
    pub levers: Levers,
    header: Header,
}

impl Model {
    /// Checks the file, then loads it.
    pub fn load(request: &Load) -> Result<Self, Failure> {
        let levers = Levers::of_environment().map_err(Failure::bad_input)?;
        let path = &request.model_path;
        let mut header = inspect(path)?;
        let small = if levers.eight_bits && header.format <= 1 {
            let made = eight_bits::beside(path);
            Some(made.map_err(|error| Failure::bad_model(format!("{} in eight bits: {error}", path.display())))?)
        } else {
            None
        };
        let path = small.as_ref().unwrap_or(path);
        if small.is_some() {
            header = inspect(path)?;
        }
        let mut parameters = WhisperContextParameters::new();
        parameters.use_gpu(request.gpu.is_some());
        if let Some(gpu) = request.gpu {
            parameters
                .gpu_device(i32::try_from(gpu).map_err(|_| Failure::bad_input(format!("there is no GPU {gpu}")))?);
        }
        parameters.flash_attn(levers.flash);
        // Neither knows of the other.
        let aligned = !levers.flash && !levers.no_alignment;
        if let Some(model_preset) = alignment(&header).filter(|_| aligned) {
            parameters.dtw_parameters(DtwParameters {
                mode: DtwMode::ModelPreset { model_preset },
                dtw_mem_size: ALIGNMENT_BYTES,
            });
        }
        let context = WhisperContext::new_with_params(path, parameters)
            .map_err(|error| Failure::bad_model(format!("{}: whisper.cpp refuses it: {error}", path.display())))?;
        let (at_once, threads) = share(request.threads, request.gpu.is_some(), levers, &header);
        Ok(Self { context, threads, at_once, levers, header })
    }

    /// Buffers for the work on one chunk.
    pub fn state(&self) -> Result<WhisperState, Failure> {
        // What is left to fail here is the memory.
        self.context.create_state().map_err(|error| Failure {
            kind: FailureKind::OutOfMemory,
            message: format!("no memory to work with the model: {error}"),
        })
    }

    /// Longest chunk, in milliseconds.
    pub fn window_ms(&self) -> u32 {
        self.header.audio_context * POSITION_MS
    }

    /// Positions of the encoder that are used for so many samples; 0 for all.
    pub fn positions(&self, samples: usize) -> i32 {
        let published = self.header.audio_context == PUBLISHED_CONTEXT;
        if published { used(self.levers.positions, samples) as i32 } else { 0 }
    }

    fn languages(&self) -> Vec<String> {
        if !self.context.is_multilingual() {
            return vec!["en".into()];
        }
        (0..=whisper_rs::get_lang_max_id()).filter_map(whisper_rs::get_lang_str).map(Into::into).collect()
    }

    /// For the answer to a load.
    pub fn facts(&self) -> ModelFacts {
        ModelFacts::Speech(SpeechModel {
            size: size_name(&self.header).into(),
            file_bytes: self.header.file_bytes,
            audio_context: self.header.audio_context,
            window_ms: self.window_ms(),
            multilingual: self.context.is_multilingual(),
            languages: self.languages(),
            at_once: self.at_once,
        })
    }
}

/// Positions that a published model uses for so many samples; 0 for all.
fn used(positions: Positions, samples: usize) -> u32 {
    let position = u64::from(SAMPLE_RATE * POSITION_MS / 1000);
    let long = u32::try_from((samples as u64).div_ceil(position)).unwrap_or(u32::MAX);
    match positions {
        Positions::Swift if long <= SWIFT_CONTEXT => SWIFT_CONTEXT,
        Positions::Cut if long <= SWIFT_CONTEXT => (long + POSITIONS_BEYOND).next_multiple_of(32).min(SWIFT_CONTEXT),
        Positions::Swift | Positions::Cut | Positions::All => 0,
    }
}

fn inspect(path: &Path) -> Result<Header, Failure> {
    model_file::inspect(path).map_err(|error| match error {
        Unusable::Unreadable(_) | Unusable::Truncated | Unusable::NotAModel(_) => {
            Failure::bad_model(format!("{}: {error}", path.display()))
        }
    })
}

/// Published models hear 1,500 positions and are told apart by their layers, as whisper.cpp does.
fn size_name(header: &Header) -> &'static str {
    match (header.audio_context, header.audio_layers) {
        (PUBLISHED_CONTEXT, 4) => "tiny",
        (PUBLISHED_CONTEXT, 6) => "base",
        (PUBLISHED_CONTEXT, 12) => "small",
        (PUBLISHED_CONTEXT, 24) => "medium",
        (PUBLISHED_CONTEXT, 32) => "large",
        _ => "custom",
    }
}

/// The heads of a published model that attend to the sound of the word being written; models of other shapes have none that
/// are known.
fn alignment(header: &Header) -> Option<DtwModelPreset> {
    let multilingual = header.vocabulary > 51_864;
    Some(match (size_name(header), header.text_layers, multilingual) {
        ("tiny", 4, false) => DtwModelPreset::TinyEn,
        ("tiny", 4, true) => DtwModelPreset::Tiny,
        ("base", 6, false) => DtwModelPreset::BaseEn,
        ("base", 6, true) => DtwModelPreset::Base,
        ("small", 12, false) => DtwModelPreset::SmallEn,
        ("small", 12, true) => DtwModelPreset::Small,
        ("medium", 24, false) => DtwModelPreset::MediumEn,
        ("medium", 24, true) => DtwModelPreset::Medium,
        ("large", 4, true) if header.vocabulary > 51_865 => DtwModelPreset::LargeV3Turbo,
        ("large", 32, true) if header.vocabulary > 51_865 => DtwModelPreset::LargeV3,
        // The first and the second large model look alike; the first is hardly used.
        ("large", 32, true) => DtwModelPreset::LargeV2,
        _ => return None,
    })
}

/// How many chunks are heard at once, and with how many threads each. Threads on one chunk wait for each other by spinning;
/// threads on chunks of their own never do. But each chunk needs buffers: for a large model, about a gigabyte.
fn share(asked: u32, on_gpu: bool, levers: Levers, header: &Header) -> (u32, i32) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if asked == 0 { u32::try_from(cores).unwrap_or(1) } else { asked };
    let most = match header.audio_layers {
        _ if levers.one_chunk => 1,
        _ if on_gpu => 2,
        0..=6 => 8,
        7..=12 => 4,
        _ => 2,
    };
    let at_once = threads.clamp(1, most);
    (at_once, i32::try_from((threads / at_once).clamp(1, MOST_THREADS)).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: usize = SAMPLE_RATE as usize;

    #[test]
    fn no_chunk_is_longer_than_the_positions_that_are_used_for_it() {
        assert_eq!(used(Positions::Swift, 28 * SECOND), 1_472);
        assert_eq!(used(Positions::Swift, 1_472 * SECOND / 50), 1_472);
        assert_eq!(used(Positions::Swift, 1_472 * SECOND / 50 + 1), 0, "then all are");
        assert_eq!(used(Positions::Cut, 10 * SECOND), 640, "500, some more, in steps of 32");
        assert_eq!(used(Positions::Cut, 29 * SECOND), 1_472);
        assert_eq!(used(Positions::Cut, 30 * SECOND), 0);
        assert_eq!(used(Positions::All, 10 * SECOND), 0);
    }
}
