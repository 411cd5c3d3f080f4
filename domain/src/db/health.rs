//! What a database says of itself.

use super::Db;
use crate::{Result, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

impl Db {
    /// Its version, as it says it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn version(&self) -> Result<String> {
        let (name, ask) = match self.backend() {
            DbBackend::Sqlite => ("SQLite", "SELECT sqlite_version()"),
            DbBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version')"),
            _ => ("MySQL or MariaDB", "SELECT VERSION()"),
        };
        let row = self.connection.query_one_raw(Statement::from_string(self.backend(), ask)).await?;
        let version: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(format!("{name} {}", version.unwrap_or_default()))
    }

    /// What its clock shows; `None` where that is the clock of this machine.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn its_time(&self) -> Result<Option<Timestamp>> {
        let ask = match self.backend() {
            DbBackend::Sqlite => return Ok(None),
            DbBackend::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
            _ => "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
        };
        let row = self.connection.query_one_raw(Statement::from_string(self.backend(), ask)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.map(Timestamp))
    }

    /// Tries whether it takes writes: one that changes no row is refused by a database that may only be read.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_writing(&self) -> Result<()> {
        self.transaction(async |tx| {
            tx.execute_unprepared("UPDATE seaql_migrations SET version = version WHERE 1 = 0").await?;
            Ok(())
        })
        .await
    }
}
