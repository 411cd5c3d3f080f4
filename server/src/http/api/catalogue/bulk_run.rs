//! A change to many titles, as far as it is.

use crate::http::api::values::time;
use domain::insight::{BulkRefusal, BulkView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A change to many titles, as far as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRun {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d")]
    id: Uuid,
    /// What is done, in words.
    #[schema(example = "Raise the price by 10 %")]
    what: String,
    /// Who asked for it.
    #[schema(example = "ada@shop.example")]
    who: String,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-11-20T09:31:00Z")]
    finished_at: Option<String>,
    /// Why it does not go on.
    #[schema(example = json!(null))]
    stopped: Option<String>,
    /// Titles that are still to be changed.
    #[schema(example = 0)]
    waiting: u64,
    #[schema(example = 12)]
    changed: u64,
    /// They were so already.
    #[schema(example = 1)]
    unchanged: u64,
    #[schema(example = 0)]
    refused: u64,
    /// The first of those that were refused.
    refusals: Vec<RefusedTitle>,
}

/// A title that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedTitle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    /// Null when it is gone.
    #[schema(example = "The Bell at North Rock")]
    title: Option<String>,
    /// In a sentence.
    #[schema(example = "This title has no price yet.")]
    reason: String,
}

impl From<BulkRefusal> for RefusedTitle {
    fn from(refusal: BulkRefusal) -> Self {
        Self { id: refusal.id, title: refusal.title, reason: refusal.reason }
    }
}

impl From<BulkView> for BulkRun {
    fn from(view: BulkView) -> Self {
        Self {
            id: view.id,
            what: view.words,
            who: view.who,
            created_at: time(view.created_at),
            finished_at: view.finished_at.map(time),
            stopped: view.stopped,
            waiting: view.waiting,
            changed: view.changed,
            unchanged: view.unchanged,
            refused: view.refused,
            refusals: view.refusals.into_iter().map(RefusedTitle::from).collect(),
        }
    }
}
