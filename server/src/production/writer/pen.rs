//! What a language model writes with: the shop's own engine, or a machine elsewhere. Both are held to the same answer, the one
//! by a grammar, the other by a schema, and neither is believed for that.

use crate::jobs::JobError;
use crate::production::pool::Lease;
use crate::providers::{Outside, Over, writing};
use domain::providers::read::Ready;
use engine_protocol::{Generate, Message, ModelFacts, StopReason};
use serde_json::Value;

/// What is asked of a model.
#[derive(Clone, Debug)]
pub struct Question {
    pub messages: Vec<Message>,
    /// GBNF.
    pub grammar: String,
    /// JSON schema.
    pub schema: Value,
    /// Of the answer.
    pub most_tokens: u32,
}

pub trait Pen: Send {
    /// Tokens that prompt and answer may fill together.
    fn context_tokens(&self) -> u32;

    /// Tokens of a text.
    fn count(&mut self, text: &str) -> impl Future<Output = Result<u32, JobError>> + Send;

    /// The text of an answer that came to its end.
    fn ask(&mut self, question: Question) -> impl Future<Output = Result<String, JobError>> + Send;
}

/// The shop's own engine with its model loaded.
#[derive(Debug)]
pub struct Own<'a> {
    lease: Lease<'a>,
    context_tokens: u32,
}

impl<'a> Own<'a> {
    /// # Errors
    /// When the model is none that writes.
    pub fn new(lease: Lease<'a>) -> Result<Self, JobError> {
        let ModelFacts::Writing(facts) = &lease.model else {
            return Err(JobError::Again("the configured writing model is a speech model".into()));
        };
        let context_tokens = facts.context_tokens;
        Ok(Self { lease, context_tokens })
    }

    /// What is inside the engine, for the record.
    pub fn library(&self) -> String {
        self.lease.library()
    }
}

impl Pen for Own<'_> {
    fn context_tokens(&self) -> u32 {
        self.context_tokens
    }

    async fn count(&mut self, text: &str) -> Result<u32, JobError> {
        Ok(self.lease.engine()?.count_tokens(text).await?)
    }

    async fn ask(&mut self, question: Question) -> Result<String, JobError> {
        let request = Generate {
            id: 0,
            messages: question.messages,
            grammar: Some(question.grammar),
            max_tokens: question.most_tokens,
            temperature: 0.0,
            seed: 0,
            penalties: None,
        };
        let generated = self.lease.engine()?.generate(request).await?;
        if generated.stop == StopReason::Length {
            return Err(JobError::Again("its answer did not come to an end".into()));
        }
        Ok(generated.text)
    }
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

    async fn count(&mut self, text: &str) -> Result<u32, JobError> {
        Ok(writing::tokens(text))
    }

    async fn ask(&mut self, question: Question) -> Result<String, JobError> {
        let Question { messages, schema, most_tokens, .. } = question;
        let written = writing::write(self.outside, self.ready, &messages, &schema, most_tokens).await;
        written.map_err(|over| match over {
            Over::Shop(error) => error.into(),
            over => JobError::Again(over.to_string()),
        })
    }
}
