//! What people put right in a text: how much of it there is, and letting go of it.

use super::log;
use crate::entities::segments::{Column, Entity};
use crate::transcript::Standing;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};
use uuid::Uuid;

/// Sentences of a title that somebody put right.
pub async fn count(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<u64> {
    Ok(of_title(audiobook_id).count(db).await?)
}

/// Lets what is heard next take the place of what people put right. Until then readers keep what they have; what was said not
/// to be spoken waits for a decision again, as nobody should read it meanwhile.
pub(crate) async fn discard(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let stand = |from: &[Standing], to: Standing| {
        Entity::update_many()
            .col_expr(Column::Standing, Expr::value(to))
            .filter(Column::AudiobookId.eq(audiobook_id))
            .filter(Column::Standing.is_in(from.iter().copied()))
    };
    stand(&[Standing::Accepted, Standing::Corrected], Standing::Heard).exec(tx).await?;
    stand(&[Standing::Dropped], Standing::Doubtful).exec(tx).await?;
    Entity::update_many()
        .col_expr(Column::ByHand, Expr::value(false))
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::ByHand.eq(true))
        .exec(tx)
        .await?;
    log::forget(tx, audiobook_id).await
}

fn of_title(audiobook_id: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::ByHand.eq(true))
}
