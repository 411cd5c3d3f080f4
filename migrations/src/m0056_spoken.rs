//! What was said in titles, to be found by its words: a number for each title, and the words of some minutes of it in the
//! database's own full-text index. The rows are written by a job; until it has been at a title, that is not found.
//!
//! The words come as short names of their stems (`domain/src/spoken/terms.rs`), so that the index reads nothing into them,
//! whatever the database thinks a word is.

use crate::tables::{drop_tables, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Text of its own is not kept, and where in it a word stands neither: only which rows have it.
const SQLITE: &[&str] =
    &["CREATE VIRTUAL TABLE spoken USING fts5(terms, content='', contentless_delete=1, detail=none, \
                           tokenize='ascii')"];

const POSTGRES: &[&str] = &[
    "CREATE TABLE spoken (rowid BIGINT NOT NULL PRIMARY KEY, terms TSVECTOR NOT NULL)",
    "CREATE INDEX ix_spoken_terms ON spoken USING GIN (terms)",
];

const MARIADB: &[&str] = &["CREATE TABLE spoken (rowid BIGINT NOT NULL PRIMARY KEY, \
                            terms MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL, \
                            FULLTEXT INDEX ix_spoken_terms (terms)) ENGINE=InnoDB"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "spoken_books")
                    .col(pk_auto("number"))
                    .col(uuid("audiobook_id"))
                    .col(string_len("language", 16))
                    .col(integer("made"))
                    .foreign_key(&mut reference(
                        "spoken_books",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        unique(manager, "spoken_books", &["audiobook_id"]).await?;
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            DbBackend::MySql => MARIADB,
            _ => SQLITE,
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["spoken", "spoken_books"]).await
    }
}
