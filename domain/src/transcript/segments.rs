//! What was said in a title, as far as it is approved. Whoever asks has made sure that it may be shown.
//!
//! Every text that leaves the back office is read here, through [`approved`]; what waits for an admin, or was dropped, is
//! in nobody's hands but theirs ([`places`](super::places)). `domain/tests/architecture` holds it to that.

use super::cut::{Piece, rejoined};
use super::script::joined;
use super::{Segment, Standing, TranscribedSegment, Word};
use crate::entities::segments::{Column, Entity, Model};
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

/// No sentence is longer than this, in milliseconds: speech models hear half a minute or less at once, and a sentence goes
/// on for at most as much again.
const SENTENCE_MS: i64 = 120_000;
/// A sentence that begins in a stretch has its last piece no later than this after it, in milliseconds.
const GOES_ON_MS: i64 = 60_000;

/// A sentence of the transcript, for those who work on its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
}

impl From<Segment> for Sentence {
    fn from(Segment { start_ms, end_ms, text, .. }: Segment) -> Self {
        Self { start_ms, end_ms, text }
    }
}

/// A stretch of a title, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub audiobook_id: Uuid,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// A piece without the times of its words.
#[derive(Clone, FromQueryResult)]
struct Bare {
    audiobook_id: Uuid,
    position: i32,
    start_ms: i64,
    end_ms: i64,
    text: String,
    apart: bool,
    speaker: Option<String>,
}

const BARE: [Column; 7] = [
    Column::AudiobookId,
    Column::Position,
    Column::StartMs,
    Column::EndMs,
    Column::Text,
    Column::Apart,
    Column::Speaker,
];

impl From<Bare> for Piece {
    fn from(Bare { position, start_ms, end_ms, text, apart, speaker, .. }: Bare) -> Self {
        Self { segment: Segment { position, start_ms, end_ms, text, words: Vec::new(), speaker }, apart }
    }
}

/// What approved text there is between two moments of a title: for a condition of a query over titles.
pub(crate) fn said(audiobook_id: Expr, from_ms: Expr, to_ms: Expr) -> SelectStatement {
    let of = |column: Column| Expr::col((Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(of(Column::AudiobookId).eq(audiobook_id))
        .and_where(of(Column::Standing).is_in(Standing::APPROVED))
        .and_where(of(Column::StartMs).lt(to_ms))
        .and_where(of(Column::EndMs).gt(from_ms))
        .to_owned()
}

/// The pieces of a title's text that are approved, in order: what nobody doubts, and what an admin accepted or corrected.
fn approved(audiobook_id: Uuid) -> Select<Entity> {
    approved_of(audiobook_id).order_by_asc(Column::StartMs).order_by_asc(Column::Position)
}

fn approved_of(audiobook_id: Uuid) -> Select<Entity> {
    approved_rows().filter(Column::AudiobookId.eq(audiobook_id))
}

fn approved_rows() -> Select<Entity> {
    Entity::find().filter(Column::Standing.is_in(Standing::APPROVED))
}

/// Pieces that may be heard between two points.
fn near(pieces: Select<Entity>, from_ms: i64, to_ms: i64) -> Select<Entity> {
    pieces
        // A lower bound of the start, so that the index is entered near and not at the beginning of the book.
        .filter(Column::StartMs.gte(from_ms.saturating_sub(SENTENCE_MS)))
        .filter(Column::StartMs.lt(to_ms.saturating_add(GOES_ON_MS)))
}

/// All that was said, with the times of single words.
pub async fn whole(db: &Db, audiobook_id: Uuid) -> Result<Vec<Segment>> {
    let rows = approved(audiobook_id).all(db.read()).await?;
    Ok(rejoined(rows.into_iter().map(piece).collect::<Result<_>>()?))
}

/// The first sentences out of `most` pieces, without the times of single words.
pub async fn first(db: &Db, audiobook_id: Uuid, most: u64) -> Result<Vec<Segment>> {
    without_words(db.read(), approved(audiobook_id).limit(most)).await
}

/// Whether anything was heard.
pub async fn any(db: &Db, audiobook_id: Uuid) -> Result<bool> {
    let first: Option<i32> =
        approved(audiobook_id).select_only().column(Column::Position).limit(1).into_tuple().one(db.read()).await?;
    Ok(first.is_some())
}

/// Where the first piece begins that does so at `from_ms` or later.
pub async fn next_start(db: &Db, audiobook_id: Uuid, from_ms: i64) -> Result<Option<i64>> {
    let next = approved(audiobook_id).filter(Column::StartMs.gte(from_ms)).select_only().column(Column::StartMs);
    Ok(next.limit(1).into_tuple().one(db.read()).await?)
}

/// The sentences that are heard between two points of the book, in milliseconds from its start.
pub async fn between(db: &Db, audiobook_id: Uuid, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>> {
    let rows = near(approved(audiobook_id), from_ms, to_ms).all(db.read()).await?;
    let pieces = rows.into_iter().map(piece).collect::<Result<_>>()?;
    Ok(heard_between(pieces, from_ms, to_ms))
}

/// The sentences of pieces in order, as far as they are heard between two points.
fn heard_between(pieces: Vec<Piece>, from_ms: i64, to_ms: i64) -> Vec<Segment> {
    let mut sentences = rejoined(pieces);
    sentences.retain(|sentence| sentence.start_ms < to_ms && sentence.end_ms > from_ms);
    sentences
}

/// What is heard between two points and nothing beyond: a sentence that is cut there keeps the words that lie inside.
pub async fn cut(db: &Db, audiobook_id: Uuid, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>> {
    Ok(cut_at(between(db, audiobook_id, from_ms, to_ms).await?, from_ms, to_ms))
}

fn cut_at(sentences: Vec<Segment>, from_ms: i64, to_ms: i64) -> Vec<Segment> {
    sentences.into_iter().filter_map(|segment| inside(segment, from_ms, to_ms)).collect()
}

/// [`cut`] as a part of a union: its query without an order. Of each piece its position, start, end, text, words, whether it
/// stands apart (as a number, which a union writes alike in every database) and its speaker.
pub(super) fn part(audiobook_id: Uuid, (from_ms, to_ms): (i64, i64)) -> (SelectStatement, [Expr; 7]) {
    let of = |column: Column| Expr::col((Entity, column));
    let query = near(approved_of(audiobook_id), from_ms, to_ms).select_only().into_query();
    let apart: Expr = Expr::case(of(Column::Apart).eq(true), 1).finally(0).into();
    let columns = [Column::Position, Column::StartMs, Column::EndMs, Column::Text, Column::Words].map(of);
    let [position, start_ms, end_ms, text, words] = columns;
    (query, [position, start_ms, end_ms, text, words, apart, of(Column::Speaker)])
}

/// [`cut`] of the pieces that [`part`] found.
pub(super) fn cut_out(mut pieces: Vec<Piece>, (from_ms, to_ms): (i64, i64)) -> Vec<Segment> {
    pieces.sort_by_key(|piece| (piece.segment.start_ms, piece.segment.position));
    cut_at(heard_between(pieces, from_ms, to_ms), from_ms, to_ms)
}

fn inside(mut segment: Segment, from_ms: i64, to_ms: i64) -> Option<Segment> {
    if segment.start_ms >= from_ms && segment.end_ms <= to_ms {
        return Some(segment);
    }
    let mut words = std::mem::take(&mut segment.words);
    words.retain(|word| word.start_ms >= from_ms && word.end_ms <= to_ms);
    let (start_ms, end_ms) = (words.first()?.start_ms, words.last()?.end_ms);
    let text = joined(words.iter().map(|word| word.text.as_str()));
    Some(Segment { start_ms, end_ms, text, words, ..segment })
}

/// The whole transcript without its words, in order.
pub async fn sentences(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Sentence>> {
    let sentences = without_words(db, approved(audiobook_id)).await?;
    Ok(sentences.into_iter().map(Sentence::from).collect())
}

/// The sentences that begin in each of some stretches, in order, without the times of single words: all in one look.
pub(crate) async fn beginning(db: &impl ConnectionTrait, stretches: &[Within]) -> Result<Vec<Vec<Sentence>>> {
    if stretches.is_empty() {
        return Ok(Vec::new());
    }
    let near = stretches.iter().fold(Condition::any(), |any, within| {
        let (from_ms, to_ms) = around(within);
        let bounds = Condition::all().add(Column::StartMs.gte(from_ms)).add(Column::StartMs.lt(to_ms));
        any.add(bounds.add(Column::AudiobookId.eq(within.audiobook_id)))
    });
    let rows = approved_rows().filter(near).select_only().columns(BARE).into_model::<Bare>().all(db).await?;
    Ok(stretches.iter().map(|within| begun_in(&rows, within)).collect())
}

/// From when to when pieces are read, so that what begins in a stretch is read whole and as the sentences that it is.
fn around(within: &Within) -> (i64, i64) {
    (within.from_ms.saturating_sub(SENTENCE_MS), within.to_ms.saturating_add(GOES_ON_MS))
}

fn begun_in(rows: &[Bare], within: &Within) -> Vec<Sentence> {
    let (from_ms, to_ms) = around(within);
    let of_it =
        |row: &&Bare| row.audiobook_id == within.audiobook_id && row.start_ms >= from_ms && row.start_ms < to_ms;
    let mut pieces: Vec<Piece> = rows.iter().filter(of_it).cloned().map(Piece::from).collect();
    // Not by the database: it might read all text in that order, instead of a little here and there.
    pieces.sort_by_key(|piece| (piece.segment.start_ms, piece.segment.position));
    let begun = |sentence: &Segment| sentence.start_ms >= within.from_ms && sentence.start_ms < within.to_ms;
    rejoined(pieces).into_iter().filter(begun).map(Sentence::from).collect()
}

/// The approved pieces as they are kept, to be taken to another shop.
pub async fn pieces(db: &Db, audiobook_id: Uuid) -> Result<Vec<TranscribedSegment>> {
    let piece = |row: Model| {
        Ok(TranscribedSegment {
            start_ms: row.start_ms,
            end_ms: row.end_ms,
            text: row.text,
            confidence: row.confidence,
            flag: None,
            words: serde_json::from_str(&row.words)?,
            speaker: row.speaker,
            by_hand: row.by_hand,
            apart: row.apart,
        })
    };
    approved(audiobook_id).all(db.read()).await?.into_iter().map(piece).collect()
}

async fn without_words(db: &impl ConnectionTrait, pieces: Select<Entity>) -> Result<Vec<Segment>> {
    let rows = pieces.select_only().columns(BARE).into_model::<Bare>().all(db).await?;
    Ok(rejoined(rows.into_iter().map(Piece::from).collect()))
}

fn piece(row: Model) -> Result<Piece> {
    let words: Vec<Word> = serde_json::from_str(&row.words)?;
    let Model { position, start_ms, end_ms, text, speaker, apart, .. } = row;
    Ok(Piece { segment: Segment { position, start_ms, end_ms, text, words, speaker }, apart })
}
