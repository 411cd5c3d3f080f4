//! Writing an answer.

use std::num::NonZeroU32;

use engine_protocol::{FailureKind, Generate, Generated, Load, Progress, StopReason};
use llama_cpp_2::GrammarError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;

use crate::Failure;
use crate::conversation::{self, Marks};

/// Without a limit: some models state contexts that no machine has the memory for.
const USUAL_CONTEXT: u32 = 8_192;

/// The least that a conversation needs.
const SMALLEST_CONTEXT: u32 = 64;

/// Tokens read at a time.
const BATCH: u32 = 512;

/// llama.cpp's own choice for sampling with a temperature.
const TOP_K: i32 = 40;
const TOP_P: f32 = 0.95;
const MIN_P: f32 = 0.05;

/// Progress is told about forty times at most.
const PROGRESS_STEP: u16 = 25;

/// A model with the memory that it writes in.
pub struct Writer<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    marks: Marks,
}

impl<'model> Writer<'model> {
    /// Takes the memory for the context.
    pub fn new(backend: &LlamaBackend, model: &'model LlamaModel, load: &Load) -> Result<Self, Failure> {
        let size = load.context_limit.unwrap_or(USUAL_CONTEXT).min(model.n_ctx_train()).max(SMALLEST_CONTEXT);
        let threads = threads(load.threads);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size))
            .with_n_batch(BATCH)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model.new_context(backend, parameters).map_err(|error| Failure {
            kind: FailureKind::OutOfMemory,
            message: format!("no memory for a context of {size} tokens: {error}"),
        })?;
        Ok(Self { model, context, marks: Marks::of(model) })
    }

    /// Tokens that prompt and answer may fill together.
    pub fn context_tokens(&self) -> u32 {
        self.context.n_ctx().min(self.model.n_ctx_train())
    }

    /// Writes the next turn. `progress` returns false when nobody listens any more, which ends the writing.
    pub fn write(
        &mut self,
        request: &Generate,
        mut progress: impl FnMut(Progress) -> bool,
    ) -> Result<Generated, Failure> {
        let mut sampler = self.sampler(request)?;
        let prompt = conversation::tokens(self.model, &self.marks, &request.messages)?;
        let prompt_tokens = self.fitting(&prompt, request.max_tokens)?;
        let mut meter = Meter { total: u64::from(prompt_tokens) + u64::from(request.max_tokens), told: 0 };

        self.context.clear_kv_cache();
        let mut batch = LlamaBatch::new(BATCH as usize, 1);
        let mut position = 0;
        for part in prompt.chunks(BATCH as usize) {
            batch.clear();
            for token in part {
                let is_last = position + 1 == prompt_tokens;
                add(&mut batch, *token, position, is_last)?;
                position += 1;
            }
            self.decode(&mut batch)?;
            if !meter.tell(request, position, &mut progress) {
                return Err(Failure::internal("nobody listens any more"));
            }
        }

        let vocabulary = self.model.vocab();
        let mut text = Vec::new();
        let mut output_tokens = 0;
        let stop = loop {
            if output_tokens == request.max_tokens {
                break StopReason::Length;
            }
            // Accepts the token as well; a second time would break the grammar's state.
            let token = sampler.sample(&self.context, -1);
            if vocabulary.is_eog(token) {
                break StopReason::End;
            }
            text.extend(vocabulary.token_to_piece(token, false, None));
            output_tokens += 1;
            batch.clear();
            add(&mut batch, token, position, true)?;
            position += 1;
            self.decode(&mut batch)?;
            if !meter.tell(request, position, &mut progress) {
                return Err(Failure::internal("nobody listens any more"));
            }
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok(Generated { id: request.id, text, prompt_tokens, output_tokens, stop })
    }

    /// Refuses what the context cannot hold, with the numbers that a caller needs to shorten it.
    fn fitting(&self, prompt: &[LlamaToken], max_tokens: u32) -> Result<u32, Failure> {
        let context = self.context_tokens();
        let tokens = u32::try_from(prompt.len()).unwrap_or(u32::MAX);
        if tokens.saturating_add(max_tokens) > context {
            return Err(Failure::bad_input(format!(
                "the conversation has {tokens} tokens and the answer may have {max_tokens}: together more than the \
                 {context} that the model holds"
            )));
        }
        Ok(tokens)
    }

    /// The grammar comes first, so that nothing that it forbids is ever chosen from.
    fn sampler(&self, request: &Generate) -> Result<LlamaSampler, Failure> {
        if request.max_tokens == 0 {
            return Err(Failure::bad_input("an answer of no tokens is asked for"));
        }
        if !request.temperature.is_finite() || request.temperature < 0.0 {
            return Err(Failure::bad_input(format!("{} is no temperature", request.temperature)));
        }
        let mut chain = Vec::new();
        if let Some(grammar) = &request.grammar {
            let grammar = LlamaSampler::grammar(self.model, grammar, "root")
                .map_err(|error| Failure::bad_input(format!("the grammar cannot be used: {}", reason(&error))))?;
            chain.push(grammar);
        }
        if request.temperature > 0.0 {
            chain.push(LlamaSampler::top_k(TOP_K));
            chain.push(LlamaSampler::top_p(TOP_P, 1));
            chain.push(LlamaSampler::min_p(MIN_P, 1));
            chain.push(LlamaSampler::temp(request.temperature));
            chain.push(LlamaSampler::dist(request.seed));
        } else {
            chain.push(LlamaSampler::greedy());
        }
        Ok(LlamaSampler::chain(chain, true))
    }

    fn decode(&mut self, batch: &mut LlamaBatch<'_>) -> Result<(), Failure> {
        self.context.decode(batch).map_err(|error| Failure::internal(format!("llama.cpp stopped reading: {error}")))
    }
}

/// llama.cpp says where a grammar is wrong on standard error only.
fn reason(error: &GrammarError) -> &'static str {
    match error {
        GrammarError::RootNotFound => "it has no rule \"root\"",
        GrammarError::TriggerWordNullBytes | GrammarError::GrammarNullBytes => "it holds a null character",
        GrammarError::NullGrammar => "it cannot be parsed, or a rule begins with itself",
    }
}

/// Without an order, one core is left to the rest of the machine: llama.cpp's threads wait for each other by spinning, and
/// with a busy neighbour on the last core everything takes many times as long.
fn threads(asked: u32) -> i32 {
    let free = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let free = u32::try_from(free).unwrap_or(1);
    i32::try_from(if asked == 0 { free } else { asked }).unwrap_or(1)
}

fn add(batch: &mut LlamaBatch<'_>, token: LlamaToken, position: u32, answer: bool) -> Result<(), Failure> {
    let position = i32::try_from(position).map_err(|_| Failure::internal("the conversation is too long"))?;
    batch.add(token, position, &[0], answer).map_err(|error| Failure::internal(error.to_string()))
}

/// Tells how far the work is, not too often.
struct Meter {
    total: u64,
    told: u16,
}

impl Meter {
    fn tell(&mut self, request: &Generate, done: u32, progress: &mut impl FnMut(Progress) -> bool) -> bool {
        let permille = u16::try_from(u64::from(done) * 1000 / self.total.max(1)).unwrap_or(1000).min(1000);
        if permille < self.told + PROGRESS_STEP {
            return true;
        }
        self.told = permille;
        progress(Progress { id: request.id, permille })
    }
}
