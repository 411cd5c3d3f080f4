//! Audio and transcripts: streamed and downloaded by those who bought them; samples for everyone.

#[cfg(test)]
mod tests;

use super::media::{self, Media};
use super::{HttpError, sessions};
use crate::AppState;
use crate::storage::media_type;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::account::User;
use domain::figures::tally::{self, Did};
use domain::listening::seek::{self, PartFile, WhosePart};
use domain::listening::{export, player};
use domain::{Db, catalog, secret};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RANGE};
use http::{HeaderMap, Method, StatusCode};
use identity::AuthSession;
use uuid::Uuid;

/// What was bought: asked for again each time, because access can end.
const BOUGHT: &str = "private, no-cache";
/// How a player asks for the file as it was uploaded.
const ORIGINAL: &str = "original";
/// A sample may change, but anyone may keep it.
const SAMPLE: &str = "public, no-cache";

/// The routes know who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/download/{audiobook}/{file}", get(transcript)).route("/samples/{slug}", get(sample))
}

/// What players ask for over and over: who is asking is looked up together with what they ask for, so the session layer is
/// not wanted.
pub fn pieces() -> Router<AppState> {
    Router::new()
        .route("/listen/{audiobook}/parts/{number}", get(stream))
        .route("/download/{audiobook}/parts/{number}", get(download))
}

fn listener(session: &AuthSession) -> Result<User, HttpError> {
    Ok(identity::require_user(session)?.clone())
}

/// What is played of a part: the copy for players where there is one, unless the original is asked for by a player that
/// does not know what the copy is.
fn played(file: PartFile, original: bool) -> Media {
    match &file.copy {
        Some(copy) if !original => Media {
            key: copy.storage_key.clone(),
            media_type: media_type(&copy.storage_key).to_owned(),
            size: u64::try_from(copy.size).unwrap_or(0),
            tag: secret::digest(&copy.storage_key),
            cache: BOUGHT,
            save_as: None,
        },
        _ => bought(file, None),
    }
}

fn bought(file: PartFile, save_as: Option<String>) -> Media {
    Media {
        key: file.storage_key,
        media_type: file.media_type,
        size: u64::try_from(file.size).unwrap_or(0),
        tag: file.sha256,
        cache: BOUGHT,
        save_as,
    }
}

/// The file behind a part, for whoever is logged in and may hear it: one statement.
async fn part(state: &AppState, headers: &HeaderMap, audiobook: Uuid, number: i32) -> Result<PartFile, HttpError> {
    let session = sessions::id_in(headers, state.config.secure()).ok_or_else(HttpError::unauthenticated)?;
    let asked = seek::part(&state.db, &session, audiobook, number).await?;
    let asked = asked.filter(|asked| sessions::stands(&asked.session, &asked.whose.account));
    seen(state, asked.ok_or_else(HttpError::unauthenticated)?.whose)
}

/// The file behind a part, for whoever it is that asks, as this shop sees them.
fn seen(state: &AppState, asked: WhosePart) -> Result<PartFile, HttpError> {
    let viewer = identity::as_seen(asked.account.clone(), state.config.accounts.admins_need_two_factor).user;
    Ok(asked.file(&viewer)?)
}

/// A part for the person that an address was made for, to play or to `save`. What they may is looked up each time.
///
/// # Errors
/// 404 when there is nobody any more, no such part, or the book is not theirs to hear.
pub async fn part_by_address(
    state: &AppState,
    method: &Method,
    headers: &HeaderMap,
    (person, audiobook, number): (Uuid, Uuid, i32),
    save: bool,
) -> Result<Response, HttpError> {
    let asked = seek::part_of_person(&state.db, person, audiobook, number).await?;
    let file = seen(state, asked.ok_or_else(HttpError::not_found)?)?;
    let media = if save {
        let name = file.file_name.clone();
        bought(file, Some(name))
    } else {
        played(file, false)
    };
    media::respond(&*state.storage, &state.delivery, method, headers, &media).await
}

async fn stream(
    State(state): State<AppState>,
    Path((audiobook, number)): Path<(Uuid, i32)>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let file = part(&state, &headers, audiobook, number).await?;
    let media =
        played(file, query.is_some_and(|query| query.split('&').any(|word| word.trim_end_matches('=') == ORIGINAL)));
    media::respond(&*state.storage, &state.delivery, &method, &headers, &media).await
}

async fn download(
    State(state): State<AppState>,
    Path((audiobook, number)): Path<(Uuid, i32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let file = part(&state, &headers, audiobook, number).await?;
    let name = file.file_name.clone();
    media::respond(&*state.storage, &state.delivery, &method, &headers, &bought(file, Some(name))).await
}

async fn transcript(
    State(state): State<AppState>,
    session: AuthSession,
    Path((audiobook, file)): Path<(Uuid, String)>,
) -> Result<Response, HttpError> {
    let format =
        file.strip_prefix("transcript.").and_then(TextFormat::of_extension).ok_or_else(HttpError::not_found)?;
    Ok(written(&state.db, &listener(&session)?, audiobook, format).await?)
}

/// How a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    Txt,
    Vtt,
    Srt,
}

impl TextFormat {
    pub const ALL: [Self; 3] = [Self::Txt, Self::Vtt, Self::Srt];

    pub fn extension(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Vtt => "vtt",
            Self::Srt => "srt",
        }
    }

    /// The media type, without its charset.
    pub fn essence(self) -> &'static str {
        match self {
            Self::Txt => "text/plain",
            Self::Vtt => "text/vtt",
            Self::Srt => "application/x-subrip",
        }
    }

    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }
}

/// The transcript of a book as a file.
///
/// # Errors
/// As [`player::transcript`].
pub async fn written(db: &Db, viewer: &User, audiobook: Uuid, format: TextFormat) -> domain::Result<Response> {
    let transcript = player::transcript(db, viewer, audiobook).await?;
    let name = media::attachment(&format!("{}.{}", transcript.title, format.extension()));
    // A long book has ten thousand captions: a second's work for a processor.
    let text = tokio::task::spawn_blocking(move || {
        let (said, chapters) = (&transcript.segments, &transcript.chapters);
        match format {
            TextFormat::Txt => export::txt(said, chapters),
            TextFormat::Vtt => export::vtt(said, chapters),
            TextFormat::Srt => export::srt(said),
        }
    });
    let text = text.await.map_err(|error| domain::Error::Damaged(format!("a transcript was not written: {error}")))?;
    let media_type = format!("{}; charset=utf-8", format.essence());
    let headers = [(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, BOUGHT.to_owned())];
    Ok((headers, text).into_response())
}

async fn sample(
    State(state): State<AppState>,
    session: AuthSession,
    Path(slug): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let viewer = session.user.as_ref().map(|account| &account.user);
    let key = catalog::product_page::sample_file(&state.db, &slug, viewer).await?;
    let size = state.storage.size(&key).await.map_err(media::missing)?;
    let sample = Media {
        media_type: media_type(&key).to_owned(),
        size,
        tag: secret::digest(&key),
        cache: SAMPLE,
        save_as: None,
        key,
    };
    let answer = media::respond(&*state.storage, &state.delivery, &method, &headers, &sample).await?;
    let by_admin = viewer.is_some_and(User::is_admin);
    let sent = answer.status().is_success() || answer.status() == StatusCode::FOUND;
    if method == Method::GET && sent && from_the_start(&headers) && !by_admin {
        tally::did(&state.db, &slug, Did::Hear);
    }
    Ok(answer)
}

/// Whether what is asked for begins at the beginning: a player asks for the rest of a sample piece by piece.
fn from_the_start(headers: &HeaderMap) -> bool {
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    range.is_none_or(|range| range.trim().starts_with("bytes=0-"))
}
