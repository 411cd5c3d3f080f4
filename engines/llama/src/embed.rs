//! What texts mean, as vectors.

use std::num::NonZeroU32;

use engine_protocol::{Embed, Embedded, FailureKind, MOST_EMBEDDED};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::{LlamaContextParams, LlamaPoolingType};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;

use crate::Failure;
use crate::model;

/// Tokens of a text that are read at most: models for this are made for a few sentences.
const MOST_TOKENS: u32 = 512;

/// Signs of a text that are taken apart into tokens at most: more than so many tokens have.
const MOST_SIGNS: usize = 16 * MOST_TOKENS as usize;

/// The least that a text needs.
const FEWEST_TOKENS: u32 = 16;

/// A model with the memory that it reads in, which is its own: what is written beside it keeps its place.
pub struct Embedder<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    /// Tokens of a text.
    most: u32,
}

impl<'model> Embedder<'model> {
    /// Takes the memory for one text.
    pub fn new(backend: &LlamaBackend, model: &'model LlamaModel, threads: i32) -> Result<Self, Failure> {
        let most = model.n_ctx_train().clamp(FEWEST_TOKENS, MOST_TOKENS);
        // How the vectors of its tokens become one the model says itself; one that was made to write says nothing.
        let pooling = if model::embeds(model) { LlamaPoolingType::Unspecified } else { LlamaPoolingType::Mean };
        // Models that read in both directions have to read a text at once.
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(most))
            .with_n_batch(most)
            .with_n_ubatch(most)
            .with_n_seq_max(1)
            .with_embeddings(true)
            .with_pooling_type(pooling)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model.new_context(backend, parameters).map_err(|error| Failure {
            kind: FailureKind::OutOfMemory,
            message: format!("no memory for a text of {most} tokens: {error}"),
        })?;
        Ok(Self { model, context, most })
    }

    /// Tokens of a text that it reads.
    pub fn context_tokens(&self) -> u32 {
        self.most
    }

    /// Tells what each text means.
    pub fn embed(&mut self, request: &Embed) -> Result<Embedded, Failure> {
        if request.texts.len() > MOST_EMBEDDED {
            return Err(Failure::bad_input(format!("more than {MOST_EMBEDDED} texts are asked about")));
        }
        let vectors = request.texts.iter().map(|text| self.vector(text)).collect::<Result<_, _>>()?;
        Ok(Embedded { id: request.id, vectors })
    }

    fn vector(&mut self, text: &str) -> Result<Vec<f32>, Failure> {
        if text.trim().is_empty() {
            return Err(Failure::bad_input("an empty text means nothing"));
        }
        let end = text.char_indices().nth(MOST_SIGNS).map_or(text.len(), |(end, _)| end);
        // Marks in it are letters: it is no conversation.
        let mut tokens = self.model.vocab().tokenize(&text.as_bytes()[..end], true, false);
        let most = self.most as usize;
        if tokens.len() > most {
            // Some models want the mark of the end in any case.
            tokens.drain(most - 1..tokens.len() - 1);
        }
        let mut batch = LlamaBatch::new(most, 1);
        batch.add_sequence(&tokens, 0, true).map_err(|error| Failure::internal(error.to_string()))?;
        self.context.clear_kv_cache();
        self.context
            .decode(&mut batch)
            .map_err(|error| Failure::internal(format!("llama.cpp stopped reading: {error}")))?;
        let vector = self.context.embeddings_seq_ith(0);
        normalised(vector.map_err(|error| Failure::internal(error.to_string()))?)
    }
}

/// Of length 1, so that only the direction counts.
fn normalised(vector: &[f32]) -> Result<Vec<f32>, Failure> {
    let length = vector.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
    if !length.is_normal() {
        return Err(Failure::internal("the model says nothing of what a text means"));
    }
    Ok(vector.iter().map(|number| (f64::from(*number) / length) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_direction_of_a_vector_counts() {
        assert_eq!(normalised(&[3.0, 0.0, -4.0]).unwrap(), [0.6, 0.0, -0.8]);
        for nothing in [[0.0, 0.0], [f32::NAN, 1.0], [f32::INFINITY, 1.0]] {
            assert!(normalised(&nothing).is_err(), "{nothing:?}");
        }
    }
}
