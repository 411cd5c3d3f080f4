//! A change of one sentence, as a program asks for it.

use super::edits::{Edited, TextEdit};
use crate::http::api::conditional::IfMatch;
use crate::http::api::problem::{FieldError, Kind, Problem};
use axum::Json;
use domain::production::editing;
use domain::transcript::edits::change::Change;
use domain::{Db, Error};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A change of a sentence: what is sent is changed, all else stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "The lamp was lit.", "speaker": "The keeper", "speaker_for": 1 }))]
pub struct SentenceChange {
    /// What is said. Words that were heard right keep their times. A line break ends a sentence: what follows is one of its own.
    #[serde(default)]
    #[schema(example = "The lamp was lit.", max_length = 2000)]
    text: Option<String>,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(example = "The keeper", max_length = 100)]
    speaker: Option<String>,
    /// For how many sentences the speaker goes on, this one included.
    #[serde(default)]
    #[schema(example = 1, minimum = 1, maximum = 200)]
    speaker_for: Option<u32>,
    /// `false` when nothing of the kind is said there, `true` when it is said after all. Goes alone.
    #[serde(default)]
    spoken: Option<bool>,
}

impl SentenceChange {
    pub fn read(self) -> Result<Change, Problem> {
        let refused = |field: &str, message: &str| {
            let (field, code) = (field.to_owned(), "sentence.fits-not-together".to_owned());
            Problem::invalid(vec![FieldError { field, code, message: message.to_owned() }])
        };
        let reach = self.speaker_for.unwrap_or(1);
        match (self.spoken, self.text, self.speaker) {
            (Some(true), None, None) => Ok(Change::Restore),
            (Some(false), None, None) => Ok(Change::Drop),
            (Some(_), ..) => Err(refused("spoken", "Whether it is spoken is said alone.")),
            (None, _, None) if self.speaker_for.is_some() => Err(refused("speaker_for", "Say who speaks as well.")),
            (None, None, None) => Err(refused("text", "Say what is changed.")),
            (None, text, speaker) => Ok(Change::Said { text, speaker, reach }),
        }
    }
}

/// Changes a sentence, while it is at a version that the program knows.
///
/// # Errors
/// 412 when somebody else has changed it, with what they wrote; else as [`editing::edit`].
pub async fn apply(
    db: &Db,
    id: Uuid,
    sentence: Uuid,
    known: &IfMatch,
    change: &Change,
) -> Result<Json<Edited>, Problem> {
    let line = editing::sentence(db, id, sentence).await?;
    if !known.knows(line.version) {
        return Err(outdated(&line.text));
    }
    match editing::edit(db, id, sentence, line.version, change).await {
        Ok(edit) => Ok(Json(Edited { edit: edit.map(TextEdit::from) })),
        // Somebody was quicker, between the look and the change.
        Err(error) if error.code() == "transcript.changed" => Err(outdated_as(&error)),
        Err(error) => Err(error.into()),
    }
}

/// Somebody else has changed the sentence that a program knows: here is what they wrote.
fn outdated(text: &str) -> Problem {
    outdated_as(&Error::conflict("transcript.changed").with("text", text))
}

fn outdated_as(error: &Error) -> Problem {
    Problem::new(Kind::PreconditionFailed, error.to_string())
}
