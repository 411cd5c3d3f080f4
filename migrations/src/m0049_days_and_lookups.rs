//! The days on which people heard; indexes that hold all that titles which were looked at, and searches, are summed from; and
//! those by which orders are found by what they came to and through whom they were paid.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const SUMMED: &str = "ix_title_interest_summed";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "listening_days")
                    .col(uuid("user_id"))
                    .col(integer("day"))
                    .col(big_integer("heard_ms"))
                    .primary_key(Index::create().col("user_id").col("day"))
                    .foreign_key(&mut reference("listening_days", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        let mut summed = Index::create();
        summed.name(SUMMED).table("title_interest");
        for column in ["span", "since", "audiobook_id", "views", "samples", "carts", "finished"] {
            summed.col(column);
        }
        manager.create_index(summed).await?;
        index(manager, "day_searches", &["text", "day", "asked", "empty"]).await?;
        index(manager, "orders", &["total_minor"]).await?;
        index(manager, "payments", &["provider", "order_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in [
            ("ix_payments_provider_order_id", "payments"),
            ("ix_orders_total_minor", "orders"),
            ("ix_day_searches_text_day_asked_empty", "day_searches"),
            (SUMMED, "title_interest"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        drop_tables(manager, &["listening_days"]).await
    }
}
