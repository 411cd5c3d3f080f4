//! What a language model writes with: the shop's own engine, or a machine elsewhere. Both are held to the same answer, the one
//! by a grammar, the other by a schema, and neither is believed for that.

use super::question::Question;
use crate::jobs::JobError;
use crate::production::engine::EngineError;
use crate::production::pool::Lease;
use crate::providers::writing::{self, Chance};
use crate::providers::{Outside, Over};
use domain::providers::read::Ready;
use engine_protocol::{Generate, ModelFacts, Penalties};

/// Conversations that the shop's own engine is given together: it reads what they share once, and writes them side by side.
const AT_ONCE: u32 = 8;
/// Chance in the first answer that is asked for again, and as much more in each further one.
const CHANCE: (f32, f32) = (0.3, 0.2);
/// What was said is held against the words that come next.
const PENALTIES: Penalties = Penalties { window: 256, repeat: 1.1, frequency: 0.2 };

pub trait Pen: Send {
    /// Tokens that prompt and answer may fill together.
    fn context_tokens(&self) -> u32;

    /// Questions that are best asked together.
    fn at_once(&self) -> u32;

    /// Tokens of a text.
    fn count(&mut self, text: &str) -> impl Future<Output = Result<u32, JobError>> + Send;

    /// The text of an answer. Where it did not come to its end it is no JSON.
    fn ask(&mut self, question: Question) -> impl Future<Output = Result<String, JobError>> + Send;

    /// The texts of several answers, in the order of the questions.
    fn ask_all(&mut self, questions: Vec<Question>) -> impl Future<Output = Result<Vec<String>, JobError>> + Send;
}

/// The shop's own engine with its model loaded.
#[derive(Debug)]
pub struct Own<'a> {
    lease: Lease<'a>,
    context_tokens: u32,
    /// It crashed, hung, or spoke nonsense.
    died: bool,
}

impl<'a> Own<'a> {
    /// # Errors
    /// When the model is none that writes.
    pub fn new(lease: Lease<'a>) -> Result<Self, JobError> {
        let ModelFacts::Writing(facts) = &lease.model else {
            return Err(JobError::Again("the configured writing model is none that writes".into()));
        };
        let context_tokens = facts.context_tokens;
        Ok(Self { lease, context_tokens, died: false })
    }

    /// What is inside the engine, for the record.
    pub fn library(&self) -> String {
        self.lease.library()
    }

    /// Whether the engine is of no more use.
    pub fn has_died(&self) -> bool {
        self.died
    }

    fn noted(&mut self, error: EngineError) -> JobError {
        self.died |= error.is_deadly();
        error.into()
    }
}

impl Pen for Own<'_> {
    fn context_tokens(&self) -> u32 {
        self.context_tokens
    }

    fn at_once(&self) -> u32 {
        AT_ONCE
    }

    async fn count(&mut self, text: &str) -> Result<u32, JobError> {
        let counted = self.lease.engine()?.count_tokens(text).await;
        counted.map_err(|error| self.noted(error))
    }

    async fn ask(&mut self, question: Question) -> Result<String, JobError> {
        let generated = self.lease.engine()?.generate(request(question)).await;
        Ok(generated.map_err(|error| self.noted(error))?.text)
    }

    async fn ask_all(&mut self, questions: Vec<Question>) -> Result<Vec<String>, JobError> {
        let requests = questions.into_iter().map(request).collect();
        let answers = self.lease.engine()?.generate_all(requests).await;
        let answers = answers.map_err(|error| self.noted(error))?;
        Ok(answers.into_iter().map(|answer| answer.text).collect())
    }
}

/// The first time the likeliest words; from then on others, with what was said held against them.
fn request(question: Question) -> Generate {
    let Chance { temperature, seed } = chance(question.attempt);
    Generate {
        id: 0,
        messages: question.messages,
        grammar: Some(question.grammar),
        max_tokens: question.most_tokens,
        temperature,
        seed,
        penalties: (question.attempt > 0).then_some(PENALTIES),
    }
}

/// None the first time; from then on more each time, and another.
fn chance(attempt: u32) -> Chance {
    let temperature = if attempt > 0 { CHANCE.0 + CHANCE.1 * (attempt - 1) as f32 } else { 0.0 };
    Chance { temperature, seed: attempt }
}

/// A machine elsewhere.
#[derive(Debug)]
pub struct Elsewhere<'a> {
    pub outside: &'a Outside,
    pub ready: &'a Ready,
}

impl Pen for Elsewhere<'_> {
    fn context_tokens(&self) -> u32 {
        u32::try_from(self.ready.provider.context_tokens).unwrap_or(0)
    }

    fn at_once(&self) -> u32 {
        1
    }

    async fn count(&mut self, text: &str) -> Result<u32, JobError> {
        Ok(writing::tokens(text))
    }

    async fn ask(&mut self, question: Question) -> Result<String, JobError> {
        let Question { messages, schema, most_tokens, attempt, .. } = question;
        let written = writing::write(self.outside, self.ready, &messages, &schema, most_tokens, chance(attempt)).await;
        written.map_err(|over| match over {
            Over::Shop(error) => error.into(),
            over => JobError::Again(over.to_string()),
        })
    }

    async fn ask_all(&mut self, questions: Vec<Question>) -> Result<Vec<String>, JobError> {
        let mut answers = Vec::new();
        for question in questions {
            answers.push(self.ask(question).await?);
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::super::question::About;
    use super::*;

    #[test]
    fn what_is_asked_again_is_written_with_another_seed_and_with_penalties() {
        let question = Question::new(About::Book, "A bell rings.", &["adventure"]);
        let first = request(question.clone());
        assert_eq!((first.temperature, first.seed, first.penalties), (0.0, 0, None));
        let (second, third) = (request(question.clone().again(1, "")), request(question.again(2, "")));
        assert!(second.temperature > 0.0 && third.temperature > second.temperature);
        assert!(second.seed != third.seed && third.penalties.is_some_and(|penalties| penalties.repeat > 1.0));
    }
}
