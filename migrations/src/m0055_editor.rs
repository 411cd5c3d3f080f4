//! Text that people put right by hand: told apart from what was heard, counted, and undone in order.

use crate::tables::{drop_tables, index, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            integer("version").default(0).to_owned(),
            boolean("by_hand").default(false).to_owned(),
            boolean("apart").default(false).to_owned(),
            string_len_null("speaker", 100).to_owned(),
        ];
        // One at a time: SQLite adds one column a statement.
        for column in columns {
            manager.alter_table(Table::alter().table("segments").add_column(column).to_owned()).await?;
        }
        // Somebody has decided about these already.
        manager
            .get_connection()
            .execute_unprepared("UPDATE segments SET by_hand = TRUE WHERE standing IN ('corrected', 'dropped')")
            .await?;
        index(manager, "segments", &["audiobook_id", "by_hand", "start_ms"]).await?;
        let mut edits = table(manager, "text_edits");
        edits
            .col(pk_uuid("id"))
            .col(uuid("audiobook_id"))
            .col(integer("number"))
            .col(string_len("kind", 16))
            .col(big_integer("at_ms"))
            .col(string_len("before", 300))
            .col(string_len("after", 300))
            .col(integer("places"))
            .col(long_text(manager, "changes").not_null().to_owned())
            .col(uuid_null("user_id"))
            .col(big_integer("created_at"))
            .col(big_integer_null("undone_at"))
            .foreign_key(&mut reference("text_edits", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
            .foreign_key(&mut reference("text_edits", "user_id", "users", ForeignKeyAction::SetNull));
        manager.create_table(edits).await?;
        unique(manager, "text_edits", &["audiobook_id", "number"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["text_edits"]).await?;
        let name = "ix_segments_audiobook_id_by_hand_start_ms";
        manager.drop_index(Index::drop().name(name).table("segments").to_owned()).await?;
        for column in ["speaker", "apart", "by_hand", "version"] {
            manager.alter_table(Table::alter().table("segments").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
