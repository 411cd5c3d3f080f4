//! Where a listener is in a book.

use crate::http::api::body::Body;
use crate::http::api::brief::slug_of;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Moment, time};
use axum::Json;
use domain::catalog::titles;
use domain::listening::{Position, Within, position};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a listener is in a book.
#[derive(Serialize, ToSchema)]
pub struct ListeningPosition {
    /// From the start of the book.
    #[schema(example = 1_050_000)]
    position_ms: i64,
    /// When they were there; in 1970 for who has not listened yet.
    #[schema(format = DateTime, example = "2026-11-20T20:15:00Z")]
    taken_at: String,
    /// 100 is the speed it was read at.
    #[schema(example = 125)]
    speed_percent: i32,
    #[schema(example = false)]
    finished: bool,
}

impl From<Position> for ListeningPosition {
    fn from(position: Position) -> Self {
        let Position { position_ms, taken_at, speed_percent, finished } = position;
        Self { position_ms, taken_at: time(taken_at), speed_percent, finished }
    }
}

/// How much of a book was heard, in percent.
pub fn percent(position: Position, duration_ms: i64) -> i64 {
    match position.finished {
        true => 100,
        false if duration_ms <= 0 => 0,
        false => (position.position_ms.clamp(0, duration_ms) as i128 * 100 / i128::from(duration_ms)) as i64,
    }
}

/// Where a listener is now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPosition {
    /// From the start of the book. Beyond its end is its end.
    #[serde(deserialize_with = "place")]
    #[schema(example = 1_050_000, minimum = 0)]
    position_ms: i64,
    /// The part that this is in, with `offset_ms`: then it is that place whatever has become of the order of the parts since. In a
    /// part that is gone nothing is kept.
    #[serde(default)]
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    part: Option<Uuid>,
    /// From the start of that part; 0 where it is not said.
    #[serde(default, deserialize_with = "place")]
    #[schema(example = 50_000, minimum = 0)]
    offset_ms: i64,
    /// When they were there: of several devices the newest place holds.
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T20:15:00.250Z")]
    taken_at: Moment,
    /// 100 is the speed it was read at; 25 to 400.
    #[serde(default = "as_read", deserialize_with = "speed")]
    #[schema(example = 125, minimum = 25, maximum = 400)]
    speed_percent: i32,
    /// The book was heard to its end.
    #[serde(default)]
    #[schema(example = false)]
    finished: bool,
}

fn as_read() -> i32 {
    100
}

/// A place in a book: none lies before its beginning.
pub fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let ms = i64::deserialize(deserializer)?;
    if ms >= 0 { Ok(ms) } else { Err(D::Error::custom("a place is 0 or more")) }
}

fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    let percent = i32::deserialize(deserializer)?;
    if (25..=400).contains(&percent) { Ok(percent) } else { Err(D::Error::custom("a speed is from 25 to 400")) }
}

/// Which place holds.
#[derive(Serialize, ToSchema)]
pub struct HeldPosition {
    /// The one that was sent; else a newer one is known.
    #[schema(example = true)]
    kept: bool,
    position: ListeningPosition,
}

/// Keep the place in a book
///
/// Devices report late and out of order: the newest place by `taken_at` wins, not the last to arrive. The answer says which
/// one holds. A time that is more than a minute ahead counts as now.
#[utoipa::path(
    put,
    path = "/my-books/{which}/position",
    operation_id = "keep_position",
    tag = "listening",
    params(("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen")),
    request_body = NewPosition,
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The place that holds.", body = HeldPosition),
        NotThere, BodyProblems, TokenProblems,
    )
)]
pub async fn keep(
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Body(new): Body<NewPosition>,
) -> Result<Json<HeldPosition>, Problem> {
    let (db, user_id) = (&listener.db, listener.user.id);
    let audiobook = titles::id_of(db, &slug_of(db, &which).await?).await?;
    let NewPosition { position_ms, part, offset_ms, taken_at: Moment(taken_at), speed_percent, finished } = new;
    let sent = Position { position_ms, taken_at, speed_percent, finished };
    let within = part.map(|part| Within { part, offset_ms });
    let kept = position::save_place(db, user_id, audiobook, sent, within).await?.kept;
    let position = position::position(db, user_id, audiobook).await?.into();
    Ok(Json(HeldPosition { kept, position }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_whole_percent_and_is_whole_when_the_book_is_finished() {
        let at = |position_ms, finished| Position { position_ms, finished, ..Position::default() };
        assert_eq!(percent(at(999, false), 1000), 99);
        assert_eq!(percent(at(5, true), 1000), 100);
        assert_eq!((percent(at(5, false), 0), percent(at(i64::MAX, false), i64::MAX)), (0, 100));
    }
}
