//! What a search that forgives needs: the vocabulary, the words of names, indexes by weight and by what narrows a list; and
//! addresses in NFC.

use crate::tables::{drop_tables, index, ordered_text, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::ConnectionTrait;
use sea_orm_migration::sea_orm::prelude::Uuid;
use unicode_normalization::{UnicodeNormalization, is_nfc};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A list narrowed by anything is read from this index alone.
const FACETS: &[&str] = &[
    "status",
    "language",
    "duration_ms",
    "currency",
    "price_minor",
    "sale_price_minor",
    "sale_starts_at",
    "sale_ends_at",
    "id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "vocabulary")
                    .col(ordered_text(manager, "term", 64))
                    .primary_key(Index::create().col("term"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table(manager, "name_terms")
                    .col(uuid("target_id"))
                    .col(ordered_text(manager, "term", 64))
                    .col(string_len("kind", 16))
                    .primary_key(Index::create().col("target_id").col("term"))
                    .to_owned(),
            )
            .await?;
        index(manager, "name_terms", &["term", "target_id", "kind"]).await?;
        index(manager, "series", &["name"]).await?;
        index(manager, "audiobook_terms", &["term", "weight", "audiobook_id"]).await?;
        drop_index(manager, "audiobook_terms", "ix_audiobook_terms_term_audiobook_id_weight").await?;
        named_index(manager, "ix_audiobooks_facets", FACETS).await?;
        index(manager, "audiobooks", &["status", "sale_price_minor", "id"]).await?;
        for (name, id) in [("people", "id"), ("series", "id"), ("categories", "id"), ("audiobooks", "id")] {
            compose(manager, name, id).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "audiobooks", "ix_audiobooks_status_sale_price_minor_id").await?;
        drop_index(manager, "audiobooks", "ix_audiobooks_facets").await?;
        index(manager, "audiobook_terms", &["term", "audiobook_id", "weight"]).await?;
        drop_index(manager, "audiobook_terms", "ix_audiobook_terms_term_weight_audiobook_id").await?;
        drop_index(manager, "series", "ix_series_name").await?;
        drop_tables(manager, &["name_terms", "vocabulary"]).await
    }
}

async fn drop_index(manager: &SchemaManager<'_>, table: &'static str, name: &'static str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table(Alias::new(table)).to_owned()).await
}

async fn named_index(manager: &SchemaManager<'_>, name: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut statement = Index::create();
    statement.name(name).table(Alias::new("audiobooks"));
    for column in columns {
        statement.col(Alias::new(*column));
    }
    manager.create_index(statement).await
}

/// Brings the addresses of a table into NFC: those of Korean names were stored in single letters. Nothing that was found by
/// one is lost: a request in either form is led to the one in NFC.
async fn compose(manager: &SchemaManager<'_>, table: &'static str, id: &'static str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let slug = Alias::new("slug");
    let all = Query::select().column(Alias::new(id)).column(slug.clone()).from(Alias::new(table)).to_owned();
    // Slugs alone, a hundred bytes each, and only those that are not plain ASCII differ.
    for row in connection.query_all(&all).await? {
        let (key, old): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if !is_nfc(&old) {
            let change = Query::update()
                .table(Alias::new(table))
                .value(slug.clone(), old.nfc().collect::<String>())
                .and_where(Expr::col(Alias::new(id)).eq(key))
                .to_owned();
            connection.execute(&change).await?;
        }
    }
    Ok(())
}
