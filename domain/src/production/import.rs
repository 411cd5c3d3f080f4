//! Taking over a recording that is in storage already, with the transcript that the pipeline made of it elsewhere; and
//! giving one away.

use super::steps::{self, Output};
use super::{Step, StepStatus, samples};
use crate::catalog::publish::publish_in;
use crate::entities::{audiobooks, files, parts, production_steps};
use crate::spoken::index;
use crate::transcript::{Chapter, ChapterSource, TranscribedSegment, chapters, keep, segments};
use crate::{Db, Error, Result, Tx};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A recording in storage.
#[derive(Clone, Debug)]
pub struct Recording {
    pub storage_key: String,
    /// In hexadecimal.
    pub sha256: String,
    /// In bytes.
    pub size: i64,
    pub media_type: String,
    /// The name it downloads under.
    pub file_name: String,
    pub codec: String,
    /// In hertz.
    pub sample_rate: i32,
    pub channels: i32,
    pub duration_ms: i64,
    pub chapters: Vec<Chapter>,
    /// What anyone may hear, in milliseconds from the start.
    pub sample: (i64, i64),
}

/// What the pipeline made of a recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Produced {
    /// SHA-256 of the recording, in hexadecimal: a transcript of another one is refused.
    pub audio_sha256: String,
    pub transcribed: Maker,
    pub described: Maker,
    /// What is marked in it waits for an admin.
    pub segments: Vec<TranscribedSegment>,
}

/// Who did a step, and how it went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Maker {
    pub provider: Option<String>,
    pub model: Option<String>,
    /// Thousandths.
    pub coverage_permille: Option<i32>,
    pub output: Output,
}

/// Gives a title its one recording, and what was produced from it, or else a run of the pipeline, and puts it on sale.
/// Does nothing to a title that has audio already. Returns whether it did something.
///
/// # Errors
/// [`Error::Conflict`] when `produced` was made from another recording, [`Error::Invalid`] when the title lacks what it
/// needs to be sold.
pub async fn attach(db: &Db, audiobook_id: Uuid, recording: &Recording, produced: Option<&Produced>) -> Result<bool> {
    if produced.is_some_and(|produced| produced.audio_sha256 != recording.sha256) {
        return Err(Error::conflict("recording.other-transcript").with("file", &recording.file_name));
    }
    db.transaction(async |tx| {
        if parts::Entity::find().filter(parts::Column::AudiobookId.eq(audiobook_id)).count(&tx).await? > 0 {
            return Ok(false);
        }
        add_part(&tx, audiobook_id, recording).await?;
        chapters::save(&tx, audiobook_id, ChapterSource::Admin, &recording.chapters).await?;
        match produced {
            Some(produced) => {
                keep::whole(&tx, audiobook_id, &produced.segments).await?;
                index::whole(&tx, audiobook_id).await?;
                add_steps(&tx, audiobook_id, produced).await?;
                samples::ask(&tx, audiobook_id).await?;
            }
            None => steps::start_run(&tx, audiobook_id).await?,
        }
        // In the same transaction: a second run must not put back on sale what an admin took off it.
        publish_in(&tx, audiobook_id).await?;
        Ok(true)
    })
    .await
}

async fn add_part(tx: &Tx, audiobook_id: Uuid, recording: &Recording) -> Result<()> {
    let now = tx.now();
    let known = files::Entity::find().filter(files::Column::StorageKey.eq(&recording.storage_key)).one(tx).await?;
    let file_id = match known {
        Some(file) => file.id,
        None => {
            let id = Uuid::now_v7();
            let file = files::ActiveModel {
                id: Set(id),
                storage_key: Set(recording.storage_key.clone()),
                sha256: Set(recording.sha256.clone()),
                size: Set(recording.size),
                media_type: Set(recording.media_type.clone()),
                original_name: Set(recording.file_name.clone()),
                created_at: Set(now),
                tags: Set(None),
                cover_key: Set(None),
            };
            files::Entity::insert(file).exec_without_returning(tx).await?;
            id
        }
    };
    let part = parts::ActiveModel {
        id: Set(Uuid::now_v7()),
        audiobook_id: Set(audiobook_id),
        file_id: Set(file_id),
        position: Set(0),
        start_ms: Set(0),
        duration_ms: Set(recording.duration_ms),
        codec: Set(recording.codec.clone()),
        sample_rate: Set(recording.sample_rate),
        channels: Set(recording.channels),
        created_at: Set(now),
    };
    parts::Entity::insert(part).exec_without_returning(tx).await?;
    let title = audiobooks::ActiveModel {
        id: Set(audiobook_id),
        duration_ms: Set(recording.duration_ms),
        sample_start_ms: Set(recording.sample.0),
        sample_end_ms: Set(recording.sample.1),
        ..Default::default()
    };
    title.update(tx).await?;
    Ok(())
}

async fn add_steps(tx: &Tx, audiobook_id: Uuid, produced: &Produced) -> Result<()> {
    let now = tx.now();
    production_steps::Entity::delete_many()
        .filter(production_steps::Column::AudiobookId.eq(audiobook_id))
        .exec(tx)
        .await?;
    let rows = Step::ALL
        .into_iter()
        .map(|step| {
            let maker = match step {
                Step::Transcribe => Some(&produced.transcribed),
                Step::Describe => Some(&produced.described),
                _ => None,
            };
            let output = maker.map(|maker| serde_json::to_string(&maker.output)).transpose()?;
            Ok(production_steps::ActiveModel {
                id: Set(Uuid::now_v7()),
                audiobook_id: Set(audiobook_id),
                step: Set(step),
                status: Set(StepStatus::Done),
                attempt: Set(1),
                progress_permille: Set(1000),
                message: Set(None),
                provider: Set(maker.and_then(|maker| maker.provider.clone())),
                model: Set(maker.and_then(|maker| maker.model.clone())),
                input_hash: Set(maker.map(|_| produced.audio_sha256.clone())),
                coverage_permille: Set(maker.and_then(|maker| maker.coverage_permille)),
                output: Set(output),
                started_at: Set(None),
                finished_at: Set(Some(now)),
                updated_at: Set(now),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    production_steps::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// What the pipeline made of a title with one recording, as far as its text is approved, for [`attach`] elsewhere.
///
/// # Errors
/// [`Error::Conflict`] while the title is not through the pipeline, or has several files.
pub async fn produced(db: &Db, audiobook_id: Uuid) -> Result<Produced> {
    let file_ids = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .all(db.read())
        .await?
        .into_iter()
        .map(|part| part.file_id);
    let recordings = files::Entity::find().filter(files::Column::Id.is_in(file_ids)).all(db.read()).await?;
    let [recording] = recordings.as_slice() else {
        return Err(Error::conflict("recording.several"));
    };
    let rows = production_steps::Entity::find()
        .filter(production_steps::Column::AudiobookId.eq(audiobook_id))
        .filter(production_steps::Column::Status.eq(StepStatus::Done))
        .all(db.read())
        .await?;
    let maker = |step: Step| {
        let row = rows.iter().find(|row| row.step == step);
        let row = row.ok_or_else(|| Error::conflict("recording.not-produced"))?;
        Ok::<_, Error>(Maker {
            provider: row.provider.clone(),
            model: row.model.clone(),
            coverage_permille: row.coverage_permille,
            output: serde_json::from_str(row.output.as_deref().unwrap_or("{}"))?,
        })
    };
    Ok(Produced {
        audio_sha256: recording.sha256.clone(),
        transcribed: maker(Step::Transcribe)?,
        described: maker(Step::Describe)?,
        segments: segments::pieces(db, audiobook_id).await?,
    })
}
