//! A copy of a database of SQLite, taken while the shop is open.

use super::Db;
use crate::{Error, Result, SystemClock};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};
use std::path::Path;
use std::sync::Arc;

impl Db {
    /// Writes the database as it is at one moment to a new file. Others go on reading and writing meanwhile.
    ///
    /// # Errors
    /// When there is a file of that name, the disk is full, or the database is not one of SQLite.
    pub async fn snapshot_into(&self, file: &Path) -> Result<()> {
        if self.backend() != DbBackend::Sqlite {
            return Err(Error::Damaged("only a database of SQLite can be copied into a file".to_owned()));
        }
        let name = file.to_str().ok_or_else(|| Error::Damaged(format!("{} is no name in UTF-8", file.display())))?;
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
        self.connection.execute_raw(copy).await?;
        Ok(())
    }

    /// Opens such a copy to read it. Nobody may write to it meanwhile, and nothing is put beside it.
    ///
    /// # Errors
    /// When it is no database.
    pub async fn open_snapshot(file: &Path) -> Result<Self> {
        let mut options = ConnectOptions::new("sqlite://snapshot");
        options.max_connections(1).sqlx_logging(false);
        let file = file.to_owned();
        options.map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file).read_only(true).immutable(true));
        Ok(Self::new(Database::connect(options).await?, Arc::new(SystemClock)))
    }
}
