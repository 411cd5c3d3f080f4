//! One of the answers that are written side by side.

use engine_protocol::{Generate, Generated, StopReason};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use crate::Failure;
use crate::choice::Choice;

/// An answer on its way.
pub struct Voice<'request> {
    request: &'request Generate,
    pub prompt: Vec<LlamaToken>,
    choice: Choice,
    /// The token that was chosen last, which the model has not read yet.
    next: Option<LlamaToken>,
    text: Vec<u8>,
    output_tokens: usize,
    stop: StopReason,
}

/// A token for the model to read.
#[derive(Clone, Copy)]
pub struct Step {
    /// Whose it is, counted from 0.
    pub voice: usize,
    pub token: LlamaToken,
    /// In its own conversation.
    pub position: usize,
    /// Whether the next token is to be chosen after it.
    pub answers: bool,
}

impl<'request> Voice<'request> {
    /// Nothing of it is written.
    pub fn new(request: &'request Generate, prompt: Vec<LlamaToken>, choice: Choice) -> Self {
        let stop = StopReason::Length;
        Self { request, prompt, choice, next: None, text: Vec::new(), output_tokens: 0, stop }
    }

    /// Tokens that it may have in all.
    pub fn most_tokens(&self) -> usize {
        self.prompt.len().saturating_add(usize::try_from(self.request.max_tokens).unwrap_or(usize::MAX))
    }

    /// What is to be read of its prompt, without the first tokens.
    pub fn unread(&self, voice: usize, read: usize) -> impl Iterator<Item = Step> + '_ {
        let last = self.prompt.len().saturating_sub(1);
        let step = move |(position, token): (usize, &LlamaToken)| Step {
            voice,
            token: *token,
            position,
            answers: position == last,
        };
        self.prompt.iter().enumerate().skip(read).map(step)
    }

    /// What is to be read of what it wrote; nothing when it came to its end.
    pub fn step(&self, voice: usize) -> Option<Step> {
        let position = (self.prompt.len() + self.output_tokens).saturating_sub(1);
        self.next.map(|token| Step { voice, token, position, answers: true })
    }

    /// Chooses the token after the one at this place of the last batch.
    pub fn choose(&mut self, model: &LlamaModel, context: &LlamaContext<'_>, at: i32) -> Result<(), Failure> {
        let vocabulary = model.vocab();
        let token = self.choice.next(context, at)?;
        self.next = None;
        if vocabulary.is_eog(token) {
            self.stop = StopReason::End;
            return Ok(());
        }
        self.text.extend(vocabulary.token_to_piece(token, false, None));
        self.output_tokens += 1;
        if self.prompt.len() + self.output_tokens < self.most_tokens() {
            self.next = Some(token);
        }
        Ok(())
    }

    /// What came of it.
    pub fn answer(self) -> Generated {
        let tokens = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Generated {
            id: self.request.id,
            text: String::from_utf8_lossy(&self.text).into_owned(),
            prompt_tokens: tokens(self.prompt.len()),
            output_tokens: tokens(self.output_tokens),
            stop: self.stop,
        }
    }
}

/// How many tokens several prompts begin with alike; at least one is left to each.
pub fn shared(voices: &[Voice<'_>]) -> usize {
    let [first, others @ ..] = voices else { return 0 };
    let alike = |other: &Voice<'_>| first.prompt.iter().zip(&other.prompt).take_while(|(a, b)| a == b).count();
    let Some(alike) = others.iter().map(alike).min() else { return 0 };
    let shortest = voices.iter().map(|voice| voice.prompt.len()).min().unwrap_or(0);
    alike.min(shortest.saturating_sub(1))
}
