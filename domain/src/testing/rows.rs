//! What is written past the rules of the shop.

use crate::Db;
use crate::entities::audiobooks;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// Writes a row.
pub async fn insert<M, A>(db: &Db, row: M)
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    <A::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(db.read()).await.unwrap();
    db.forget_alike();
}

/// Changes a column of a title.
pub async fn set(db: &Db, id: Uuid, column: audiobooks::Column, value: impl Into<sea_orm::Value>) {
    audiobooks::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(audiobooks::Column::Id.eq(id))
        .exec(db.read())
        .await
        .unwrap();
    db.forget_alike();
}

/// Gives a title a sample, in milliseconds from the start of the book.
pub async fn sample(db: &Db, title: Uuid, key: &str, start_ms: i64, end_ms: i64) {
    set(db, title, audiobooks::Column::SampleKey, key).await;
    set(db, title, audiobooks::Column::SampleStartMs, start_ms).await;
    set(db, title, audiobooks::Column::SampleEndMs, end_ms).await;
}
