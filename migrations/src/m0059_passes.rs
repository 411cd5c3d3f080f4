//! Who was passed over in a step is told by who it is: two may have the same name. What was noted until now goes; the next run
//! notes it anew.

use crate::tables::{drop_tables, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["step_passes"]).await?;
        manager
            .create_table(
                table(manager, "step_passes")
                    .col(uuid("audiobook_id"))
                    .col(string_len("step", 16))
                    .col(uuid("provider_id"))
                    .col(string_len("provider", 60))
                    .col(string_len("reason", 500))
                    .col(integer("times"))
                    .col(big_integer("passed_at"))
                    .primary_key(Index::create().col("audiobook_id").col("step").col("provider_id"))
                    .foreign_key(&mut reference("step_passes", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["step_passes"]).await?;
        manager
            .create_table(
                table(manager, "step_passes")
                    .col(uuid("audiobook_id"))
                    .col(string_len("step", 16))
                    .col(string_len("provider", 60))
                    .col(string_len("reason", 500))
                    .col(integer("times"))
                    .col(big_integer("passed_at"))
                    .primary_key(Index::create().col("audiobook_id").col("step").col("provider"))
                    .foreign_key(&mut reference("step_passes", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await
    }
}
