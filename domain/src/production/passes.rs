//! Providers that were passed over in a step of a title, and why: kept when another one did the work, so that whoever reads
//! the page knows who was meant to do it.

use super::{PassedOver, Step};
use crate::entities::step_passes::{ActiveModel, Column, Entity};
use crate::{Db, Result, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// Characters of a reason that are kept.
const REASON_MAX: usize = 500;
/// Characters of a provider's name.
const NAME_MAX: usize = 60;

/// A provider that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub provider_id: Uuid,
    /// Its name, which another one may have as well.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// Notes that providers were passed over for another one.
pub async fn note(db: &Db, audiobook_id: Uuid, step: Step, passed: &[Pass]) -> Result<()> {
    if passed.is_empty() {
        return Ok(());
    }
    db.transaction(async |tx| {
        for Pass { provider_id, name, reason } in passed {
            // Of a handful at most.
            let name: String = name.chars().take(NAME_MAX).collect();
            let reason: String = reason.chars().take(REASON_MAX).collect();
            let before = Entity::find_by_id((audiobook_id, step, *provider_id)).one(&tx).await?;
            let times = before.as_ref().map_or(1, |row| row.times.saturating_add(1));
            let row = ActiveModel {
                audiobook_id: Set(audiobook_id),
                step: Set(step),
                provider_id: Set(*provider_id),
                provider: Set(name),
                reason: Set(reason),
                times: Set(times),
                passed_at: Set(tx.now()),
            };
            if before.is_some() {
                row.update(&tx).await?;
            } else {
                Entity::insert(row).exec_without_returning(&tx).await?;
            }
        }
        Ok(())
    })
    .await
}

/// Who was passed over in the steps of a title, the last one first.
pub(super) async fn of_title(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<HashMap<Step, Vec<PassedOver>>> {
    let rows = Entity::find()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .order_by_desc(Column::PassedAt)
        .order_by_asc(Column::Provider)
        .order_by_asc(Column::ProviderId)
        .all(db)
        .await?;
    let mut passed: HashMap<Step, Vec<PassedOver>> = HashMap::new();
    for row in rows {
        let times = u32::try_from(row.times).unwrap_or(1);
        passed.entry(row.step).or_default().push(PassedOver { provider: row.provider, reason: row.reason, times });
    }
    Ok(passed)
}

/// Forgets who was passed over in some steps, because they are done anew.
pub(super) async fn forget(tx: &Tx, audiobook_id: Uuid, steps: &[Step]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Step.is_in(steps.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}
