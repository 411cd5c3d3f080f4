//! What was heard in a part goes where the part goes, and away with its sound: also what somebody put right, and what it is found
//! by. Edits from before are not undone any more, as they tell of places where something else is by then.

use super::shift::{Shift, To};
use crate::entities::chunks;
use crate::production::chunks as heard;
use crate::spoken::index;
use crate::transcript::edits::log;
use crate::transcript::moved::{self, Moved};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::ops::Range;
use uuid::Uuid;

/// Takes what was heard, and what is still to be heard, along with its parts.
pub(super) async fn follow(tx: &Tx, audiobook_id: Uuid, shift: &Shift) -> Result<()> {
    let mut elsewhere = Vec::new();
    for piece in shift.pieces() {
        let To::Here(to) = &piece.to else { continue };
        let by_ms = to.start - piece.from.start;
        if by_ms == 0 {
            continue;
        }
        elsewhere.push(Moved { from_ms: piece.from.start, to_ms: piece.from.end, by_ms });
        chunks::Entity::update_many()
            .col_expr(chunks::Column::StartMs, Expr::col(chunks::Column::StartMs).add(by_ms))
            .col_expr(chunks::Column::EndMs, Expr::col(chunks::Column::EndMs).add(by_ms))
            .filter(chunks::Column::AudiobookId.eq(audiobook_id))
            .filter(chunks::Column::PartId.eq(piece.part))
            .exec(tx)
            .await?;
    }
    if elsewhere.is_empty() {
        return Ok(());
    }
    moved::shift(tx, audiobook_id, &elsewhere).await?;
    heard::in_order(tx, audiobook_id).await?;
    log::forget(tx, audiobook_id).await?;
    index::whole(tx, audiobook_id).await
}

/// Forgets what was heard in a part, which lies there in milliseconds, and how it was cut.
pub(super) async fn forget(tx: &Tx, audiobook_id: Uuid, part: Uuid, lies: &Range<i64>) -> Result<()> {
    moved::nothing_between(tx, audiobook_id, lies).await?;
    index::refresh(tx, audiobook_id, lies.start, lies.end).await?;
    log::forget(tx, audiobook_id).await?;
    chunks::Entity::delete_many()
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .filter(chunks::Column::PartId.eq(part))
        .exec(tx)
        .await?;
    Ok(())
}
