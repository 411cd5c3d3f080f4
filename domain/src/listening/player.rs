//! What a player needs: the parts of a book, its chapters, and what was said, as far as its text rights go.

use super::position::position;
use super::{Listening, Part, access};
use crate::account::User;
use crate::catalog::titles::by_id;
use crate::catalog::{TextRights, browse};
use crate::db::BATCH;
use crate::entities::{audiobooks, file_copies, files, parts};
use crate::transcript::{Chapter, Segment, chapters::chapters_of, segments};
use crate::{Db, Error, Result};
use sea_orm::sea_query::{ExprTrait, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Longest stretch of text that is given at once, in milliseconds: an hour.
const STRETCH_MS: i64 = 3_600_000;
/// The same for who reads on sentence by sentence: ten minutes.
const PART_MS: i64 = 600_000;

/// Stretch of a book that is looked through for the next segments, in milliseconds.
const AT_ONCE_MS: i64 = 600_000;

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
    let from_ms = Ord::max(from_ms, 0);
    let to_ms = Ord::min(to_ms, from_ms.saturating_add(STRETCH_MS));
    segments::between(db, title.id, from_ms, to_ms).await
}

/// Where a transcript goes on: after a segment that begins then, in milliseconds, and is in this place of the book.
pub type After = (i64, i32);

/// The next segments of a book, at most `most`, and where it goes on; there may be none for a while where nothing is said.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear; `Forbidden` when its text may not be read.
pub async fn transcript_part(
    db: &Db,
    viewer: &User,
    slug: &str,
    after: Option<After>,
    most: usize,
) -> Result<(Vec<Segment>, Option<After>)> {
    let title = access::title_at(db, viewer, slug).await?;
    if !title.text_rights.may_be_read() {
        return Err(Error::Forbidden);
    }
    let after = after.unwrap_or((0, -1));
    let from_ms = Ord::max(after.0, 0);
    let to_ms = from_ms.saturating_add(AT_ONCE_MS);
    let mut found = segments::between(db, title.id, from_ms, to_ms).await?;
    found.retain(|segment| (segment.start_ms, segment.position) > after);
    let next = if found.len() > most {
        found.truncate(most);
        found.last().map(|last| (last.start_ms, last.position))
    } else {
        (to_ms < title.duration_ms).then_some((to_ms, -1))
    };
    Ok((found, next))
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

/// What is said in a title from `from_ms` on, at most about `most` sentences, and where what comes next begins. For whoever runs
/// the shop: text rights are for buyers.
///
/// # Errors
/// `Forbidden` for anyone else; `NotFound` when there is no such title.
pub async fn read_on(
    db: &Db,
    viewer: &User,
    audiobook_id: Uuid,
    from_ms: i64,
    most: usize,
) -> Result<(Vec<Segment>, Option<i64>)> {
    if !viewer.is_admin() {
        return Err(Error::Forbidden);
    }
    by_id(db.read(), audiobook_id).await?;
    let Some(first) = segments::next_start(db, audiobook_id, from_ms).await? else { return Ok((Vec::new(), None)) };
    let to_ms = first.saturating_add(PART_MS);
    let mut said = segments::between(db, audiobook_id, first, to_ms).await?;
    // What began before was given before.
    said.retain(|sentence| sentence.start_ms >= first);
    let mut given = said.len().min(most.max(1));
    // Where the next one begins tells it only from those that begin elsewhere.
    while given > 0 && given < said.len() && said[given].start_ms == said[given - 1].start_ms {
        given += 1;
    }
    let next = match said.get(given) {
        Some(next) => Some(next.start_ms),
        None => segments::next_start(db, audiobook_id, to_ms).await?,
    };
    said.truncate(given);
    Ok((said, next))
}

/// The whole transcript of a title, for a file of whoever runs the shop: text rights are for buyers.
///
/// # Errors
/// `Forbidden` for anyone else; `NotFound` when there is no such title, or it has no transcript.
pub async fn transcript_of(db: &Db, viewer: &User, audiobook_id: Uuid) -> Result<Transcript> {
    if !viewer.is_admin() {
        return Err(Error::Forbidden);
    }
    let title = by_id(db.read(), audiobook_id).await?;
    whole(db, title).await
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
    whole(db, title).await
}

async fn whole(db: &Db, title: audiobooks::Model) -> Result<Transcript> {
    let segments = segments::whole(db, title.id).await?;
    if segments.is_empty() {
        return Err(Error::NotFound("transcript"));
    }
    Ok(Transcript { segments, chapters: chapters_of(db, title.id).await?, slug: title.slug, title: title.title })
}

/// A file, and the copy of it for players.
#[derive(FromQueryResult)]
struct Recorded {
    id: Uuid,
    media_type: String,
    original_name: String,
    size: i64,
    copy_key: Option<String>,
}

async fn parts_of(db: &Db, title: &audiobooks::Model) -> Result<Vec<Part>> {
    let parts = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(title.id))
        .order_by_asc(parts::Column::Position)
        .all(db.read())
        .await?;
    let mut files = HashMap::new();
    for some in parts.chunks(BATCH) {
        let mut found = files::Entity::find()
            .select_only()
            .columns([files::Column::Id, files::Column::MediaType, files::Column::OriginalName, files::Column::Size])
            .column_as(file_copies::Column::StorageKey, "copy_key")
            .filter(files::Column::Id.is_in(some.iter().map(|part| part.file_id)));
        QuerySelect::query(&mut found).join(
            JoinType::LeftJoin,
            file_copies::Entity,
            file_copies::Column::FileId.into_expr().equals((files::Entity, files::Column::Id)),
        );
        let found = found.into_model::<Recorded>().all(db.read()).await?;
        files.extend(found.into_iter().map(|file| (file.id, file)));
    }
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let part = |part: parts::Model| {
        let file = files.get(&part.file_id)?;
        Some(Part {
            id: part.id,
            audiobook_id: title.id,
            position: part.position,
            start_ms: part.start_ms,
            duration_ms: part.duration_ms,
            media_type: file.media_type.clone(),
            copied: file.copy_key.is_some(),
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
