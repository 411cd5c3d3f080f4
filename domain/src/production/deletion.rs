//! Deleting a draft with all that was made of it, in one transaction. Its files leave the storage by the clean-up of what
//! nothing names.

use super::jobs::{STEP_KINDS, group};
use super::{DraftContents, UploadStatus};
use crate::audit::{self, Action, Entry};
use crate::catalog::{drafts, titles};
use crate::db::BATCH;
use crate::entities::{audiobooks, cart_items, chapters, file_copies, files, parts, uploads};
use crate::spoken::index;
use crate::transcript::segments;
use crate::{Db, Result, Tx, jobs};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// What whoever sends an upload is told once its title is gone.
const TITLE_GONE: &str = "The draft that this file was for has been deleted.";

/// What goes with a draft.
///
/// # Errors
/// [`crate::Error::Conflict`] when it may not be deleted: it is no draft, or was ever sold or ordered;
/// [`crate::Error::NotFound`].
pub async fn contents(db: &Db, id: Uuid) -> Result<DraftContents> {
    let title = titles::by_id(db.read(), id).await?;
    drafts::deletable(db.read(), &title).await?;
    let ids = files_of(db.read(), id).await?;
    let mut bytes = 0;
    for ids in ids.chunks(BATCH) {
        let sizes = files::Entity::find().select_only().column(files::Column::Size);
        let sizes: Vec<i64> =
            sizes.filter(files::Column::Id.is_in(ids.iter().copied())).into_tuple().all(db.read()).await?;
        let copies = file_copies::Entity::find().select_only().column(file_copies::Column::Size);
        let copies: Vec<Option<i64>> =
            copies.filter(file_copies::Column::FileId.is_in(ids.iter().copied())).into_tuple().all(db.read()).await?;
        bytes += sizes.into_iter().chain(copies.into_iter().flatten()).sum::<i64>();
    }
    Ok(DraftContents {
        title: title.title,
        files: ids.len() as u64,
        bytes,
        text: segments::any(db, id).await?,
        chapters: chapters::Entity::find().filter(chapters::Column::AudiobookId.eq(id)).count(db.read()).await?,
        sample: title.sample_key.is_some(),
        cover: title.cover_key.is_some(),
        uploads: open_uploads(id).count(db.read()).await?,
        producing: jobs::unfinished_in_group(db.read(), &group(id), &STEP_KINDS).await? > 0,
        carts: cart_items::Entity::find().filter(cart_items::Column::AudiobookId.eq(id)).count(db.read()).await?,
    })
}

/// Deletes a draft that nobody ever bought: its words, text, chapters and steps, its jobs, and its files where no other title
/// has the same. Uploads on their way to it end. A worker that is at it can write nothing more.
///
/// # Errors
/// As [`contents`].
pub async fn delete_draft(db: &Db, id: Uuid) -> Result<()> {
    delete_draft_at(db, id, None).await
}

/// [`delete_draft`], only while the draft is at a version that is `known`.
///
/// # Errors
/// As [`contents`], and [`crate::Error::Conflict`] when somebody else has saved it since.
pub async fn delete_draft_at(db: &Db, id: Uuid, known: Option<i32>) -> Result<()> {
    db.transaction(async |tx| delete_now(&tx, id, known).await).await
}

async fn delete_now(tx: &Tx, id: Uuid, known: Option<i32>) -> Result<()> {
    // In the order in which an upload that arrives, and a worker, take what they change.
    uploads::Entity::find()
        .select_only()
        .column(uploads::Column::Id)
        .filter(uploads::Column::AudiobookId.eq(id))
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .all(tx)
        .await?;
    jobs::erase_group(tx, &group(id)).await?;
    titles::held_at(tx, id, known).await?;
    let title = drafts::hold_deletable(tx, id).await?;
    let files = files_of(tx, id).await?;
    end_uploads(tx, id).await?;
    index::forget(tx, id).await?;
    // What hangs on it goes with it.
    audiobooks::Entity::delete_by_id(id).exec(tx).await?;
    let gone = delete_files(tx, &files).await?;
    let details = json!({ "title": title.title, "files": gone });
    audit::record(tx, Entry::new(Action::TitleDeleted).on("title", id).with(details)).await
}

fn open_uploads(id: Uuid) -> Select<uploads::Entity> {
    uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(id))
        .filter(uploads::Column::Status.is_in([UploadStatus::Receiving, UploadStatus::Checking]))
}

/// Uploads under way end, and whoever sends them is told why; the others were about the title alone.
async fn end_uploads(tx: &Tx, id: Uuid) -> Result<()> {
    uploads::Entity::update_many()
        .col_expr(uploads::Column::Status, Expr::value(UploadStatus::Refused))
        .col_expr(uploads::Column::Failure, Expr::value(TITLE_GONE))
        .col_expr(uploads::Column::AudiobookId, Expr::value(None::<Uuid>))
        .col_expr(uploads::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(uploads::Column::AudiobookId.eq(id))
        .filter(uploads::Column::Status.is_in([UploadStatus::Receiving, UploadStatus::Checking]))
        .exec(tx)
        .await?;
    uploads::Entity::delete_many().filter(uploads::Column::AudiobookId.eq(id)).exec(tx).await?;
    Ok(())
}

/// The files that a title has or was sent.
async fn files_of(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Uuid>> {
    let heard: Vec<Uuid> = parts::Entity::find()
        .select_only()
        .column(parts::Column::FileId)
        .filter(parts::Column::AudiobookId.eq(id))
        .into_tuple()
        .all(db)
        .await?;
    let sent: Vec<Option<Uuid>> = uploads::Entity::find()
        .select_only()
        .column(uploads::Column::FileId)
        .filter(uploads::Column::AudiobookId.eq(id))
        .into_tuple()
        .all(db)
        .await?;
    let all: HashSet<Uuid> = heard.into_iter().chain(sent.into_iter().flatten()).collect();
    Ok(all.into_iter().collect())
}

/// Takes the rows of files that no other title has: nothing names their content any more. Returns how many.
pub(super) async fn delete_files(tx: &Tx, ids: &[Uuid]) -> Result<u64> {
    let mut gone = 0;
    for ids in ids.chunks(BATCH) {
        // Held, so that no upload of the same content takes one for its own meanwhile.
        files::Entity::find()
            .select_only()
            .column(files::Column::Id)
            .filter(files::Column::Id.is_in(ids.iter().copied()))
            .lock_exclusive()
            .into_tuple::<Uuid>()
            .all(tx)
            .await?;
        let parts: Vec<Uuid> = parts::Entity::find()
            .select_only()
            .column(parts::Column::FileId)
            .filter(parts::Column::FileId.is_in(ids.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        let sent: Vec<Option<Uuid>> = uploads::Entity::find()
            .select_only()
            .column(uploads::Column::FileId)
            .filter(uploads::Column::FileId.is_in(ids.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        let kept: HashSet<Uuid> = parts.into_iter().chain(sent.into_iter().flatten()).collect();
        let nameless: Vec<Uuid> = ids.iter().copied().filter(|id| !kept.contains(id)).collect();
        if !nameless.is_empty() {
            gone +=
                files::Entity::delete_many().filter(files::Column::Id.is_in(nameless)).exec(tx).await?.rows_affected;
        }
    }
    Ok(gone)
}
