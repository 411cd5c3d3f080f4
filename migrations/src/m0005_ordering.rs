//! Carts, orders, payments and what a buyer may listen to.

use crate::tables::{drop_tables, index, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "carts")
                    .col(pk_uuid("id"))
                    .col(uuid_null("user_id"))
                    .col(string_len_null("token_hash", 64))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference("carts", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "carts", &["user_id"]).await?;
        unique(manager, "carts", &["token_hash"]).await?;
        index(manager, "carts", &["updated_at"]).await?;

        manager
            .create_table(
                table(manager, "cart_items")
                    .col(uuid("cart_id"))
                    .col(uuid("audiobook_id"))
                    .col(big_integer("added_at"))
                    .primary_key(Index::create().col("cart_id").col("audiobook_id"))
                    .foreign_key(&mut reference("cart_items", "cart_id", "carts", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("cart_items", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "cart_items", &["audiobook_id"]).await?;

        manager
            .create_table(
                table(manager, "orders")
                    .col(pk_uuid("id"))
                    .col(string_len("number", 20))
                    .col(uuid("user_id"))
                    .col(string_len("status", 16))
                    .col(big_integer("total_minor"))
                    .col(string_len("currency", 3))
                    .col(string_len("idempotency_key", 80))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("paid_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference("orders", "user_id", "users", ForeignKeyAction::Restrict))
                    .to_owned(),
            )
            .await?;
        unique(manager, "orders", &["number"]).await?;
        unique(manager, "orders", &["user_id", "idempotency_key"]).await?;
        index(manager, "orders", &["user_id", "created_at"]).await?;
        index(manager, "orders", &["status", "created_at"]).await?;
        // Holds all that revenue is summed from.
        index(manager, "orders", &["status", "currency", "total_minor"]).await?;

        manager
            .create_table(
                table(manager, "order_lines")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(uuid("audiobook_id"))
                    .col(integer("position"))
                    .col(string_len("title", 300))
                    .col(big_integer("list_price_minor"))
                    .col(big_integer("price_minor"))
                    .col(string_len("currency", 3))
                    .foreign_key(&mut reference("order_lines", "order_id", "orders", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference(
                        "order_lines",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        unique(manager, "order_lines", &["order_id", "audiobook_id"]).await?;
        index(manager, "order_lines", &["audiobook_id"]).await?;

        manager
            .create_table(
                table(manager, "payments")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(string_len("provider", 32))
                    .col(string_len("reference", 120))
                    .col(string_len("status", 16))
                    .col(big_integer("amount_minor"))
                    .col(string_len("currency", 3))
                    .col(string_len_null("card_last4", 4))
                    .col(text_null("failure"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut reference("payments", "order_id", "orders", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "payments", &["reference"]).await?;
        index(manager, "payments", &["order_id", "created_at"]).await?;

        manager
            .create_table(
                table(manager, "entitlements")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(uuid("audiobook_id"))
                    .col(uuid_null("order_id"))
                    .col(big_integer("granted_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(&mut reference("entitlements", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference(
                        "entitlements",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Restrict,
                    ))
                    .foreign_key(&mut reference("entitlements", "order_id", "orders", ForeignKeyAction::SetNull))
                    .to_owned(),
            )
            .await?;
        unique(manager, "entitlements", &["user_id", "audiobook_id"]).await?;
        index(manager, "entitlements", &["user_id", "granted_at"]).await?;
        index(manager, "entitlements", &["audiobook_id"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["entitlements", "payments", "order_lines", "orders", "cart_items", "carts"]).await
    }
}
