//! Who hears and who writes: their order, their keys, how they fare and what they cost; why one was passed over; and the
//! models that every worker is to have.

use crate::tables::{drop_tables, ordered_text, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "providers")
                    .col(pk_uuid("id"))
                    .col(string_len("purpose", 16))
                    .col(string_len("kind", 16))
                    .col(string_len("name", 60))
                    .col(integer("position"))
                    .col(boolean("switched_on"))
                    .col(string_len_null("address", 500))
                    .col(string_len("model", 200))
                    .col(string_len_null("sealed_key", 2000))
                    .col(integer("time_limit_s"))
                    .col(integer("tries"))
                    .col(integer("context_tokens"))
                    .col(string_len("currency", 3))
                    .col(big_integer("price_in"))
                    .col(big_integer("price_out"))
                    .col(big_integer_null("budget"))
                    .col(integer("failures"))
                    .col(big_integer_null("open_until"))
                    .col(big_integer_null("asked_until"))
                    .col(string_len_null("failure", 500))
                    .col(big_integer_null("failed_at"))
                    .col(big_integer_null("worked_at"))
                    .col(integer("version"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table(manager, "provider_months")
                    .col(uuid("provider_id"))
                    .col(integer("month"))
                    .col(integer("calls"))
                    .col(big_integer("spent"))
                    .primary_key(Index::create().col("provider_id").col("month"))
                    .foreign_key(&mut reference(
                        "provider_months",
                        "provider_id",
                        "providers",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
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
            .await?;
        let mut fetches = table(manager, "model_fetches");
        fetches
            .col(ordered_text(manager, "name", 60))
            .col(big_integer("asked_at"))
            .primary_key(Index::create().col("name"));
        manager.create_table(fetches).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["model_fetches", "step_passes", "provider_months", "providers"]).await
    }
}
