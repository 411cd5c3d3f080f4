//! Addresses that were confirmed, and the links that mails carry.

use crate::tables::{drop_tables, index, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        for column in [big_integer_null("email_verified_at"), string_len_null("pending_email", 254)] {
            manager.alter_table(Table::alter().table("users").add_column(column).to_owned()).await?;
        }

        manager
            .create_table(
                table(manager, "account_tokens")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(string_len("purpose", 16))
                    .col(string_len("email", 254))
                    .col(string_len("digest", 64))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(&mut reference("account_tokens", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "account_tokens", &["digest"]).await?;
        index(manager, "account_tokens", &["user_id"]).await?;
        index(manager, "account_tokens", &["expires_at"]).await?;
        // Jobs of mails are forgotten some time after they ended.
        index(manager, "jobs", &["kind", "status", "finished_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ended = Index::drop().name("ix_jobs_kind_status_finished_at").table("jobs").to_owned();
        manager.drop_index(ended).await?;
        drop_tables(manager, &["account_tokens"]).await?;
        for column in ["pending_email", "email_verified_at"] {
            manager.alter_table(Table::alter().table("users").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
