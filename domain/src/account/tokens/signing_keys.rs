//! The keys that access tokens are signed with, as every server of the shop sees them. What a key is made of, and how
//! its private half is sealed, is the caller's business.

use crate::entities::signing_keys::{ActiveModel, Column, Entity, Model};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// A key that is to be kept.
#[derive(Clone)]
pub struct NewKey {
    /// Names the key in tokens and in the published list.
    pub kid: String,
    pub public_key: String,
    /// Sealed or not, as the caller decides.
    pub private_key: String,
}

/// A key, signing or retired.
pub type Key = Model;

impl Model {
    /// Whether it has signed for long enough.
    pub fn is_due(&self, now: Timestamp, rotate_ms: i64) -> bool {
        now.since_ms(self.created_at) >= rotate_ms
    }
}

/// The keys whose tokens may still be about, the newest first: the one that signs, and those that were retired less
/// than `keep_ms` ago.
pub async fn published(db: &Db, keep_ms: i64) -> Result<Vec<Key>> {
    let kept = Condition::any().add(Column::RetiredAt.is_null()).add(Column::RetiredAt.gt(db.now().plus_ms(-keep_ms)));
    Ok(Entity::find().filter(kept).order_by_desc(Column::Generation).all(db.read()).await?)
}

/// Makes `new` the key that signs, in place of the one that is named `old`, which is retired; `None` when there is none.
/// `false` when another key signs already, because another server was quicker: `new` was not kept.
pub async fn replace(db: &Db, old: Option<&str>, new: &NewKey) -> Result<bool> {
    match db.transaction(async |tx| succeed(&tx, old, new).await).await {
        // A generation is made once: of two servers that got as far as this, the unique index lets one through.
        Err(error) if error.is_unique_violation() => Ok(false),
        outcome => outcome,
    }
}

async fn succeed(tx: &Tx, old: Option<&str>, new: &NewKey) -> Result<bool> {
    let now = tx.now();
    let newest = Entity::find().order_by_desc(Column::Generation).one(tx).await?;
    let signing = newest.as_ref().filter(|key| key.retired_at.is_none()).map(|key| key.kid.as_str());
    if signing != old {
        return Ok(false);
    }
    let key = Model {
        kid: new.kid.clone(),
        generation: newest.as_ref().map_or(0, |key| key.generation) + 1,
        public_key: new.public_key.clone(),
        private_key: new.private_key.clone(),
        created_at: now,
        retired_at: None,
    };
    Entity::insert(key.into_active_model()).exec_without_returning(tx).await?;
    let retired = ActiveModel { retired_at: Set(Some(now)), ..Default::default() };
    Entity::update_many()
        .set(retired)
        .filter(Column::RetiredAt.is_null())
        .filter(Column::Kid.ne(&new.kid))
        .exec(tx)
        .await?;
    Ok(true)
}

/// Forgets the keys that were retired `keep_ms` ago or earlier, and says how many there were.
pub async fn delete_retired(db: &Db, keep_ms: i64) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::RetiredAt.lte(db.now().plus_ms(-keep_ms)));
    Ok(old.exec(db.read()).await?.rows_affected)
}
