//! What a recording says of itself: the tags that were found in a file.

use crate::tables::long_text;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tags = long_text(manager, "tags").null().to_owned();
        manager.alter_table(Table::alter().table("files").add_column(tags).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("files").drop_column("tags").to_owned()).await
    }
}
