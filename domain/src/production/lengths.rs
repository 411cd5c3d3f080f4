//! How long the parts of a title last: as counted while they were decoded, whatever was told or estimated before.

use super::parts::shift::{Moments, Span};
use super::parts::{self, lay};
use crate::{Result, Tx};
use uuid::Uuid;

/// Corrects parts that turned out to be longer or shorter, with all that comes after them in the book, and the length of the
/// title. `lengths` are milliseconds for each part, in order. Parts of another set of files are left alone.
pub(super) async fn correct(tx: &Tx, audiobook_id: Uuid, lengths: &[(Uuid, i64)]) -> Result<()> {
    let there = parts::parts(tx, audiobook_id).await?;
    let same_parts = there.iter().map(|part| part.id).eq(lengths.iter().map(|(id, _)| *id));
    let right = there.iter().map(|part| part.duration_ms).eq(lengths.iter().map(|(_, ms)| *ms));
    if lengths.is_empty() || !same_parts || right {
        return Ok(());
    }
    let before: Vec<Span> = there.iter().map(Span::of).collect();
    lay(tx, audiobook_id, &before, lengths, Moments::AsFar).await
}
