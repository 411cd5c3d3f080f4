//! Writing answers, one or several side by side: what their conversations begin with alike is read once, and a batch takes
//! each a token further, for little more than one of them alone takes.

use std::num::NonZeroU32;

use engine_protocol::{FailureKind, Generate, Generated, Load, Progress, RequestId};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;

use crate::Failure;
use crate::choice::Choice;
use crate::conversation::{self, Marks};
use crate::voice::{Step, Voice, shared};

/// Without a limit: some models state contexts that no machine has the memory for.
const USUAL_CONTEXT: u32 = 8_192;

/// The least that a conversation needs.
const SMALLEST_CONTEXT: u32 = 64;

/// Tokens read at a time.
const BATCH: usize = 512;

/// Answers written at a time.
const SIDE_BY_SIDE: usize = 8;

/// Progress is told about forty times at most.
const PROGRESS_STEP: u16 = 25;

/// A model with the memory that it writes in.
pub struct Writer<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    marks: Marks,
}

impl<'model> Writer<'model> {
    /// Takes the memory for the context, which all answers of a time share.
    pub fn new(backend: &LlamaBackend, model: &'model LlamaModel, load: &Load) -> Result<Self, Failure> {
        let size = load.context_limit.unwrap_or(USUAL_CONTEXT).min(model.n_ctx_train()).max(SMALLEST_CONTEXT);
        let threads = threads(load.threads);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size))
            .with_n_batch(BATCH as u32)
            .with_n_seq_max(SIDE_BY_SIDE as u32)
            .with_kv_unified(true)
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
    pub fn write(&mut self, request: &Generate, progress: impl FnMut(Progress) -> bool) -> Result<Generated, Failure> {
        let answer = self.write_all(request.id, std::slice::from_ref(request), progress)?.pop();
        answer.ok_or_else(|| Failure::internal("nothing was written"))
    }

    /// Writes the next turns of several conversations, in their order.
    pub fn write_all(
        &mut self,
        id: RequestId,
        requests: &[Generate],
        mut progress: impl FnMut(Progress) -> bool,
    ) -> Result<Vec<Generated>, Failure> {
        let mut waiting = requests.iter().map(|request| self.voice(request)).collect::<Result<Vec<_>, _>>()?;
        let total = waiting.iter().map(|voice| voice.most_tokens() as u64).sum();
        let mut meter = Meter { id, total, done: 0, told: 0 };
        let mut answers = Vec::with_capacity(requests.len());
        while !waiting.is_empty() {
            let together = self.together(&waiting);
            let mut voices: Vec<Voice<'_>> = waiting.drain(..together).collect();
            self.write_together(&mut voices, |steps| meter.tell(steps, &mut progress))?;
            answers.extend(voices.into_iter().map(Voice::answer));
        }
        Ok(answers)
    }

    fn voice<'request>(&self, request: &'request Generate) -> Result<Voice<'request>, Failure> {
        let choice = Choice::new(self.model, request)?;
        let prompt = conversation::tokens(self.model, &self.marks, &request.messages)?;
        let voice = Voice::new(request, prompt, choice);
        // Refused with the numbers that a caller needs to shorten it.
        let context = self.context_tokens();
        if voice.most_tokens() > context as usize {
            return Err(Failure::bad_input(format!(
                "the conversation has {} tokens and the answer may have {}: together more than the {context} that the \
                 model holds",
                voice.prompt.len(),
                request.max_tokens
            )));
        }
        Ok(voice)
    }

    /// How many of those that wait the context holds at once.
    fn together(&self, waiting: &[Voice<'_>]) -> usize {
        let holds = |count: &usize| {
            let voices = &waiting[..*count];
            let shared = shared(voices);
            let own: usize = voices.iter().map(|voice| voice.most_tokens() - shared).sum();
            shared + own <= self.context.n_ctx() as usize
        };
        (1..=waiting.len().min(SIDE_BY_SIDE)).rev().find(holds).unwrap_or(1)
    }

    /// Takes all of them to their end. `listens` is told how many tokens were read.
    fn write_together(
        &mut self,
        voices: &mut [Voice<'_>],
        mut listens: impl FnMut(usize) -> bool,
    ) -> Result<(), Failure> {
        self.context.clear_kv_cache();
        let mut batch = LlamaBatch::new(BATCH, 1);
        let shared = shared(voices);
        let beginning: Vec<Step> = voices.iter().take(1).flat_map(|first| first.unread(0, 0)).take(shared).collect();
        let mut unread: Vec<Step> = Vec::new();
        for (voice, own) in voices.iter().enumerate() {
            unread.extend(own.unread(voice, shared));
        }
        for (steps, begins) in [(beginning, true), (unread, false)] {
            for steps in steps.chunks(BATCH) {
                self.take(&mut batch, steps, voices)?;
                heard(listens(steps.len()))?;
            }
            if begins && shared > 0 {
                self.hand_on(voices.len())?;
            }
        }
        loop {
            let steps: Vec<Step> = voices.iter().enumerate().filter_map(|(voice, own)| own.step(voice)).collect();
            if steps.is_empty() {
                return Ok(());
            }
            self.take(&mut batch, &steps, voices)?;
            heard(listens(steps.len()))?;
        }
    }

    /// Gives what the first one read to the others.
    fn hand_on(&mut self, voices: usize) -> Result<(), Failure> {
        for voice in 1..voices {
            let to = number(voice)?;
            self.context.copy_kv_cache_seq(0, to, None, None).map_err(|error| Failure::internal(error.to_string()))?;
        }
        Ok(())
    }

    /// Reads a batch, and chooses what comes next where it is asked for.
    fn take(&mut self, batch: &mut LlamaBatch<'_>, steps: &[Step], voices: &mut [Voice<'_>]) -> Result<(), Failure> {
        batch.clear();
        for step in steps {
            batch
                .add(step.token, number(step.position)?, &[number(step.voice)?], step.answers)
                .map_err(|error| Failure::internal(error.to_string()))?;
        }
        self.context.decode(batch).map_err(|error| Failure::internal(format!("llama.cpp stopped reading: {error}")))?;
        for (at, step) in (0..).zip(steps).filter(|(_, step)| step.answers) {
            voices[step.voice].choose(self.model, &self.context, at)?;
        }
        Ok(())
    }
}

fn number(count: usize) -> Result<i32, Failure> {
    i32::try_from(count).map_err(|_| Failure::internal("the conversation is too long"))
}

fn heard(somebody_listens: bool) -> Result<(), Failure> {
    if somebody_listens { Ok(()) } else { Err(Failure::internal("nobody listens any more")) }
}

/// Without an order, one core is left to the rest of the machine: llama.cpp's threads wait for each other by spinning, and
/// with a busy neighbour on the last core everything takes many times as long.
pub fn threads(asked: u32) -> i32 {
    let free = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let free = u32::try_from(free).unwrap_or(1);
    i32::try_from(if asked == 0 { free } else { asked }).unwrap_or(1)
}

/// Tells how far the work is, not too often.
struct Meter {
    id: RequestId,
    total: u64,
    done: u64,
    told: u16,
}

impl Meter {
    fn tell(&mut self, steps: usize, progress: &mut impl FnMut(Progress) -> bool) -> bool {
        self.done += steps as u64;
        let permille = u16::try_from(self.done * 1000 / self.total.max(1)).unwrap_or(1000).min(1000);
        if permille < self.told + PROGRESS_STEP {
            return true;
        }
        self.told = permille;
        progress(Progress { id: self.id, permille })
    }
}
