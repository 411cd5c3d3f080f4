//! A file in a form, on its way into the storage: piece by piece, by what takes the pieces of uploads that can be gone on with.

use crate::AppState;
use crate::http::api::problem::{FieldError, Kind, Problem};
use crate::storage::{self, UploadState};
use crate::uploads::{Checksum, Failure, Finished, Trouble, finish_within, give_up, receive};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use domain::Db;
use domain::account::User;
use domain::catalog::drafts;
use domain::production::deletion;
use domain::production::uploads::{self, NewUpload, Upload};
use http::StatusCode;
use std::time::Duration;
use uuid::Uuid;

/// How long an answer waits for the file to be looked into; after that it goes on by itself.
const LOOKED_INTO: Duration = Duration::from_secs(10);
/// The field of the file.
pub const FILE: &str = "file";
/// Longest text in a field of the form, in bytes.
const TEXT_MAX: usize = 4 * 1024;

/// A file that has arrived.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    pub audiobook_id: Uuid,
    pub upload_id: Uuid,
}

/// What the form says of its file.
#[derive(Debug, Default)]
struct Said {
    title: Option<String>,
    audiobook_id: Option<Uuid>,
    replaces: Option<Uuid>,
    position: Option<i32>,
    sha256: Option<Vec<u8>>,
}

/// Takes the file of a form, of `most` bytes at most, in the name of whoever `db` acts for: for the title that it names, or for
/// a new draft. What cannot be taken leaves nothing behind.
///
/// # Errors
/// What is wrong with the form or the file; [`Kind::TooLarge`] for a file that is larger.
pub async fn take(state: &AppState, db: &Db, user: &User, mut form: Multipart, most: i64) -> Result<Taken, Problem> {
    let mut said = Said::default();
    let file = loop {
        match form.next_field().await.map_err(|error| broken(&error))? {
            None => return Err(wrong(FILE, "file.missing", "Send the file in this field.")),
            // The borrow of a field that is not given back ends here only.
            Some(field) if field.name() == Some(FILE) => break field,
            Some(field) => said.read(field).await?,
        }
    };
    let file_name = file.file_name().unwrap_or_default().to_owned();
    let media_type = file.content_type().map(str::to_owned);
    if said.replaces.is_some() && said.audiobook_id.is_none() {
        return Err(wrong("replaces", "part.of-new-title", "Say in audiobook_id which title the part is of."));
    }
    let (audiobook_id, is_new) = match (said.audiobook_id, &said.title) {
        (Some(id), None) => (id, false),
        (None, Some(title)) => (drafts::create(db, title, state.settings.now().await.currency).await?, true),
        _ => {
            let either =
                "Say what a new title is called, or in audiobook_id which one the file is for, before the file.";
            return Err(wrong("title", "title.or-audiobook", either));
        }
    };
    let id = Uuid::now_v7();
    let new = NewUpload {
        id,
        user_id: user.id,
        audiobook_id,
        position: said.position.unwrap_or(0),
        relative_path: file_name.clone(),
        file_name,
        media_type,
        fingerprint: None,
        metadata: String::new(),
        size: most,
        storage_state: UploadState::new(id).to_json().map_err(Problem::internal)?,
        keep_ms: state.uploads.keep_ms,
    };
    let outcome = match uploads::begin_for(db, new, said.replaces).await {
        Ok(upload) => match received(state, upload, said.sha256, file).await {
            Ok(upload) => ended(state, &mut form, &upload).await,
            Err(problem) => Err(problem),
        },
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => Ok(Taken { audiobook_id, upload_id: id }),
        Err(problem) => {
            undo(state, db, id, is_new.then_some(audiobook_id)).await;
            Err(problem)
        }
    }
}

/// The bytes of the file, in the storage.
async fn received(
    state: &AppState,
    upload: Upload,
    sha256: Option<Vec<u8>>,
    file: Field<'_>,
) -> Result<Upload, Problem> {
    let checksum = sha256.and_then(|sum| Checksum::new("sha256", sum));
    let _held = state.uploads.locks.hold(upload.id, Duration::ZERO).await;
    receive(&state.uploads, upload, checksum, file).await.map_err(|trouble| match trouble {
        Trouble::TooLong => Problem::new(Kind::TooLarge, "The file is larger than a form may bring."),
        Trouble::Cut => Problem::new(Kind::Malformed, "The form broke off. Send it once more."),
        Trouble::Mismatch => {
            wrong("sha256", "file.damaged", "The bytes were damaged on their way: this is not their sum.")
        }
        Trouble::Storage(error) => stored(error),
        Trouble::Domain(error) => error.into(),
    })
}

/// Nothing may stand behind the file; then it is looked into.
async fn ended(state: &AppState, form: &mut Multipart, upload: &Upload) -> Result<(), Problem> {
    if let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default();
        return Err(wrong(name, "form.behind-file", "The file has to come last."));
    }
    uploads::end(&state.db, upload).await?;
    match finish_within(state.uploads.clone(), upload.id, LOOKED_INTO).await {
        Some(Finished::Refused(reason)) => Err(wrong(FILE, "file.refused", &reason)),
        _ => Ok(()),
    }
}

/// Gives up what was begun, with the draft that was made for it. What cannot be removed now is removed when it has expired.
async fn undo(state: &AppState, db: &Db, upload: Uuid, draft: Option<Uuid>) {
    let undone = async {
        match uploads::get(db, upload).await {
            Ok(upload) => give_up(&state.uploads, db, &upload).await?,
            Err(domain::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(draft) = draft {
            deletion::delete_draft(db, draft).await?;
        }
        Ok::<(), Failure>(())
    };
    if let Err(error) = undone.await {
        tracing::warn!(%error, %upload, "what a program did not send whole is left for now");
    }
}

impl Said {
    async fn read(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            if bytes.len() + piece.len() > TEXT_MAX {
                return Err(wrong(&name, "text.too-long", "No text here is so long."));
            }
            bytes.extend_from_slice(&piece);
        }
        let malformed = |message: &str| wrong(&name, "malformed", message);
        let text = String::from_utf8(bytes).map_err(|_| malformed("It is not UTF-8."))?;
        if text.contains('\0') {
            return Err(malformed("It holds a NUL character."));
        }
        let twice = match name.as_str() {
            "title" => self.title.replace(text).is_some(),
            "audiobook_id" => {
                let id = Uuid::try_parse(&text).map_err(|_| malformed("It is no id."))?;
                self.audiobook_id.replace(id).is_some()
            }
            "replaces" => {
                let id = Uuid::try_parse(&text).map_err(|_| malformed("It is no id."))?;
                self.replaces.replace(id).is_some()
            }
            "position" => {
                let position = text.parse::<i32>().ok().filter(|position| *position >= 0);
                self.position.replace(position.ok_or_else(|| malformed("It is no place."))?).is_some()
            }
            "sha256" => {
                let sum = hex::decode(&text).ok().filter(|sum| sum.len() == 32);
                self.sha256.replace(sum.ok_or_else(|| malformed("It is no SHA-256 in hexadecimal."))?).is_some()
            }
            _ => return Err(malformed("Nobody knows this field.")),
        };
        if twice { Err(malformed("It was sent twice.")) } else { Ok(()) }
    }
}

fn wrong(field: &str, code: &str, message: &str) -> Problem {
    Problem::invalid(vec![FieldError { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() }])
}

fn broken(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "The form is larger than one may be."),
        _ => Problem::new(Kind::Malformed, "The form cannot be read, or broke off. Send it once more."),
    }
}

fn stored(error: storage::Error) -> Problem {
    match error {
        storage::Error::Full => {
            tracing::error!("an upload found the storage full");
            Problem::new(Kind::Busy, "The shop's storage is full: somebody has to free some space first.")
        }
        storage::Error::Locked => Problem::new(Kind::Busy, "Try again in a moment."),
        error => Problem::internal(error),
    }
}
