//! Places in books that their listeners marked.

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
                table(manager, "bookmarks")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(uuid("audiobook_id"))
                    .col(big_integer("position_ms"))
                    .col(string_len("note", 1000))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference("bookmarks", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("bookmarks", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "bookmarks", &["user_id", "audiobook_id", "position_ms"]).await?;
        index(manager, "bookmarks", &["audiobook_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["bookmarks"]).await
    }
}
