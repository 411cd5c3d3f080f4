//! The chapters of a title, kept by hand. A chapter ends where the next one begins; the first change makes all of them the
//! admin's, so that no step of production writes over them.

use super::log::{self, Changes, Mark, NewEdit};
use super::{Edit, EditKind, KeptChapter, KeptChapters};
use crate::db::BATCH;
use crate::entities::chapters::{ActiveModel, Column, Entity, Model};
use crate::transcript::ChapterSource;
use crate::{Error, Result, Tx, secret};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Chapters of a title.
pub const MOST: usize = 1_000;
/// Longest name of a chapter, in characters.
const LONGEST: usize = 300;

/// The chapters of a title as an editor has them.
pub async fn kept(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<KeptChapters> {
    let rows = rows(db, audiobook_id).await?;
    let seen = seen(&marks(&rows));
    let kept = |row: Model| KeptChapter {
        id: row.id,
        title: row.title,
        start_ms: row.start_ms,
        end_ms: row.end_ms,
        source: row.source,
    };
    Ok(KeptChapters { chapters: rows.into_iter().map(kept).collect(), seen })
}

/// What a list of chapters is known by.
fn seen(marks: &[Mark]) -> String {
    let all: String = marks.iter().map(|mark| format!("{} {}\n", mark.start_ms, mark.title)).collect();
    secret::digest(&all)
}

/// Puts these chapters in place of those that somebody saw, in a title that is so long, in milliseconds. `None` when they are the
/// same.
///
/// # Errors
/// [`Error::Conflict`] when somebody has changed them since; [`Error::Invalid`] for a name that is empty or too long, a
/// beginning beyond the book or two at once, or no chapter at all.
pub(crate) async fn replace(
    tx: &Tx,
    audiobook_id: Uuid,
    known: &str,
    new: Vec<Mark>,
    duration_ms: i64,
) -> Result<Option<Edit>> {
    let there = rows(tx, audiobook_id).await?;
    let before = marks(&there);
    if seen(&before) != known {
        return Err(Error::conflict("chapters.changed"));
    }
    let after = checked(new, duration_ms)?;
    let by_hand = there.iter().all(|row| row.source == ChapterSource::Admin);
    if before == after && by_hand {
        return Ok(None);
    }
    write(tx, audiobook_id, &after, duration_ms).await?;
    let differs = after.iter().find(|mark| !before.contains(mark));
    let gone = before.iter().find(|mark| !after.contains(mark));
    let name = |mark: Option<&Mark>| mark.map(|mark| mark.title.clone()).unwrap_or_default();
    let new = NewEdit {
        kind: EditKind::Chapters,
        at_ms: differs.or(gone).map_or(0, |mark| mark.start_ms),
        before: name(gone),
        after: name(differs),
        places: before.len().abs_diff(after.len()).max(1),
        changes: Changes::Chapters { before, after },
    };
    log::add(tx, audiobook_id, new).await.map(Some)
}

/// Undoes a change, where the chapters are still what it made of them. They stay the admin's.
pub(super) async fn put_back(tx: &Tx, audiobook_id: Uuid, before: &[Mark], after: &[Mark]) -> Result<bool> {
    let there = rows(tx, audiobook_id).await?;
    if marks(&there) != after {
        return Ok(false);
    }
    let end_ms = there.iter().map(|row| row.end_ms).max().unwrap_or(0);
    write(tx, audiobook_id, before, end_ms).await?;
    Ok(true)
}

/// Chapters in the order of the book.
fn checked(mut new: Vec<Mark>, duration_ms: i64) -> Result<Vec<Mark>> {
    if new.is_empty() {
        return Err(Error::invalid("chapters", "chapters.last"));
    }
    if new.len() > MOST {
        return Err(Error::invalid("chapters", "chapters.too-many").with("most", MOST));
    }
    for mark in &mut new {
        mark.title = mark.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if mark.title.is_empty() || mark.title.chars().any(char::is_control) {
            return Err(Error::invalid("title", "chapters.no-name"));
        }
        if mark.title.chars().count() > LONGEST {
            return Err(Error::invalid("title", "form.too-long").with("most", LONGEST));
        }
        if mark.start_ms < 0 || duration_ms > 0 && mark.start_ms >= duration_ms {
            return Err(Error::invalid("start", "chapters.beyond-end"));
        }
    }
    new.sort_by_key(|mark| mark.start_ms);
    if new.windows(2).any(|two| two[0].start_ms == two[1].start_ms) {
        return Err(Error::invalid("start", "chapters.same-start"));
    }
    Ok(new)
}

async fn rows(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Model>> {
    let of_title = Entity::find().filter(Column::AudiobookId.eq(audiobook_id));
    Ok(of_title.order_by_asc(Column::Position).all(db).await?)
}

fn marks(rows: &[Model]) -> Vec<Mark> {
    rows.iter().map(|row| Mark { title: row.title.clone(), start_ms: row.start_ms }).collect()
}

async fn write(tx: &Tx, audiobook_id: Uuid, marks: &[Mark], duration_ms: i64) -> Result<()> {
    Entity::delete_many().filter(Column::AudiobookId.eq(audiobook_id)).exec(tx).await?;
    let ends = marks.iter().skip(1).map(|next| next.start_ms).chain([duration_ms]);
    let rows: Vec<_> = (0..)
        .zip(marks.iter().zip(ends))
        .map(|(position, (mark, end_ms))| ActiveModel {
            id: Set(Uuid::now_v7()),
            audiobook_id: Set(audiobook_id),
            position: Set(position),
            title: Set(mark.title.clone()),
            start_ms: Set(mark.start_ms),
            end_ms: Set(end_ms.max(mark.start_ms)),
            source: Set(ChapterSource::Admin),
        })
        .collect();
    for rows in rows.chunks(BATCH) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(title: &str, start_ms: i64) -> Mark {
        Mark { title: title.to_owned(), start_ms }
    }

    fn refused(marks: Vec<Mark>) -> &'static str {
        checked(marks, 60_000).unwrap_err().code()
    }

    #[test]
    fn chapters_are_put_in_the_order_of_the_book() {
        let marks = checked(vec![mark(" The  Storm ", 30_000), mark("Dawn", 0)], 60_000).unwrap();
        assert_eq!(marks, [mark("Dawn", 0), mark("The Storm", 30_000)]);
    }

    #[test]
    fn what_cannot_be_chapters_is_refused_with_what_to_do() {
        assert_eq!(refused(Vec::new()), "chapters.last");
        assert_eq!(refused(vec![mark(" ", 0)]), "chapters.no-name");
        assert_eq!(refused(vec![mark("Dawn", 0), mark("Dusk", 0)]), "chapters.same-start");
        assert_eq!(refused(vec![mark("Dusk", 60_000)]), "chapters.beyond-end");
        assert_eq!(refused(vec![mark("Dusk", -1)]), "chapters.beyond-end");
        assert_eq!(refused(vec![mark(&"a".repeat(301), 0)]), "form.too-long");
        assert_eq!(checked(vec![mark("Dusk", 90_000)], 0).unwrap().len(), 1, "a book whose length is not known yet");
    }

    #[test]
    fn a_list_is_known_by_names_and_beginnings() {
        assert_eq!(seen(&[mark("Dawn", 0)]), seen(&[mark("Dawn", 0)]));
        assert_ne!(seen(&[mark("Dawn", 0)]), seen(&[mark("Dawn", 1)]));
    }
}
