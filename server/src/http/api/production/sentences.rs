//! The text of a title, sentence by sentence, as it is edited.

use super::edits::Edited;
use super::id_of;
use super::sentence::{SentenceChange, apply};
use crate::http::api::body::Body;
use crate::http::api::conditional::{IfMatch, versioned};
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, Outdated, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::production::editing;
use domain::transcript::edits::Line;
use domain::transcript::edits::change::Change;
use domain::transcript::{Doubt, Standing};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which sentences are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SentencesAsked {
    /// Those that begin at this moment of the book or later, in milliseconds.
    #[serde(default, deserialize_with = "within_book")]
    #[param(value_type = Option<i64>, example = 61_000, minimum = 0)]
    from_ms: i64,
    /// Sentences in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

fn within_book<'de, D: Deserializer<'de>>(of: D) -> Result<i64, D::Error> {
    let moment = i64::deserialize(of)?;
    if moment < 0 { Err(D::Error::custom("no moment of a book lies before its beginning")) } else { Ok(moment) }
}

/// A sentence as it is edited. Times are from the start of the book.
#[derive(Serialize, ToSchema)]
pub struct EditedSentence {
    pub id: Uuid,
    /// Counts the changes that people made. `"v0"` is its tag: give that as `If-Match` with a change.
    #[schema(example = 0)]
    pub version: i32,
    #[schema(example = 61_000)]
    pub start_ms: i64,
    #[schema(example = 64_500)]
    pub end_ms: i64,
    #[schema(example = "The lamp was lit.")]
    pub text: String,
    /// What was heard, where the text is another by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The lamb was lit.")]
    pub heard: Option<String>,
    /// Why it was not believed: `repetition`, `no-speech`, `unsure` or `pace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "unsure")]
    pub doubt: Option<Doubt>,
    /// `heard`, `doubtful`, `accepted`, `corrected` or `dropped`. Readers get neither `doubtful` nor `dropped`.
    #[schema(value_type = String, example = "corrected")]
    pub standing: Standing,
    /// Who says it, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The keeper")]
    pub speaker: Option<String>,
    /// Somebody put it right: it stays when the recording is heard again, unless they are told not to.
    pub by_hand: bool,
}

impl From<Line> for EditedSentence {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            version: line.version,
            start_ms: line.start_ms,
            end_ms: line.end_ms,
            text: line.text,
            heard: line.heard,
            doubt: line.doubt,
            standing: line.standing,
            speaker: line.speaker,
            by_hand: line.by_hand,
        }
    }
}

/// The sentences of a title
///
/// All of them in the order of the book, with what waits for a decision and what is not spoken: a part at a time, however long
/// the book. `transcript` has what readers get. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/sentences",
    operation_id = "sentences",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        SentencesAsked,
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<EditedSentence>),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Titles>,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(asked): Query<SentencesAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.0 };
    Ok(Listed::<EditedSentence>::of(editing::walk(&db, id, asked.from_ms, walk).await?).answer(&uri))
}

/// A sentence
///
/// With a tag to give as `If-Match`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/sentences/{sentence}",
    operation_id = "sentence",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("sentence" = Uuid, Path, description = "Its id.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
    ),
    responses(
        (status = 200, description = "The sentence.", body = EditedSentence),
        Unchanged, TokenProblems, NotThere,
    )
)]
pub async fn read(
    Permitted { db, .. }: Permitted<Titles>,
    Path((which, sentence)): Path<(Which, Uuid)>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let line = editing::sentence(&db, id, sentence).await?;
    versioned(line.version, &EditedSentence::from(line))
}

/// Edit a sentence
///
/// Its words, where it ends, who says it, or whether it is said at all. Readers, files and samples have it at once. With
/// `If-Match`, only while nobody else has changed it; the problem says what they wrote. `edits` lists what was done, to be undone.
#[utoipa::path(
    patch,
    path = "/audiobooks/{which}/sentences/{sentence}",
    operation_id = "change_sentence",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("sentence" = Uuid, Path, description = "Its id.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("if-match" = Option<String>, Header, description = "The tag of what is changed.", example = "\"v0\""),
    ),
    request_body = SentenceChange,
    responses(
        (status = 200, description = "It is done.", body = Edited),
        BodyProblems, TokenProblems, NotThere, Clash, Outdated,
    )
)]
pub async fn change(
    Permitted { db, .. }: Permitted<Titles>,
    Path((which, sentence)): Path<(Which, Uuid)>,
    known: IfMatch,
    Body(wish): Body<SentenceChange>,
) -> Result<Json<Edited>, Problem> {
    let id = id_of(&db, &which).await?;
    apply(&db, id, sentence, &known, &wish.read()?).await
}

/// Join a sentence with the next
///
/// Their words keep their times. With `If-Match`, only while nobody else has changed it.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/sentences/{sentence}/join",
    operation_id = "join_sentences",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("sentence" = Uuid, Path, description = "The id of the first one.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("if-match" = Option<String>, Header, description = "The tag of what is changed.", example = "\"v0\""),
    ),
    responses(
        (status = 200, description = "They are one.", body = Edited),
        TokenProblems, NotThere, Clash, Outdated,
    )
)]
pub async fn join(
    Permitted { db, .. }: Permitted<Titles>,
    Path((which, sentence)): Path<(Which, Uuid)>,
    known: IfMatch,
) -> Result<Json<Edited>, Problem> {
    let id = id_of(&db, &which).await?;
    apply(&db, id, sentence, &known, &Change::Join).await
}
