//! What a player needs: the parts of a book, its chapters, and what was said, as far as its text rights go.

use super::position::position;
use super::{Listening, Part, access};
use crate::account::User;
use crate::catalog::{TextRights, browse};
use crate::db::BATCH;
use crate::entities::{audiobooks, files, parts};
use crate::transcript::{Chapter, Segment, chapters::chapters_of, segments};
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// Longest stretch of text that is given at once, in milliseconds: an hour.
const STRETCH_MS: i64 = 3_600_000;

/// A transcript to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub slug: String,
    pub title: String,
    pub segments: Vec<Segment>,
    pub chapters: Vec<Chapter>,
}

/// All that a player needs to know of a book.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear.
pub async fn listening(db: &Db, viewer: &User, slug: &str) -> Result<Listening> {
    let title = access::title_at(db, viewer, slug).await?;
    let summary = browse::summaries(db, &[title.id]).await?.remove(&title.id).ok_or(Error::NotFound("book"))?;
    Ok(Listening {
        summary,
        parts: parts_of(db, &title).await?,
        chapters: chapters_of(db, title.id).await?,
        text_rights: title.text_rights,
        has_transcript: title.text_rights.may_be_read() && segments::any(db, title.id).await?,
        position: position(db, viewer.id, title.id).await?,
    })
}

/// What is said between two points of a book, in milliseconds from its start; at most an hour. Nothing when the text
/// rights keep it inside.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear.
pub async fn segments(db: &Db, viewer: &User, slug: &str, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>> {
    let title = access::title_at(db, viewer, slug).await?;
    if !title.text_rights.may_be_read() {
        return Ok(Vec::new());
    }
    let from_ms = from_ms.max(0);
    let to_ms = to_ms.min(from_ms.saturating_add(STRETCH_MS));
    segments::between(db, title.id, from_ms, to_ms).await
}

/// The first `most` segments of a title, without the times of single words, for whoever runs the shop: text rights are for
/// buyers.
///
/// # Errors
/// `Forbidden` for anyone else.
pub async fn preview(db: &Db, viewer: &User, audiobook_id: Uuid, most: u64) -> Result<Vec<Segment>> {
    if !viewer.is_admin() {
        return Err(Error::Forbidden);
    }
    segments::first(db, audiobook_id, most).await
}

/// The whole transcript of a book, for a file.
///
/// # Errors
/// `NotFound` when there is no such book, it is not this person's to hear, or it has no transcript; `Forbidden` when its
/// text may not be taken away.
pub async fn transcript(db: &Db, viewer: &User, audiobook_id: Uuid) -> Result<Transcript> {
    let title = access::title_for(db, viewer, audiobook_id).await?;
    if title.text_rights != TextRights::Download {
        return Err(Error::Forbidden);
    }
    let segments = segments::whole(db, title.id).await?;
    if segments.is_empty() {
        return Err(Error::NotFound("transcript"));
    }
    Ok(Transcript { segments, chapters: chapters_of(db, title.id).await?, slug: title.slug, title: title.title })
}

async fn parts_of(db: &Db, title: &audiobooks::Model) -> Result<Vec<Part>> {
    let parts = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(title.id))
        .order_by_asc(parts::Column::Position)
        .all(db.read())
        .await?;
    let mut files = HashMap::new();
    for some in parts.chunks(BATCH) {
        let found = files::Entity::find().filter(files::Column::Id.is_in(some.iter().map(|part| part.file_id)));
        files.extend(found.all(db.read()).await?.into_iter().map(|file| (file.id, file)));
    }
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let part = |part: parts::Model| {
        let file = files.get(&part.file_id)?;
        Some(Part {
            audiobook_id: title.id,
            position: part.position,
            start_ms: part.start_ms,
            duration_ms: part.duration_ms,
            media_type: file.media_type.clone(),
            file_name: file_name(&title.slug, part.position, count, &file.original_name),
            size: file.size,
        })
    };
    Ok(parts.into_iter().filter_map(part).collect())
}

/// `the-bell.mp3`, or `the-bell-03.mp3` for the third of several.
pub(super) fn file_name(slug: &str, position: i32, count: i64, original: &str) -> String {
    let known = |extension: &&str| {
        (1..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let extension = original.rsplit_once('.').map(|(_, extension)| extension).filter(known).unwrap_or("audio");
    let place = if count > 1 { format!("-{:02}", position + 1) } else { String::new() };
    format!("{slug}{place}.{}", extension.to_ascii_lowercase())
}
