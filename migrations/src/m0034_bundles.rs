//! Several titles at one price, and what that took off the lines of an order.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut bundles = table(manager, "bundles");
        bundles
            .col(pk_uuid("id"))
            .col(string_len("name", 100))
            .col(big_integer("price_minor"))
            .col(string_len("currency", 3))
            .col(integer("titles"))
            .col(big_integer("starts_at"))
            .col(big_integer_null("ends_at"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"));
        manager.create_table(bundles).await?;
        manager
            .create_table(
                table(manager, "bundle_titles")
                    .col(uuid("bundle_id"))
                    .col(uuid("audiobook_id"))
                    .primary_key(Index::create().col("bundle_id").col("audiobook_id"))
                    .foreign_key(&mut reference("bundle_titles", "bundle_id", "bundles", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference(
                        "bundle_titles",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "bundle_titles", &["audiobook_id"]).await?;
        // One column at a time: SQLite takes no more.
        let off = big_integer("bundle_minor").default(0).to_owned();
        manager.alter_table(Table::alter().table("order_lines").add_column(off).to_owned()).await?;
        let name = string_len_null("bundle_name", 100);
        manager.alter_table(Table::alter().table("order_lines").add_column(name).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["bundle_name", "bundle_minor"] {
            manager.alter_table(Table::alter().table("order_lines").drop_column(column).to_owned()).await?;
        }
        drop_tables(manager, &["bundle_titles", "bundles"]).await
    }
}
