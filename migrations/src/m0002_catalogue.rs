//! What the shop sells: titles, the people behind them, series, categories and the words they are found by.

use crate::tables::{drop_tables, index, ordered_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "people")
                    .col(pk_uuid("id"))
                    .col(string_len("slug", 160))
                    .col(string_len("name", 200))
                    .col(text("bio"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "people", &["slug"]).await?;
        index(manager, "people", &["name"]).await?;

        manager
            .create_table(
                table(manager, "series")
                    .col(pk_uuid("id"))
                    .col(string_len("slug", 160))
                    .col(string_len("name", 200))
                    .col(text("description"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "series", &["slug"]).await?;

        manager
            .create_table(
                table(manager, "categories")
                    .col(pk_uuid("id"))
                    .col(string_len("slug", 80))
                    .col(string_len("name", 80))
                    .col(text("description"))
                    .col(text("keywords"))
                    .col(integer("position"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "categories", &["slug"]).await?;

        manager
            .create_table(
                table(manager, "audiobooks")
                    .col(pk_uuid("id"))
                    .col(string_len("slug", 160))
                    .col(string_len("status", 16))
                    .col(string_len("title", 300))
                    .col(ordered_text(manager, "sort_title", 300))
                    .col(string_len_null("subtitle", 300))
                    .col(text("description"))
                    .col(string_len("language", 16))
                    .col(boolean("priced"))
                    .col(big_integer("price_minor"))
                    .col(string_len("currency", 3))
                    .col(big_integer_null("sale_price_minor"))
                    .col(big_integer_null("sale_starts_at"))
                    .col(big_integer_null("sale_ends_at"))
                    .col(integer_null("licences_total"))
                    .col(integer("licences_sold"))
                    .col(uuid_null("series_id"))
                    .col(integer_null("series_position"))
                    .col(big_integer("duration_ms"))
                    .col(big_integer_null("published_at"))
                    .col(boolean("featured"))
                    .col(string_len("text_rights", 16))
                    .col(big_integer("sample_start_ms"))
                    .col(big_integer("sample_end_ms"))
                    .col(string_len_null("sample_key", 200))
                    .col(string_len_null("cover_key", 200))
                    .col(big_integer("sold_count"))
                    .col(integer("version"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference("audiobooks", "series_id", "series", ForeignKeyAction::SetNull))
                    .to_owned(),
            )
            .await?;
        unique(manager, "audiobooks", &["slug"]).await?;
        index(manager, "audiobooks", &["status", "published_at", "id"]).await?;
        index(manager, "audiobooks", &["status", "sold_count", "id"]).await?;
        index(manager, "audiobooks", &["status", "price_minor", "id"]).await?;
        index(manager, "audiobooks", &["status", "sort_title", "id"]).await?;
        index(manager, "audiobooks", &["status", "duration_ms", "id"]).await?;
        index(manager, "audiobooks", &["status", "featured", "published_at"]).await?;
        index(manager, "audiobooks", &["series_id", "series_position"]).await?;
        index(manager, "audiobooks", &["created_at"]).await?;

        manager
            .create_table(
                table(manager, "audiobook_people")
                    .col(uuid("audiobook_id"))
                    .col(uuid("person_id"))
                    .col(string_len("role", 16))
                    .col(integer("position"))
                    .primary_key(Index::create().col("audiobook_id").col("person_id").col("role"))
                    .foreign_key(&mut reference(
                        "audiobook_people",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference("audiobook_people", "person_id", "people", ForeignKeyAction::Restrict))
                    .to_owned(),
            )
            .await?;
        index(manager, "audiobook_people", &["person_id", "role"]).await?;

        manager
            .create_table(
                table(manager, "audiobook_categories")
                    .col(uuid("audiobook_id"))
                    .col(uuid("category_id"))
                    .col(integer("position"))
                    .primary_key(Index::create().col("audiobook_id").col("category_id"))
                    .foreign_key(&mut reference(
                        "audiobook_categories",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "audiobook_categories",
                        "category_id",
                        "categories",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "audiobook_categories", &["category_id", "audiobook_id"]).await?;

        manager
            .create_table(
                table(manager, "audiobook_terms")
                    .col(uuid("audiobook_id"))
                    .col(ordered_text(manager, "term", 64))
                    .col(integer("weight"))
                    .primary_key(Index::create().col("audiobook_id").col("term"))
                    .foreign_key(&mut reference(
                        "audiobook_terms",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "audiobook_terms", &["term", "audiobook_id", "weight"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "audiobook_terms",
                "audiobook_categories",
                "audiobook_people",
                "audiobooks",
                "categories",
                "series",
                "people",
            ],
        )
        .await
    }
}
