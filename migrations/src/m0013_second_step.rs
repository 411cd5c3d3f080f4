//! A second step at log-in: what the codes of an app are made from, and recovery codes.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("second_step_at").to_owned();
        manager.alter_table(Table::alter().table("users").add_column(column).to_owned()).await?;
        manager
            .create_table(
                table(manager, "second_steps")
                    .col(uuid("user_id"))
                    .col(string_len("secret", 255))
                    .col(string_len_null("codes", 255))
                    .col(big_integer("used_step"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("user_id"))
                    .foreign_key(&mut reference("second_steps", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table(manager, "recovery_codes")
                    .col(string_len("digest", 64))
                    .col(uuid("user_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("used_at"))
                    .primary_key(Index::create().col("digest"))
                    .foreign_key(&mut reference("recovery_codes", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "recovery_codes", &["user_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["recovery_codes", "second_steps"]).await?;
        manager.alter_table(Table::alter().table("users").drop_column("second_step_at").to_owned()).await
    }
}
