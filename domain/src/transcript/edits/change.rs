//! Editing a sentence: its words (which keep their times), where it ends, who says it, and whether it is said at all.

use super::log::{self, Changes, NewEdit};
use super::rows::{self, Row};
use super::sentence::{LONGEST, cut, lines, name};
use super::{Edit, EditKind};
use crate::entities::segments::Model;
use crate::transcript::script::gap;
use crate::transcript::{Standing, Word};
use crate::{Error, Result, Tx};
use uuid::Uuid;

/// Sentences that are joined last no longer than this together, in milliseconds: readers look two minutes back for the
/// beginning of what is said.
const LONGEST_MS: i64 = 60_000;
/// Sentences that one speaker is given at once.
pub const MOST_SPOKEN: u32 = 200;

/// What is made of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What is said and by whom; what is `None` stays as it is. A line break in the text ends a sentence. An empty speaker is
    /// nobody in particular; `reach` is the number of sentences that the speaker goes on for, this one included.
    Said { text: Option<String>, speaker: Option<String>, reach: u32 },
    /// It goes on with the next one.
    Join,
    /// Nothing of the kind is said there.
    Drop,
    /// It is said after all.
    Restore,
}

/// What a change made of some sentences.
struct Made {
    kind: EditKind,
    before: Vec<Model>,
    after: Vec<Row>,
}

/// Changes a sentence that is at the version that somebody knows. `None` when nothing is another by it. `parts` are the moments
/// at which the parts of the book begin, in milliseconds.
///
/// # Errors
/// [`Error::Conflict`] when it is not there any more, somebody else has changed it, or it cannot be joined;
/// [`Error::Invalid`] for a text or a name that is empty or too long.
pub(crate) async fn apply(
    tx: &Tx,
    audiobook_id: Uuid,
    id: Uuid,
    version: i32,
    change: &Change,
    parts: &[i64],
) -> Result<Option<Edit>> {
    let row = rows::known(tx, audiobook_id, id, version).await?;
    let made = match change {
        Change::Said { text, speaker, reach } => {
            let speaker = speaker.as_deref().map(name).transpose()?;
            said(tx, audiobook_id, row, text.as_deref(), speaker, *reach).await?
        }
        Change::Join => Some(join(tx, audiobook_id, row, parts).await?),
        Change::Drop => stand(row, EditKind::Dropped, Standing::Dropped)?,
        Change::Restore => {
            let standing = restored(&row);
            stand(row, EditKind::Restored, standing)?
        }
    };
    let Some(made) = made else { return Ok(None) };
    rows::write(tx, audiobook_id, &made.before, &made.after).await?;
    Ok(Some(note(tx, audiobook_id, made.kind, &made.before, made.after).await?))
}

/// Writes down what was made of some sentences.
pub(crate) async fn note(
    tx: &Tx,
    audiobook_id: Uuid,
    kind: EditKind,
    before: &[Model],
    after: Vec<Row>,
) -> Result<Edit> {
    let told = |texts: Vec<&str>| texts.join(" / ");
    let new = NewEdit {
        kind,
        at_ms: before.first().map_or(0, |row| row.start_ms),
        before: told(before.iter().take(3).map(|row| row.text.as_str()).collect()),
        after: match kind {
            EditKind::Speaker => after.first().and_then(|row| row.speaker.clone()).unwrap_or_default(),
            EditKind::Dropped => String::new(),
            _ => told(after.iter().take(3).map(|row| row.text.as_str()).collect()),
        },
        places: before.len(),
        changes: Changes::Lines { before: before.iter().map(Row::of).collect::<Result<_>>()?, after },
    };
    log::add(tx, audiobook_id, new).await
}

async fn said(
    tx: &Tx,
    audiobook_id: Uuid,
    row: Model,
    text: Option<&str>,
    speaker: Option<String>,
    reach: u32,
) -> Result<Option<Made>> {
    let old = Row::of(&row)?;
    let mut after = match text {
        Some(text) => cut(&old, &lines(text)?)?,
        None => vec![old.clone()],
    };
    let mut beyond = Vec::new();
    if let Some(name) = speaker {
        let name = Some(name).filter(|name| !name.is_empty());
        after.iter_mut().for_each(|row| row.speaker.clone_from(&name));
        let more = u64::from(reach.clamp(1, MOST_SPOKEN) - 1);
        for next in rows::following(tx, audiobook_id, &row, more).await? {
            if next.speaker != name {
                let spoken = Row { speaker: name.clone(), by_hand: true, ..Row::of(&next)? };
                beyond.push((next, spoken));
            }
        }
    }
    let Some(first) = after.first() else { return Ok(None) };
    let kind = if after.len() > 1 {
        EditKind::Split
    } else if first.text != old.text {
        EditKind::Worded
    } else if first.standing != old.standing {
        EditKind::Accepted
    } else {
        EditKind::Speaker
    };
    // Who accepts a text as it was heard corrects nothing.
    let corrects = kind != EditKind::Accepted || first.speaker != old.speaker;
    let same = after.len() == 1 && first.is(&row);
    after.iter_mut().for_each(|row| row.by_hand |= corrects);
    let (mut before, mut after) = if same { (Vec::new(), Vec::new()) } else { (vec![row], after) };
    for (next, spoken) in beyond {
        before.push(next);
        after.push(spoken);
    }
    Ok((!before.is_empty()).then_some(Made { kind, before, after }))
}

async fn join(tx: &Tx, audiobook_id: Uuid, row: Model, parts: &[i64]) -> Result<Made> {
    let Some(next) = rows::following(tx, audiobook_id, &row, 1).await?.pop() else {
        return Err(Error::conflict("transcript.join-last"));
    };
    if [&row, &next].iter().any(|row| !Standing::APPROVED.contains(&row.standing)) {
        return Err(Error::conflict("transcript.join-undecided"));
    }
    if parts.iter().any(|start_ms| row.start_ms < *start_ms && *start_ms <= next.start_ms) {
        return Err(Error::conflict("transcript.join-parts"));
    }
    let (first, second) = (Row::of(&row)?, Row::of(&next)?);
    let together = |one: &str, other: &str| format!("{one}{}{other}", gap(one, other));
    let text = together(&first.text, &second.text);
    if text.chars().count() > LONGEST || second.end_ms - first.start_ms > LONGEST_MS {
        return Err(Error::conflict("transcript.join-too-long"));
    }
    let heard = |row: &Row| row.heard_text.clone().unwrap_or_else(|| row.text.clone());
    let corrected = first.heard_text.is_some() || second.heard_text.is_some();
    let joined = Row {
        end_ms: first.end_ms.max(second.end_ms),
        words: first.words.iter().chain(&second.words).cloned().collect::<Vec<Word>>(),
        confidence: first.confidence.min(second.confidence),
        flag: first.flag.or(second.flag),
        standing: match (first.standing, second.standing) {
            (Standing::Heard, Standing::Heard) => Standing::Heard,
            _ if corrected => Standing::Corrected,
            _ => Standing::Accepted,
        },
        heard_text: corrected.then(|| together(&heard(&first), &heard(&second))),
        text,
        by_hand: true,
        ..first
    };
    Ok(Made { kind: EditKind::Joined, before: vec![row, next], after: vec![joined] })
}

/// How a sentence stands that is said after all.
fn restored(row: &Model) -> Standing {
    match (&row.heard_text, row.flag) {
        _ if row.standing != Standing::Dropped => row.standing,
        (Some(_), _) => Standing::Corrected,
        (None, Some(_)) => Standing::Accepted,
        (None, None) => Standing::Heard,
    }
}

fn stand(row: Model, kind: EditKind, standing: Standing) -> Result<Option<Made>> {
    if row.standing == standing {
        return Ok(None);
    }
    let changed = Row { standing, by_hand: true, ..Row::of(&row)? };
    Ok(Some(Made { kind, before: vec![row], after: vec![changed] }))
}
