//! Text that is not believed waits for an admin: how each piece stands, and what was heard where it was corrected.

use crate::tables::{index, long_text};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string_len("standing", 16).default("heard").to_owned(),
            long_text(manager, "heard_text").null().to_owned(),
        ];
        // One at a time: SQLite adds one column a statement.
        for column in columns {
            manager.alter_table(Table::alter().table("segments").add_column(column).to_owned()).await?;
        }
        // What was marked before nobody has looked at.
        manager
            .get_connection()
            .execute_unprepared("UPDATE segments SET standing = 'doubtful' WHERE flag IS NOT NULL")
            .await?;
        index(manager, "segments", &["audiobook_id", "standing", "start_ms"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = "ix_segments_audiobook_id_standing_start_ms";
        manager.drop_index(Index::drop().name(name).table("segments").to_owned()).await?;
        for column in ["heard_text", "standing"] {
            manager.alter_table(Table::alter().table("segments").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
