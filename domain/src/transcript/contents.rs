//! What the page of a title tells of what is heard: its chapters and the text of its sample, in one query.

use super::cut::Piece;
use super::{Chapter, Segment, segments};
use crate::entities::chapters;
use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A chapter, or a piece of the text.
#[derive(FromQueryResult)]
struct Row {
    kind: i32,
    position: i32,
    start_ms: i64,
    end_ms: i64,
    text: String,
    /// As JSON; empty for a chapter.
    words: String,
    apart: i32,
    /// Empty for a chapter.
    speaker: Option<String>,
}

/// As numbers, which a union writes alike in every database.
const CHAPTER: i32 = 0;
const PIECE: i32 = 1;

/// The chapters of a title in order, and what is said in a stretch of it, cut as by [`segments::cut`].
pub(crate) async fn contents(
    db: &Db,
    audiobook_id: Uuid,
    stretch: Option<(i64, i64)>,
) -> Result<(Vec<Chapter>, Vec<Segment>)> {
    let mut query = chapters_part(audiobook_id);
    if let Some(stretch) = stretch {
        query.union(UnionType::All, pieces_part(audiobook_id, stretch));
    }
    let (mut chapters, mut heard) = (Vec::new(), Vec::new());
    for row in &db.read().query_all(&query).await? {
        let Row { kind, position, start_ms, end_ms, text, words, apart, speaker } = Row::from_query_result(row, "")?;
        if kind == CHAPTER {
            chapters.push((position, Chapter { title: text, start_ms, end_ms }));
        } else {
            let words = serde_json::from_str(&words)?;
            let segment = Segment { position, start_ms, end_ms, text, words, speaker };
            heard.push(Piece { segment, apart: apart == 1 });
        }
    }
    chapters.sort_by_key(|(position, _)| *position);
    let chapters = chapters.into_iter().map(|(_, chapter)| chapter).collect();
    Ok((chapters, stretch.map(|stretch| segments::cut_out(heard, stretch)).unwrap_or_default()))
}

fn chapters_part(audiobook_id: Uuid) -> SelectStatement {
    use chapters::Column::{AudiobookId, EndMs, Position, StartMs, Title};
    let mut part = Query::select();
    part.from(chapters::Entity).and_where(AudiobookId.eq(audiobook_id));
    let [position, start_ms, end_ms, title] =
        [Position, StartMs, EndMs, Title].map(|column| Expr::col((chapters::Entity, column)));
    with_columns(part, CHAPTER, [position, start_ms, end_ms, title, Expr::val(""), Expr::val(0), Expr::val("")])
}

fn pieces_part(audiobook_id: Uuid, stretch: (i64, i64)) -> SelectStatement {
    let (part, columns) = segments::part(audiobook_id, stretch);
    with_columns(part, PIECE, columns)
}

fn with_columns(mut part: SelectStatement, kind: i32, columns: [Expr; 7]) -> SelectStatement {
    part.expr_as(Expr::val(kind), Alias::new("kind"));
    for (column, name) in
        columns.into_iter().zip(["position", "start_ms", "end_ms", "text", "words", "apart", "speaker"])
    {
        part.expr_as(column, Alias::new(name));
    }
    part
}
