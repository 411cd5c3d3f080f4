//! Answers to purchases of programs, kept for a day under the keys that name the requests.

use crate::tables::{drop_tables, index, long_text, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "kept_answers")
                    .col(uuid("user_id"))
                    .col(string_len("key_digest", 64))
                    .col(string_len("request_digest", 64))
                    .col(uuid("purchase"))
                    .col(integer_null("status"))
                    .col(long_text(manager, "body").null().to_owned())
                    .col(big_integer("asked_at"))
                    .col(big_integer("begun_at"))
                    .primary_key(Index::create().col("user_id").col("key_digest"))
                    .foreign_key(&mut reference("kept_answers", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "kept_answers", &["asked_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["kept_answers"]).await
    }
}
