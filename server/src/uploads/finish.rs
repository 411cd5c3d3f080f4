//! What happens when the last byte is here. Each line may be the last before a crash: done again, it ends the same.

use super::sniff::{self, Kind};
use super::{Uploads, sidecar};
use crate::metrics::UPLOAD;
use crate::storage::{self, Storage, UploadState, audio_key};
use domain::Db;
use domain::production::sidecars::SidecarKind;
use domain::production::uploads::{self, Sound, Upload};
use domain::production::{UploadStatus, orphans};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tracing::Instrument;
use uuid::Uuid;

/// How an upload ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is a file of its title.
    Arrived,
    /// Why it was not taken, for the person who sent it.
    Refused(String),
    /// Bytes are missing still.
    NotYet,
    /// It was given up.
    GivenUp,
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Storage(#[from] storage::Error),
    #[error(transparent)]
    Domain(#[from] domain::Error),
}

/// As [`finish`], in a task of its own that goes on whether or not anyone waits for it. `None` when it takes longer than
/// `patience`, or cannot be done yet: then it comes to its end later.
pub async fn finish_within(service: Arc<Uploads>, id: Uuid, patience: Duration) -> Option<Finished> {
    let finishing = async move {
        let _held = service.locks.hold(id, patience).await?;
        finish(&service, id)
            .await
            .inspect_err(|error| tracing::error!(%error, upload = %id, "an upload could not be finished yet"))
            .ok()
    };
    let task = tokio::spawn(finishing.in_current_span());
    timeout(patience, task).await.ok()?.ok()?
}

/// Gives an upload up, in the name of whoever `db` acts for, and removes what has arrived of it. Whoever calls it holds it.
///
/// # Errors
/// [`domain::Error::Conflict`] when it is done already; when the database or the storage fails.
pub async fn give_up(service: &Uploads, db: &Db, upload: &Upload) -> Result<(), Failure> {
    uploads::cancel(db, upload.id).await?;
    if let Some(state) = &upload.storage_state {
        service.storage.abort_upload(&UploadState::from_json(state)?).await?;
    }
    Ok(())
}

/// Looks into an upload that is here as a whole, and makes it a file of its title or refuses it. Any process may do
/// it, at any time, again.
///
/// # Errors
/// When the database or the storage fails; try again later.
#[tracing::instrument(name = "upload.finish", skip_all, fields(id = %id))]
pub async fn finish(service: &Uploads, id: Uuid) -> Result<Finished, Failure> {
    let (db, storage) = (&service.db, &service.storage);
    let upload = uploads::get(db, id).await?;
    match upload.status {
        UploadStatus::Receiving => return Ok(Finished::NotYet),
        UploadStatus::Done => return Ok(Finished::Arrived),
        UploadStatus::Refused => return Ok(Finished::Refused(upload.failure.unwrap_or_default())),
        UploadStatus::Cancelled => return Ok(Finished::GivenUp),
        UploadStatus::Checking => {}
    }
    let state = UploadState::from_json(upload.storage_state.as_deref().unwrap_or_default())?;
    if upload.size == 0 {
        return refuse(db, storage, &state, "The file is empty.").await;
    }
    if let Some(kind) = SidecarKind::of(&upload.file_name) {
        return beside(db, storage, &state, kind).await;
    }
    let (key, kind) = match look(service, &state, &upload).await? {
        Ok(there) => there,
        Err(reason) => return refuse(db, storage, &state, &reason).await,
    };
    let sound = Sound { storage_key: key, sha256: state.sha256()?, media_type: kind.media_type };
    match uploads::complete(db, id, &sound).await {
        Ok(()) => {
            db.count(UPLOAD, "arrived");
            Ok(Finished::Arrived)
        }
        Err(domain::Error::Conflict(_)) => Ok(Finished::GivenUp),
        Err(error) => Err(error.into()),
    }
}

/// Takes what lies beside a recording. It is kept elsewhere or as text: what was staged goes.
async fn beside(
    db: &Db,
    storage: &Arc<dyn Storage>,
    state: &UploadState,
    kind: SidecarKind,
) -> Result<Finished, Failure> {
    let staged = storage.seal_upload(state).await?;
    match sidecar::take(db, storage, state.id, kind, &staged).await {
        Ok(Ok(())) => {
            storage.abort_upload(state).await?;
            db.count(UPLOAD, "arrived");
            Ok(Finished::Arrived)
        }
        Ok(Err(reason)) => refuse(db, storage, state, &reason).await,
        Err(Failure::Domain(domain::Error::Conflict(_))) => Ok(Finished::GivenUp),
        Err(error) => Err(error),
    }
}

/// Looks into the content and puts it under its key. The inner error is why it is refused.
async fn look(
    service: &Uploads,
    state: &UploadState,
    upload: &Upload,
) -> Result<Result<(String, Kind), String>, Failure> {
    let (db, storage) = (&service.db, &service.storage);
    let sha256 = state.sha256()?;
    let staged = match storage.seal_upload(state).await {
        Ok(staged) => staged,
        // It was put under its key before, by a process that did not live to write it down.
        Err(storage::Error::NotFound(staged)) => {
            return match adopted(storage, &sha256).await? {
                Some(key) => {
                    orphans::reserve(db, &key).await?;
                    Ok(sniff::sniff(&service.decoder, storage, &key).await?.map(|kind| (key, kind)))
                }
                None => Err(storage::Error::NotFound(staged).into()),
            };
        }
        Err(error) => return Err(error.into()),
    };
    let kind = match sniff::sniff(&service.decoder, storage, &staged).await? {
        Ok(kind) => kind,
        Err(reason) => return Ok(Err(reason)),
    };
    let key = audio_key(&sha256, kind.extension);
    // From here to the row that names it, nobody cleans it away.
    orphans::reserve(db, &key).await?;
    storage.adopt_upload(upload.id, &key).await?;
    Ok(Ok((key, kind)))
}

async fn adopted(storage: &Arc<dyn Storage>, sha256: &str) -> Result<Option<String>, Failure> {
    for kind in sniff::KINDS {
        let key = audio_key(sha256, kind.extension);
        match storage.size(&key).await {
            Ok(_) => return Ok(Some(key)),
            Err(storage::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

async fn refuse(db: &Db, storage: &Arc<dyn Storage>, state: &UploadState, reason: &str) -> Result<Finished, Failure> {
    uploads::refuse(db, state.id, reason).await?;
    storage.abort_upload(state).await?;
    db.count(UPLOAD, "refused");
    Ok(Finished::Refused(reason.to_owned()))
}
