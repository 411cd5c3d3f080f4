//! Where each listener is in each book.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "positions")
                    .col(uuid("user_id"))
                    .col(uuid("audiobook_id"))
                    .col(big_integer("position_ms"))
                    .col(big_integer("taken_at"))
                    .col(integer("speed_percent"))
                    .col(big_integer_null("finished_at"))
                    .col(big_integer("updated_at"))
                    .primary_key(Index::create().col("user_id").col("audiobook_id"))
                    .foreign_key(&mut reference("positions", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("positions", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "positions", &["user_id", "updated_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["positions"]).await
    }
}
