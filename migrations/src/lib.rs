//! The schema of the shop, one file a step. The same steps run on SQLite, PostgreSQL and MariaDB.

mod m0001_accounts;
mod m0002_catalogue;
mod m0003_files;
mod m0004_production;
mod m0005_ordering;
mod m0006_listening;
mod tables;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Runs every step that a database has not seen yet.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_catalogue::Migration),
            Box::new(m0003_files::Migration),
            Box::new(m0004_production::Migration),
            Box::new(m0005_ordering::Migration),
            Box::new(m0006_listening::Migration),
        ]
    }
}
