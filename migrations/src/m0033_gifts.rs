//! Titles that somebody buys for somebody else.

use crate::tables::{drop_tables, index, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let message = long_text(manager, "message");
        manager
            .create_table(
                table(manager, "gifts")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(uuid("audiobook_id"))
                    .col(string_len_null("recipient", 254))
                    .col(string_len_null("recipient_name", 120))
                    .col(string_len_null("sender_name", 120))
                    .col(message)
                    .col(integer("send_on"))
                    .col(string_len("code_digest", 64))
                    .col(string_len("code_sealed", 512))
                    .col(integer("mailing"))
                    .col(big_integer_null("sent_at"))
                    .col(uuid_null("redeemed_by"))
                    .col(big_integer_null("redeemed_at"))
                    .col(boolean("forget"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut reference("gifts", "order_id", "orders", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("gifts", "audiobook_id", "audiobooks", ForeignKeyAction::Restrict))
                    .foreign_key(&mut reference("gifts", "redeemed_by", "users", ForeignKeyAction::SetNull))
                    .to_owned(),
            )
            .await?;
        unique(manager, "gifts", &["order_id"]).await?;
        unique(manager, "gifts", &["code_digest"]).await?;
        index(manager, "gifts", &["redeemed_by"]).await?;
        index(manager, "gifts", &["audiobook_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DELETE FROM order_events WHERE kind LIKE 'gift-%'").await?;
        drop_tables(manager, &["gifts"]).await
    }
}
