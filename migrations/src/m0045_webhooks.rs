//! Addresses that are told what happens in the shop, and what was sent to them.

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
                table(manager, "webhooks")
                    .col(pk_uuid("id"))
                    .col(string_len("address", 500))
                    .col(string_len("events", 255))
                    .col(string_len("secret", 512))
                    .col(string_len_null("old_secret", 512))
                    .col(big_integer_null("old_secret_until"))
                    .col(big_integer_null("failing_since"))
                    .col(big_integer_null("off_at"))
                    .col(string_len_null("off_why", 16))
                    .col(integer("version"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;

        let body = long_text(manager, "body").not_null().to_owned();
        manager
            .create_table(
                table(manager, "webhook_deliveries")
                    .col(pk_uuid("id"))
                    .col(uuid("webhook_id"))
                    .col(string_len("event", 40))
                    .col(body)
                    .col(string_len("status", 16))
                    .col(integer("tries"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("tried_at"))
                    .col(big_integer_null("next_at"))
                    .col(integer_null("answer_status"))
                    .col(string_len_null("answer", 1000))
                    .col(integer_null("took_ms"))
                    .foreign_key(&mut reference(
                        "webhook_deliveries",
                        "webhook_id",
                        "webhooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "webhook_deliveries", &["webhook_id", "created_at", "id"]).await?;
        index(manager, "webhook_deliveries", &["created_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["webhook_deliveries", "webhooks"]).await
    }
}
