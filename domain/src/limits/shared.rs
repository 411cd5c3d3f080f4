//! Attempts counted by all servers together, in the database.

use super::Allowance;
use crate::entities::rate_buckets::{ActiveModel, Column, Entity};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Another server may change a bucket between two statements: as often it is looked at again.
const ATTEMPTS: u32 = 4;

/// Milliseconds to wait; 0 when the attempt is let through, and counted.
pub async fn take(db: &Db, key: &str, allowance: Allowance) -> Result<i64> {
    for _ in 0..ATTEMPTS {
        let now = db.now();
        if raise(db, key, allowance, now).await? || open_bucket(db, key, allowance, now).await? {
            return Ok(0);
        }
        // Neither raised nor opened: it is there, and full.
        if let Some(bucket) = Entity::find_by_id(key).one(db.read()).await?
            && let Err(wait_ms) = allowance.admit(bucket.empty_at, db.now())
        {
            return Ok(wait_ms);
        }
    }
    // It changes under our hands: whoever asks is not alone in asking.
    Ok(allowance.interval_ms())
}

/// One more attempt in a bucket that has room for it, in one statement: two servers never see the same room.
async fn raise(db: &Db, key: &str, allowance: Allowance, now: Timestamp) -> Result<bool> {
    let interval_ms = allowance.interval_ms();
    let empty_at = CaseStatement::new()
        .case(Column::EmptyAt.gt(now), Expr::col(Column::EmptyAt).add(interval_ms))
        .finally(now.plus_ms(interval_ms).0);
    let raised = db
        .retry(|| async {
            let update = Entity::update_many()
                .col_expr(Column::EmptyAt, empty_at.clone().into())
                .filter(Column::Id.eq(key))
                .filter(Column::EmptyAt.lte(now.plus_ms(allowance.tolerance_ms())));
            Ok(update.exec(db.read()).await?.rows_affected)
        })
        .await?;
    Ok(raised > 0)
}

async fn open_bucket(db: &Db, key: &str, allowance: Allowance, now: Timestamp) -> Result<bool> {
    let bucket = ActiveModel { id: Set(key.to_owned()), empty_at: Set(now.plus_ms(allowance.interval_ms())) };
    match Entity::insert(bucket).exec_without_returning(db.read()).await.map_err(Error::from) {
        Ok(_) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// When a bucket is empty again.
pub async fn empty_at(db: &Db, key: &str) -> Result<Timestamp> {
    let bucket = Entity::find_by_id(key).one(db.read()).await?;
    Ok(bucket.map(|bucket| bucket.empty_at).unwrap_or_default())
}

pub async fn forget(db: &Db, key: &str) -> Result<()> {
    Entity::delete_by_id(key).exec(db.read()).await?;
    Ok(())
}

/// Deletes the buckets that are empty, and says how many there were.
pub async fn delete_idle(db: &Db) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::EmptyAt.lte(db.now())).exec(db.read()).await?.rows_affected)
}
