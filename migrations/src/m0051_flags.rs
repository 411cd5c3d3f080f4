//! What is switched on in the shop, and for whom. What nobody has switched stands as the shop brings it.

use crate::tables::{drop_tables, ordered_text, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut flags = table(manager, "feature_flags");
        flags
            .col(ordered_text(manager, "name", 40))
            .col(string_len("rule", 16))
            .col(integer_null("percent"))
            .col(big_integer("changed_at"))
            .primary_key(Index::create().col("name"));
        manager.create_table(flags).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["feature_flags"]).await
    }
}
