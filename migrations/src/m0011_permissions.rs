//! What each admin may do. Those who are admins already may do everything, as before.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string_len("permissions", 120).default("").to_owned();
        manager.alter_table(Table::alter().table("users").add_column(column).to_owned()).await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE users SET permissions = 'catalogue,production,orders,people,settings' WHERE role = 'admin'",
        )
        .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Ordered by code point, as elsewhere, so that an index finds what begins alike.
            db.execute_unprepared("ALTER TABLE users ALTER COLUMN email TYPE varchar(254) COLLATE \"C\"").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let sql = "ALTER TABLE users ALTER COLUMN email TYPE varchar(254) COLLATE \"default\"";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        manager.alter_table(Table::alter().table("users").drop_column("permissions").to_owned()).await
    }
}
