//! What was edited in the text and the chapters of a title, and undoing it.

use super::id_of;
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::production::editing;
use domain::transcript::edits::{Edit, EditKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which edits are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EditsAsked {
    /// Edits in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// An edit.
#[derive(Serialize, ToSchema)]
pub struct TextEdit {
    pub id: Uuid,
    /// Counted from 1 for each title.
    #[schema(example = 12)]
    pub number: i32,
    /// `worded`, `split`, `joined`, `dropped`, `restored`, `accepted`, `speaker`, `replaced` or `chapters`.
    #[schema(value_type = String, example = "worded")]
    pub kind: EditKind,
    /// Where, from the start of the book.
    #[schema(example = 61_000)]
    pub at_ms: i64,
    /// How what was changed began before.
    #[schema(example = "The lamb was lit.")]
    pub before: String,
    /// How it does now.
    #[schema(example = "The lamp was lit.")]
    pub after: String,
    /// How many sentences or chapters it changed.
    #[schema(example = 1)]
    pub places: u32,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub made_at: String,
    pub undone: bool,
}

impl From<Edit> for TextEdit {
    fn from(edit: Edit) -> Self {
        Self {
            id: edit.id,
            number: edit.number,
            kind: edit.kind,
            at_ms: edit.at_ms,
            before: edit.before,
            after: edit.after,
            places: edit.places,
            made_at: time(edit.made_at),
            undone: edit.undone,
        }
    }
}

/// What a change came to.
#[derive(Serialize, ToSchema)]
pub struct Edited {
    /// What was done. Missing when everything was so already.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub edit: Option<TextEdit>,
}

/// Which edit is undone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditToUndo {
    /// The last one that is not undone yet, as `edits` lists it.
    edit: Uuid,
}

/// What came of undoing an edit.
#[derive(Serialize, ToSchema)]
pub struct UndoneEdit {
    pub edit: TextEdit,
    /// `false` when something else has come into its place since, such as what was heard anew: then the text was left alone, and
    /// the edit does not stand in the way of those before it any more.
    pub undone: bool,
}

/// The edits of a title
///
/// Of its text and its chapters, the newest first; the last five hundred. For admins with the permission `catalogue` or
/// `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/edits",
    operation_id = "text_edits",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        EditsAsked,
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<TextEdit>),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Titles>,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(asked): Query<EditsAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.0 };
    Ok(Listed::<TextEdit>::of(editing::edits(&db, id, walk).await?).answer(&uri))
}

/// Undo the last edit
///
/// Which has to be the one that is named, so that nobody undoes what somebody else has just done.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/edits/undo",
    operation_id = "undo_edit",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    request_body = EditToUndo,
    responses(
        (status = 200, description = "What was undone.", body = UndoneEdit),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn undo(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
    Body(wish): Body<EditToUndo>,
) -> Result<Json<UndoneEdit>, Problem> {
    let id = id_of(&db, &which).await?;
    let undone = editing::undo(&db, id, wish.edit).await?;
    Ok(Json(UndoneEdit { edit: undone.edit.into(), undone: undone.possible }))
}
