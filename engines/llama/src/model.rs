//! A model file to a model.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use engine_protocol::{EmbeddingModel, Load, ModelFacts, WritingModel};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::{LlamaModelParams, LlamaSplitMode};

use crate::Failure;

/// First bytes of a GGUF file.
const MAGIC: &[u8; 4] = b"GGUF";

/// Versions of the format that llama.cpp reads.
const VERSIONS: std::ops::RangeInclusive<u32> = 2..=3;

/// More than any model has of tensors or of metadata.
const MOST_ENTRIES: u64 = 1 << 20;

/// All layers: llama.cpp keeps those that do not fit.
const ALL_LAYERS: u32 = 9_999;

/// Checks the file, then loads it.
pub fn load(backend: &LlamaBackend, request: &Load) -> Result<LlamaModel, Failure> {
    let path = &request.model_path;
    let refuse = |why: String| Failure::bad_model(format!("{}: {why}", path.display()));
    check(path).map_err(refuse)?;
    let mut parameters = LlamaModelParams::default();
    match request.gpu {
        None => parameters = parameters.with_n_gpu_layers(0),
        Some(gpu) => {
            let gpu = i32::try_from(gpu).map_err(|_| Failure::bad_input(format!("there is no GPU {gpu}")))?;
            parameters =
                parameters.with_n_gpu_layers(ALL_LAYERS).with_split_mode(LlamaSplitMode::None).with_main_gpu(gpu);
        }
    }
    let model = LlamaModel::load_from_file(backend, path, &parameters).map_err(|_| {
        refuse("llama.cpp cannot use it: it is damaged, cut off, or of a kind that it does not know".into())
    })?;
    if model.n_vocab() == 0 {
        return Err(refuse("it has no vocabulary".into()));
    }
    Ok(model)
}

/// The few bytes that tell a GGUF file from anything else; llama.cpp checks the rest itself.
fn check(path: &Path) -> Result<(), String> {
    let mut header = [0; 24];
    File::open(path).and_then(|mut file| file.read_exact(&mut header)).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "the file is too short for a GGUF model".into(),
        _ => format!("the model file cannot be read: {error}"),
    })?;
    let ([magic, version, counts @ ..], _) = header.as_chunks::<4>() else {
        return Err("the file is too short for a GGUF model".into());
    };
    let count = |at: usize| {
        let low = u64::from(u32::from_le_bytes(counts[at]));
        low | u64::from(u32::from_le_bytes(counts[at + 1])) << 32
    };
    if magic != MAGIC {
        return Err("the file is no GGUF model".into());
    }
    if !VERSIONS.contains(&u32::from_le_bytes(*version)) {
        return Err(format!("GGUF version {} is not known", u32::from_le_bytes(*version)));
    }
    if count(0) > MOST_ENTRIES || count(2) > MOST_ENTRIES {
        return Err("the file's header makes no sense".into());
    }
    Ok(())
}

/// Whether a model was made to tell what texts mean: its file says how the vectors of its tokens become one, by their mean, by
/// the first or by the last (llama.cpp's `llama_pooling_type`).
pub fn embeds(model: &LlamaModel) -> bool {
    let said = |key: &str| model.meta_val_str(key).ok();
    let pooling = said("general.architecture").and_then(|kind| said(&format!("{kind}.pooling_type")));
    pooling.is_some_and(|pooling| matches!(pooling.as_str(), "1" | "2" | "3"))
}

/// For the answer to a load of one that tells what texts mean.
pub fn embedding_facts(model: &LlamaModel, path: &Path, context_tokens: u32) -> ModelFacts {
    ModelFacts::Embedding(EmbeddingModel {
        name: name(model, path),
        file_bytes: std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        parameters: model.n_params(),
        context_tokens,
        dimensions: u32::try_from(model.n_embd_out()).unwrap_or(0),
    })
}

fn name(model: &LlamaModel, path: &Path) -> String {
    let file_name = || path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    model.meta_val_str("general.name").unwrap_or_else(|_| file_name())
}

/// For the answer to a load of one that writes.
pub fn facts(model: &LlamaModel, path: &Path, context_tokens: u32) -> ModelFacts {
    ModelFacts::Writing(WritingModel {
        name: name(model, path),
        file_bytes: std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        parameters: model.n_params(),
        context_tokens,
        trained_context_tokens: model.n_ctx_train(),
        has_chat_template: model.chat_template(None).is_ok(),
    })
}
