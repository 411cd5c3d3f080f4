//! A person's books.

use super::addresses::Addresses;
use super::position::{ListeningPosition, percent};
use crate::AppState;
use crate::http::api::brief::{BriefTitle, slug_of};
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use crate::http::listen::TextFormat;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::Walk;
use domain::catalog::TextRights;
use domain::listening::{COPY_TYPE, LibraryFilter, LibraryItem, library, player};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A book in a library.
#[derive(Serialize, ToSchema)]
pub struct OwnedBook {
    audiobook: BriefTitle,
    #[schema(format = DateTime, example = "2026-11-20T09:30:02Z")]
    bought_at: String,
    /// Missing while nobody has listened.
    position: Option<ListeningPosition>,
    /// How much of it was heard: 0 to 100.
    #[schema(example = 25, minimum = 0, maximum = 100)]
    progress_percent: i64,
}

/// All that a player needs to know of a book. The addresses need no header.
#[derive(Serialize, ToSchema)]
pub struct PlayableBook {
    audiobook: BriefTitle,
    parts: Vec<PlayablePart>,
    chapters: Vec<BookChapter>,
    position: ListeningPosition,
    #[schema(example = 25, minimum = 0, maximum = 100)]
    progress_percent: i64,
    /// There is a transcript that may be read.
    #[schema(example = true)]
    has_transcript: bool,
    /// Its files; none where the text may not be taken away.
    transcripts: Vec<TranscriptFile>,
    /// When the addresses end. Ask again for new ones.
    #[schema(format = DateTime, example = "2026-11-20T09:45:00Z")]
    addresses_good_until: String,
}

/// An audio file of a book.
#[derive(Serialize, ToSchema)]
pub struct PlayablePart {
    /// Stays what it is when the parts of a title change places.
    id: Uuid,
    /// Counted from 0.
    #[schema(example = 0)]
    number: i32,
    /// From the start of the book.
    #[schema(example = 0)]
    start_ms: i64,
    #[schema(example = 4_200_000)]
    duration_ms: i64,
    #[schema(example = "audio/mpeg")]
    media_type: String,
    /// What `stream` sends: the file itself, or a copy of it that every player goes about in at once. `size` is that of the
    /// download.
    #[schema(example = "audio/mpeg")]
    stream_media_type: String,
    /// In bytes.
    #[schema(example = 33_600_000)]
    size: i64,
    /// What a download is called.
    #[schema(example = "the-snow-queen.mp3")]
    file_name: String,
    #[schema(
        format = "uri",
        example = "https://shop.example/api/v1/listen/0192f0c1-2b3c-7d4e-8f50-617283940a1c/parts/0?person=0192f0c1-2b3c-7d4e-8f50-617283940a1b&until=1796000000"
    )]
    stream: String,
    #[schema(
        format = "uri",
        example = "https://shop.example/api/v1/listen/0192f0c1-2b3c-7d4e-8f50-617283940a1c/parts/0/download?person=0192f0c1-2b3c-7d4e-8f50-617283940a1b&until=1796000000"
    )]
    download: String,
}

/// A chapter.
#[derive(Serialize, ToSchema)]
pub struct BookChapter {
    #[schema(example = "The mirror and its fragments")]
    title: String,
    /// From the start of the book.
    #[schema(example = 0)]
    start_ms: i64,
    #[schema(example = 600_000)]
    end_ms: i64,
}

/// A transcript as a file.
#[derive(Serialize, ToSchema)]
pub struct TranscriptFile {
    #[schema(example = "text/vtt")]
    media_type: &'static str,
    #[schema(
        format = "uri",
        example = "https://shop.example/api/v1/listen/0192f0c1-2b3c-7d4e-8f50-617283940a1c/transcript/vtt?person=0192f0c1-2b3c-7d4e-8f50-617283940a1b&until=1796000000"
    )]
    download: String,
}

/// Which books are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedBooks {
    /// Only those that stand so.
    #[param(inline, example = "in-progress")]
    state: Option<Heard>,
    /// Each word has to begin a word that the title is found by.
    #[serde(default)]
    #[param(example = "snow")]
    text: String,
    /// How many at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "eyJwYWdlIjoyfQ")]
    cursor: Option<Cursor>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Heard {
    Unheard,
    InProgress,
    Finished,
}

impl From<Heard> for LibraryFilter {
    fn from(heard: Heard) -> Self {
        match heard {
            Heard::Unheard => Self::Unheard,
            Heard::InProgress => Self::InProgress,
            Heard::Finished => Self::Finished,
        }
    }
}

impl From<LibraryItem> for OwnedBook {
    fn from(item: LibraryItem) -> Self {
        let progress_percent = item.position.map_or(0, |position| percent(position, item.summary.duration_ms));
        Self {
            audiobook: (&item.summary).into(),
            bought_at: time(item.bought_at),
            position: item.position.map(Into::into),
            progress_percent,
        }
    }
}

/// List your books
///
/// What you bought or were given, the latest first.
#[utoipa::path(
    get,
    path = "/my-books",
    operation_id = "list_my_books",
    tag = "listening",
    params(WantedBooks),
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The books.", body = Listed<OwnedBook>),
        Unchanged, QueryProblems, TokenProblems,
    )
)]
pub async fn list(
    listener: Permitted<Listening>,
    Query(wanted): Query<WantedBooks>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let after = Cursor::place(wanted.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: wanted.limit.0 };
    let filter = wanted.state.map_or(LibraryFilter::All, LibraryFilter::from);
    let books = library::walk(&listener.db, listener.user.id, filter, &wanted.text, walk).await?;
    Ok(Listed::<OwnedBook>::of(books).answer(&uri))
}

/// Get a book to listen to
///
/// With addresses that stream, download and read it. They need no header, so that any player can use them, are good for 15
/// minutes, and open nothing any more when the book is paid back.
#[utoipa::path(
    get,
    path = "/my-books/{which}",
    operation_id = "read_my_book",
    tag = "listening",
    params(("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen")),
    security(("access_token" = ["listening"])),
    responses((status = 200, description = "The book.", body = PlayableBook), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(
    State(state): State<AppState>,
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
) -> Result<Json<PlayableBook>, Problem> {
    let slug = slug_of(&listener.db, &which).await?;
    let book = player::listening(&listener.db, &listener.user, &slug).await?;
    let addresses = Addresses::new(&state, listener.user.id, book.summary.id).await?;
    let file =
        |format: TextFormat| TranscriptFile { media_type: format.essence(), download: addresses.transcript(format) };
    let may_take = book.has_transcript && book.text_rights == TextRights::Download;
    let parts = book.parts.into_iter().map(|part| PlayablePart {
        id: part.id,
        number: part.position,
        start_ms: part.start_ms,
        duration_ms: part.duration_ms,
        stream_media_type: if part.copied { COPY_TYPE.to_owned() } else { part.media_type.clone() },
        media_type: part.media_type,
        size: part.size,
        file_name: part.file_name,
        stream: addresses.stream(part.position),
        download: addresses.download(part.position),
    });
    let chapters = book.chapters.into_iter().map(|chapter| BookChapter {
        title: chapter.title,
        start_ms: chapter.start_ms,
        end_ms: chapter.end_ms,
    });
    Ok(Json(PlayableBook {
        audiobook: (&book.summary).into(),
        parts: parts.collect(),
        chapters: chapters.collect(),
        position: book.position.into(),
        progress_percent: percent(book.position, book.summary.duration_ms),
        has_transcript: book.has_transcript,
        transcripts: if may_take { TextFormat::ALL.map(file).into() } else { Vec::new() },
        addresses_good_until: time(addresses.good_until),
    }))
}
