//! What buyers think of titles. What pages show of it in numbers is kept on the title.

use crate::tables::{drop_tables, index, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const NUMBERS: [&str; 10] = [
    "rating_count",
    "rating_mean",
    "rating_rank",
    "story_sum",
    "performance_sum",
    "stars_one",
    "stars_two",
    "stars_three",
    "stars_four",
    "stars_five",
];

const INDEXES: [&[&str]; 2] = [&["status", "rating_rank", "id"], &["status", "rating_mean"]];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        for column in NUMBERS {
            let column = integer(column).default(0).to_owned();
            manager.alter_table(Table::alter().table("audiobooks").add_column(column).to_owned()).await?;
        }
        for columns in INDEXES {
            index(manager, "audiobooks", columns).await?;
        }
        manager
            .create_table(
                table(manager, "reviews")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(uuid("user_id"))
                    .col(integer("story"))
                    .col(integer("performance"))
                    .col(long_text(manager, "text").not_null().to_owned())
                    .col(boolean("hidden").default(false).to_owned())
                    .col(text_null("hidden_reason"))
                    .col(integer("open_reports").default(0).to_owned())
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference("reviews", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("reviews", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "reviews", &["user_id", "audiobook_id"]).await?;
        index(manager, "reviews", &["audiobook_id", "hidden", "id"]).await?;
        index(manager, "reviews", &["open_reports", "id"]).await?;
        manager
            .create_table(
                table(manager, "review_reports")
                    .col(uuid("user_id"))
                    .col(uuid("review_id"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("user_id").col("review_id"))
                    .foreign_key(&mut reference("review_reports", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("review_reports", "review_id", "reviews", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "review_reports", &["review_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["review_reports", "reviews"]).await?;
        for columns in INDEXES.iter().rev() {
            let name = format!("ix_audiobooks_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("audiobooks").to_owned()).await?;
        }
        for column in NUMBERS.iter().rev() {
            manager.alter_table(Table::alter().table("audiobooks").drop_column(*column).to_owned()).await?;
        }
        Ok(())
    }
}
