//! Reviewing the text of a title: what is doubtful is heard by an admin, who accepts, corrects or drops it.

use super::parts;
use crate::audit::{self, Action, Entry};
use crate::catalog::titles::{by_id, locked};
use crate::keyset::{Part, Walk};
use crate::spoken::index;
use crate::transcript::places::{self, Verdict};
use crate::transcript::{Place, PlaceCounts, Shown, Standing};
use crate::{Db, Page, PageRequest, Result};
use serde_json::json;
use uuid::Uuid;

/// The places of a title's text, and the sound to each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub title: String,
    pub slug: String,
    pub counts: PlaceCounts,
    pub places: Page<Place>,
    /// Where each part of the book begins, in milliseconds, in order.
    pub parts: Vec<i64>,
}

/// What there is to review in a title, or was reviewed.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title.
pub async fn review(db: &Db, audiobook_id: Uuid, shown: Shown, page: PageRequest) -> Result<Review> {
    let title = by_id(db.read(), audiobook_id).await?;
    let parts = parts::parts(db.read(), audiobook_id).await?;
    Ok(Review {
        title: title.title,
        slug: title.slug,
        counts: places::counts(db, audiobook_id).await?,
        places: places::page(db, audiobook_id, shown, page).await?,
        parts: parts.into_iter().map(|part| part.start_ms).collect(),
    })
}

/// A part of the places to review, for programs.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Invalid`](crate::Error::Invalid) for a
/// place of another list.
pub async fn walk(db: &Db, audiobook_id: Uuid, shown: Shown, walk: Walk<'_>) -> Result<Part<Place>> {
    by_id(db.read(), audiobook_id).await?;
    places::walk(db, audiobook_id, shown, walk).await
}

/// Decides about a place of a title's text.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Conflict`](crate::Error::Conflict) when
/// the place was heard anew meanwhile, [`Error::Invalid`](crate::Error::Invalid) for a text that is empty or too long.
pub async fn decide(db: &Db, audiobook_id: Uuid, place: Uuid, verdict: &Verdict) -> Result<Standing> {
    db.transaction(async |tx| {
        // Held, so that edits of a title have one order.
        let title = locked(&tx, audiobook_id).await?;
        let decision = places::decide(&tx, audiobook_id, place, verdict).await?;
        index::refresh(&tx, audiobook_id, decision.start_ms, decision.start_ms).await?;
        let action = match decision.standing {
            Standing::Dropped => Action::TextDropped,
            Standing::Corrected => Action::TextCorrected,
            Standing::Accepted | Standing::Heard | Standing::Doubtful => Action::TextAccepted,
        };
        let details = json!({
            "title": title.title, "at_ms": decision.start_ms, "before": decision.before, "after": decision.text,
        });
        audit::record(&tx, Entry::new(action).on("title", audiobook_id).with(details)).await?;
        Ok(decision.standing)
    })
    .await
}
