//! The models that every worker is to have. A worker that lacks one fetches it, and goes on where it was cut; how far it is it
//! says of itself.

use crate::audit::{self, Action, Entry};
use crate::entities::model_fetches::{ActiveModel, Column, Entity};
use crate::{Db, Result};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

/// The names of the models that are wanted, in the order in which they were asked for.
pub async fn wanted(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let names = Entity::find().select_only().column(Column::Name).order_by_asc(Column::AskedAt);
    Ok(names.order_by_asc(Column::Name).into_tuple().all(db).await?)
}

/// Has every worker fetch a model. Asked for again, nothing changes. That there is such a model is for the caller to know.
pub async fn ask(db: &Db, name: &str) -> Result<()> {
    db.transaction(async |tx| {
        if Entity::find_by_id(name.to_owned()).one(&tx).await?.is_some() {
            return Ok(());
        }
        let row = ActiveModel { name: Set(name.to_owned()), asked_at: Set(tx.now()) };
        // Another admin may ask at this moment.
        let there = OnConflict::column(Column::Name).do_nothing_on([Column::Name]).to_owned();
        Entity::insert(row).on_conflict(there).exec_without_returning(&tx).await?;
        audit::record(&tx, Entry::new(Action::ModelFetchAsked).on("model", name)).await
    })
    .await
}

/// Calls a fetch off: what arrived stays, and is gone on from when it is asked for again. A model that is here stays too.
pub async fn call_off(db: &Db, name: &str) -> Result<()> {
    db.transaction(async |tx| {
        if Entity::delete_by_id(name.to_owned()).exec(&tx).await?.rows_affected > 0 {
            audit::record(&tx, Entry::new(Action::ModelFetchCalledOff).on("model", name)).await?;
        }
        Ok(())
    })
    .await
}
