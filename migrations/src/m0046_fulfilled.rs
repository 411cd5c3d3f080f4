//! Orders whose titles are where they belong are told from those that are only paid: a gift that nobody has accepted yet.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delivered = "UPDATE orders SET status = 'fulfilled' WHERE status = 'paid' \
                         AND id NOT IN (SELECT order_id FROM gifts WHERE redeemed_at IS NULL)";
        manager.get_connection().execute_unprepared(delivered).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in [
            "UPDATE orders SET status = 'paid' WHERE status = 'fulfilled'",
            "DELETE FROM order_events WHERE kind = 'fulfilled'",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
