//! How long the parts of a title last: as counted while they were decoded, whatever was told or estimated before.

use crate::entities::{audiobooks, parts};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::CaseStatement;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Corrects parts that turned out to be longer or shorter, with where the later ones begin, and the length of the title.
/// `lengths` are milliseconds for each part, in order. Parts of another set of files are left alone.
pub(super) async fn correct(tx: &Tx, audiobook_id: Uuid, lengths: &[(Uuid, i64)]) -> Result<()> {
    let rows = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(parts::Column::Position)
        .all(tx)
        .await?;
    if lengths.is_empty() || !rows.iter().map(|row| row.id).eq(lengths.iter().map(|(id, _)| *id)) {
        return Ok(());
    }
    let (mut starts, mut durations, mut start_ms) = (CaseStatement::new(), CaseStatement::new(), 0);
    for (id, duration_ms) in lengths {
        starts = starts.case(parts::Column::Id.eq(*id), start_ms);
        durations = durations.case(parts::Column::Id.eq(*id), *duration_ms);
        start_ms += duration_ms;
    }
    parts::Entity::update_many()
        .col_expr(parts::Column::StartMs, starts.finally(Expr::col(parts::Column::StartMs)).into())
        .col_expr(parts::Column::DurationMs, durations.finally(Expr::col(parts::Column::DurationMs)).into())
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .exec(tx)
        .await?;
    audiobooks::Entity::update_many()
        .col_expr(audiobooks::Column::DurationMs, Expr::value(start_ms))
        .filter(audiobooks::Column::Id.eq(audiobook_id))
        .exec(tx)
        .await?;
    Ok(())
}
