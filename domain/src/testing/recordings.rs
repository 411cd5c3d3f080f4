//! The audio of a title, and what is said in it.

use super::{insert, set};
use crate::Db;
use crate::catalog::proposal::Proposal;
use crate::entities::{audiobooks, file_copies, files, parts, production_steps, segments};
use crate::production::steps::Output;
use crate::production::{CopyReason, Step, StepStatus};
use crate::spoken::index;
use crate::transcript::{Doubt, Standing};
use uuid::Uuid;

/// Gives a title its audio, of that length in milliseconds: a file and part for each name.
pub async fn record(db: &Db, title: Uuid, duration_ms: i64, names: &[&str]) {
    let each = duration_ms / i64::try_from(names.len()).unwrap();
    for (position, name) in (0..).zip(names) {
        let file = files::Model {
            id: Uuid::now_v7(),
            storage_key: format!("audio/{title}-{position}"),
            sha256: "0".repeat(64),
            size: 1000 + i64::from(position),
            media_type: "audio/mpeg".to_owned(),
            original_name: (*name).to_owned(),
            created_at: db.now(),
            tags: None,
            cover_key: None,
        };
        add_part(db, title, file, position, each).await;
    }
    set(db, title, audiobooks::Column::DurationMs, duration_ms).await;
}

/// Adds a file to a title as its part at `position`, after parts of the same length in milliseconds.
pub async fn add_part(db: &Db, title: Uuid, file: files::Model, position: i32, duration_ms: i64) {
    let part = parts::Model {
        id: Uuid::now_v7(),
        audiobook_id: title,
        file_id: file.id,
        position,
        start_ms: i64::from(position) * duration_ms,
        duration_ms,
        codec: "mp3".to_owned(),
        sample_rate: 24_000,
        channels: 1,
        created_at: db.now(),
    };
    insert(db, file).await;
    insert(db, part).await;
}

/// Gives a file a copy for players of so many bytes.
pub async fn copy(db: &Db, file: Uuid, storage_key: &str, size: i64) {
    let copy = file_copies::Model {
        file_id: file,
        reason: Some(CopyReason::Seeking),
        storage_key: Some(storage_key.to_owned()),
        size: Some(size),
        failure: None,
        updated_at: db.now(),
    };
    insert(db, copy).await;
}

/// Says a sentence in a title, its words evenly through the time.
pub async fn say(db: &Db, title: Uuid, position: i32, start_ms: i64, end_ms: i64, text: &str) {
    say_as(db, title, (position, start_ms, end_ms), text, Standing::Heard).await;
}

/// Says a sentence that stands like that: at its position, from and until when in milliseconds.
pub async fn say_as(db: &Db, title: Uuid, place: (i32, i64, i64), text: &str, standing: Standing) -> Uuid {
    let (position, start_ms, end_ms) = place;
    let id = Uuid::now_v7();
    let words: Vec<&str> = text.split(' ').collect();
    let each = (end_ms - start_ms) / i64::try_from(words.len()).unwrap();
    let words = (0..).zip(words).map(|(n, word)| {
        let from = start_ms + n * each;
        serde_json::json!({ "s": from, "e": from + each, "t": word, "c": 1.0 })
    });
    let segment = segments::Model {
        id,
        audiobook_id: title,
        chunk_id: None,
        position,
        start_ms,
        end_ms,
        text: text.to_owned(),
        words: words.collect::<serde_json::Value>().to_string(),
        confidence: 1.0,
        flag: (standing != Standing::Heard).then_some(Doubt::Unsure),
        standing,
        heard_text: None,
        version: 0,
        by_hand: matches!(standing, Standing::Corrected | Standing::Dropped),
        apart: false,
        speaker: None,
    };
    insert(db, segment).await;
    db.transaction(async |tx| index::refresh(&tx, title, start_ms, end_ms).await).await.unwrap();
    id
}

/// Lets the page of a title be proposed, as the step does that writes it.
pub async fn propose(db: &Db, title: Uuid, proposal: Proposal) {
    let output = Output { proposal: Some(proposal), ..Output::default() };
    let step = production_steps::Model {
        id: Uuid::now_v7(),
        audiobook_id: title,
        step: Step::Describe,
        status: StepStatus::Done,
        attempt: 1,
        progress_permille: 1000,
        message: None,
        provider: None,
        model: None,
        input_hash: None,
        coverage_permille: Some(1000),
        output: Some(serde_json::to_string(&output).unwrap()),
        started_at: Some(db.now()),
        finished_at: Some(db.now()),
        updated_at: db.now(),
    };
    insert(db, step).await;
}
