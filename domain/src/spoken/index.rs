//! The index as text changes: in the transaction of the change, so that it never says anything else than the text.

use super::rows::{self, PASSAGE_MS, passage_at};
use super::stems::Language;
use super::terms::{self, MADE};
use crate::entities::audiobooks;
use crate::entities::spoken_books::{ActiveModel, Column, Entity, Model};
use crate::transcript::segments::{self, Sentence, Within};
use crate::{Error, Result, Tx};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A change of a piece of text may change the sentences around it so far away, in milliseconds.
const AROUND_MS: i64 = 120_000;

/// The text of a title has changed between two points, in milliseconds from its start: what begins there, and around, is put
/// into the index anew. A title that was not in it is put there whole.
///
/// # Errors
/// `NotFound` when there is no such title.
pub async fn refresh(tx: &Tx, audiobook_id: Uuid, from_ms: i64, to_ms: i64) -> Result<()> {
    let language = language_of(tx, audiobook_id).await?;
    let book = held(tx, audiobook_id, &language).await?;
    if book.made != MADE || book.language != language {
        return remake(tx, &book, &language).await;
    }
    let first = passage_at(from_ms.saturating_sub(AROUND_MS));
    let last = passage_at(to_ms.max(from_ms).saturating_add(AROUND_MS));
    let within = Within { audiobook_id, from_ms: first * PASSAGE_MS, to_ms: (last + 1) * PASSAGE_MS };
    rows::remove(tx, book.number, first, last).await?;
    let sentences = segments::beginning(tx, &[within]).await?.into_iter().flatten();
    rows::add(tx, book.number, &passages(&language, sentences)).await
}

/// Puts all that is said in a title into the index anew.
///
/// # Errors
/// `NotFound` when there is no such title.
pub async fn whole(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let language = language_of(tx, audiobook_id).await?;
    let book = held(tx, audiobook_id, &language).await?;
    remake(tx, &book, &language).await
}

/// Takes a title out of the index: before it is deleted, as no row of the index goes with it.
pub async fn forget(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let Some(book) = hold(tx, audiobook_id).await? else { return Ok(()) };
    rows::remove_all(tx, book.number).await?;
    Entity::delete_by_id(book.number).exec(tx).await?;
    Ok(())
}

async fn remake(tx: &Tx, book: &Model, language: &str) -> Result<()> {
    rows::remove_all(tx, book.number).await?;
    let sentences = segments::sentences(tx, book.audiobook_id).await?;
    rows::add(tx, book.number, &passages(language, sentences)).await?;
    Entity::update_many()
        .col_expr(Column::Made, Expr::value(MADE))
        .col_expr(Column::Language, Expr::value(language))
        .filter(Column::Number.eq(book.number))
        .exec(tx)
        .await?;
    Ok(())
}

/// What each passage is found by.
fn passages(language: &str, sentences: impl IntoIterator<Item = Sentence>) -> BTreeMap<i64, BTreeSet<String>> {
    let language = Language::of(language);
    let mut passages: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for sentence in sentences {
        terms::add(&language, &sentence.text, passages.entry(passage_at(sentence.start_ms)).or_default());
    }
    passages.retain(|_, terms| !terms.is_empty());
    passages
}

async fn language_of(tx: &Tx, audiobook_id: Uuid) -> Result<String> {
    let language = audiobooks::Entity::find_by_id(audiobook_id).select_only().column(audiobooks::Column::Language);
    language.into_tuple::<String>().one(tx).await?.ok_or(Error::NotFound("title"))
}

/// A title in the index, for this transaction alone: two that change its text come one after the other, and the second reads
/// what the first wrote.
async fn hold(tx: &Tx, audiobook_id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).lock_exclusive().one(tx).await?)
}

/// The same, of one that may not be there yet.
async fn held(tx: &Tx, audiobook_id: Uuid, language: &str) -> Result<Model> {
    if let Some(book) = hold(tx, audiobook_id).await? {
        return Ok(book);
    }
    let row = ActiveModel {
        number: NotSet,
        audiobook_id: Set(audiobook_id),
        language: Set(language.to_owned()),
        made: Set(0),
    };
    let again = OnConflict::column(Column::AudiobookId).do_nothing_on([Column::Number]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    hold(tx, audiobook_id).await?.ok_or(Error::NotFound("title"))
}
