//! Text generation.

use serde::{Deserialize, Serialize};

use crate::RequestId;

/// Who speaks in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions.
    System,
    /// The question.
    User,
    /// An earlier answer.
    Assistant,
}

impl Role {
    /// The name that chat templates know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// Asks for the next turn of a conversation. Answered by [`Generated`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generate {
    /// Echoed in the answer.
    pub id: RequestId,
    /// The conversation so far; not empty.
    pub messages: Vec<Message>,
    /// A GBNF grammar with a rule `root` that the answer is held to.
    #[serde(default)]
    pub grammar: Option<String>,
    /// Most tokens to write.
    pub max_tokens: u32,
    /// 0 always takes the likeliest token.
    #[serde(default)]
    pub temperature: f32,
    /// Makes a run with a temperature repeatable.
    #[serde(default)]
    pub seed: u32,
    /// Holds what was written against the words that come next.
    #[serde(default)]
    pub penalties: Option<Penalties>,
}

/// How much less likely a token gets that was written before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Penalties {
    /// Tokens back that count.
    pub window: u32,
    /// Divides its likelihood; 1 changes nothing.
    pub repeat: f32,
    /// Taken from its likelihood for each time that it was written; 0 changes nothing.
    pub frequency: f32,
}

/// Asks for the next turns of several conversations. What they begin with alike is read once, and they are written side by
/// side, as many as the context holds. Answered by [`GeneratedAll`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GenerateAll {
    /// Echoed in the answer.
    pub id: RequestId,
    /// The ids in them are echoed in their answers and pair nothing.
    pub requests: Vec<Generate>,
}

/// Why the writing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The model said that it was done, or the grammar left nothing to add.
    End,
    /// `max_tokens` or the context was reached: the text is cut off, and JSON is likely broken.
    Length,
}

/// The next turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The [`Generate`] that this answers.
    pub id: RequestId,
    /// What was written.
    pub text: String,
    /// Tokens of the conversation as the model reads it.
    pub prompt_tokens: u32,
    /// Tokens written.
    pub output_tokens: u32,
    /// Why it ended.
    pub stop: StopReason,
}

/// The next turns of several conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratedAll {
    /// The [`GenerateAll`] that this answers.
    pub id: RequestId,
    /// In the order of the requests.
    pub answers: Vec<Generated>,
}

/// Asks how many tokens a text has, so that a long one can be packed to fit. Answered by [`Counted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountTokens {
    /// Echoed in the answer.
    pub id: RequestId,
    /// Plain text; the conversation's own marks come on top.
    pub text: String,
}

/// How many tokens a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The [`CountTokens`] that this answers.
    pub id: RequestId,
    /// Without a mark for the beginning.
    pub tokens: u32,
}
