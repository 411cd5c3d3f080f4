//! A model at work: one that was made to write writes, and tells what texts mean where it is asked to; one that was made to
//! tell that does nothing else.

use std::path::Path;

use engine_protocol::{Load, ModelFacts};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;

use crate::Failure;
use crate::embed::Embedder;
use crate::generate::{Writer, threads};
use crate::model;

/// A model, and the memory that it works in.
pub struct Desk<'model> {
    backend: &'model LlamaBackend,
    model: &'model LlamaModel,
    threads: i32,
    writer: Option<Writer<'model>>,
    embedder: Option<Embedder<'model>>,
}

impl<'model> Desk<'model> {
    /// Takes the memory for what the model was made for.
    pub fn new(backend: &'model LlamaBackend, model: &'model LlamaModel, load: &Load) -> Result<Self, Failure> {
        let threads = threads(load.threads);
        let (writer, embedder) = if model::embeds(model) {
            (None, Some(Embedder::new(backend, model, threads)?))
        } else {
            (Some(Writer::new(backend, model, load)?), None)
        };
        Ok(Self { backend, model, threads, writer, embedder })
    }

    /// What the file turned out to be.
    pub fn facts(&self, path: &Path) -> ModelFacts {
        match (&self.writer, &self.embedder) {
            (None, Some(embedder)) => model::embedding_facts(self.model, path, embedder.context_tokens()),
            (writer, _) => model::facts(self.model, path, writer.as_ref().map_or(0, Writer::context_tokens)),
        }
    }

    /// Who writes.
    pub fn writer(&mut self) -> Result<&mut Writer<'model>, Failure> {
        self.writer.as_mut().ok_or_else(|| Failure::bad_model("the model that is loaded writes nothing"))
    }

    /// Who tells what texts mean.
    pub fn embedder(&mut self) -> Result<&mut Embedder<'model>, Failure> {
        let embedder = match self.embedder.take() {
            Some(embedder) => embedder,
            None => Embedder::new(self.backend, self.model, self.threads)?,
        };
        Ok(self.embedder.insert(embedder))
    }
}
