//! How many connections there are to the database, and how many of them are at work.

use super::Db;
use sea_orm::DbBackend;

/// The connections of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    pub open: u32,
    pub idle: usize,
}

impl Db {
    pub fn pool(&self) -> Pool {
        match self.backend() {
            DbBackend::Sqlite => {
                let pool = self.connection.get_sqlite_connection_pool();
                Pool { open: pool.size(), idle: pool.num_idle() }
            }
            DbBackend::Postgres => {
                let pool = self.connection.get_postgres_connection_pool();
                Pool { open: pool.size(), idle: pool.num_idle() }
            }
            DbBackend::MySql => {
                let pool = self.connection.get_mysql_connection_pool();
                Pool { open: pool.size(), idle: pool.num_idle() }
            }
            _ => Pool::default(),
        }
    }
}
