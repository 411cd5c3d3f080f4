//! The schema of the shop, one file a step. The same steps run on SQLite, PostgreSQL and MariaDB.

mod m0001_accounts;
mod m0002_catalogue;
mod m0003_files;
mod m0004_production;
mod m0005_ordering;
mod m0006_listening;
mod m0007_account_tokens;
mod m0008_audit;
mod m0009_api_tokens;
mod m0010_limits;
mod m0011_permissions;
mod m0012_identities;
mod m0013_second_step;
mod m0014_profile;
mod m0015_jobs;
mod m0016_recordings;
mod m0017_review;
mod m0019_redirects;
mod m0020_setup_codes;
mod m0021_search;
mod m0022_pictures;
mod m0023_keeping_titles;
mod m0024_settings;
mod m0026_money_after_the_sale;
mod m0027_reviews;
mod m0028_prices;
mod m0029_wishlist;
mod m0030_payments_elsewhere;
mod m0031_figures;
mod m0032_withdrawal;
mod m0033_gifts;
mod m0034_bundles;
mod m0035_tax;
mod m0036_rates;
mod m0037_invoices;
mod m0039_customers;
mod m0041_kept_answers;
mod m0042_bookmarks;
mod m0044_machine_tokens;
mod m0045_webhooks;
mod m0046_fulfilled;
mod m0048_machines_in_the_trail;
mod m0049_days_and_lookups;
mod m0050_money_taken_back;
mod m0051_flags;
mod m0052_shelf_changes;
mod m0053_traces;
mod m0054_providers;
mod m0055_editor;
mod m0056_spoken;
mod m0057_parts;
mod m0058_first_to_tell;
mod tables;

pub use sea_orm_migration::{MigratorTrait, sea_orm};

use sea_orm::{DatabaseConnection, DbBackend, DbErr, TransactionTrait};
use sea_orm_migration::prelude::*;

/// Brings a database up to date. On SQLite all steps are one transaction: none is left half done, and one connection does
/// them all (another might still take an index for there that was dropped with its table).
///
/// # Errors
/// When the database refuses a step, which is named.
pub async fn up(connection: &DatabaseConnection) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Migrator::up(connection, None).await;
    }
    let tx = connection.begin().await?;
    Migrator::up(&tx, None).await?;
    tx.commit().await
}

/// Undoes every step: nothing is left.
///
/// # Errors
/// When the database refuses a step, which is named.
pub async fn down(connection: &DatabaseConnection) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Migrator::down(connection, None).await;
    }
    let tx = connection.begin().await?;
    Migrator::down(&tx, None).await?;
    tx.commit().await
}

/// Undoes the step of this name and all after it, so that a test can see what it does to rows.
///
/// # Errors
/// When there is no such step, or the database refuses one.
pub async fn down_before(connection: &DatabaseConnection, name: &str) -> Result<(), DbErr> {
    let steps = Migrator::migrations();
    let first = steps.iter().position(|step| step.name() == name);
    let first = first.ok_or_else(|| DbErr::Custom(format!("there is no step {name}")))?;
    let count: Option<u32> = (steps.len() - first).try_into().ok();
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Migrator::down(connection, count).await;
    }
    let tx = connection.begin().await?;
    Migrator::down(&tx, count).await?;
    tx.commit().await
}

/// The names of the steps that a database has not seen yet, in order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let steps = Migrator::get_pending_migrations(connection).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
}

/// The names of the steps that a database has seen, in order. Nothing is written.
///
/// # Errors
/// When the database cannot be asked, or has seen a step that this program does not know: a newer one made it.
pub async fn done(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let steps = Migrator::get_applied_migrations_read_only(connection).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
}

/// As [`pending`], but nothing is written.
///
/// # Errors
/// As [`done`].
pub async fn missing(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let steps = Migrator::get_pending_migrations_read_only(connection).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
}

/// Whether this program knows a step of this name.
pub fn knows(name: &str) -> bool {
    Migrator::migrations().iter().any(|step| step.name() == name)
}

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
            Box::new(m0007_account_tokens::Migration),
            Box::new(m0008_audit::Migration),
            Box::new(m0009_api_tokens::Migration),
            Box::new(m0010_limits::Migration),
            Box::new(m0011_permissions::Migration),
            Box::new(m0012_identities::Migration),
            Box::new(m0013_second_step::Migration),
            Box::new(m0014_profile::Migration),
            Box::new(m0015_jobs::Migration),
            Box::new(m0016_recordings::Migration),
            Box::new(m0017_review::Migration),
            Box::new(m0019_redirects::Migration),
            Box::new(m0020_setup_codes::Migration),
            Box::new(m0021_search::Migration),
            Box::new(m0022_pictures::Migration),
            Box::new(m0023_keeping_titles::Migration),
            Box::new(m0024_settings::Migration),
            Box::new(m0026_money_after_the_sale::Migration),
            Box::new(m0027_reviews::Migration),
            Box::new(m0028_prices::Migration),
            Box::new(m0029_wishlist::Migration),
            Box::new(m0030_payments_elsewhere::Migration),
            Box::new(m0031_figures::Migration),
            Box::new(m0032_withdrawal::Migration),
            Box::new(m0033_gifts::Migration),
            Box::new(m0034_bundles::Migration),
            Box::new(m0035_tax::Migration),
            Box::new(m0036_rates::Migration),
            Box::new(m0037_invoices::Migration),
            Box::new(m0039_customers::Migration),
            Box::new(m0041_kept_answers::Migration),
            Box::new(m0042_bookmarks::Migration),
            Box::new(m0044_machine_tokens::Migration),
            Box::new(m0045_webhooks::Migration),
            Box::new(m0046_fulfilled::Migration),
            Box::new(m0048_machines_in_the_trail::Migration),
            Box::new(m0049_days_and_lookups::Migration),
            Box::new(m0050_money_taken_back::Migration),
            Box::new(m0051_flags::Migration),
            Box::new(m0052_shelf_changes::Migration),
            Box::new(m0053_traces::Migration),
            Box::new(m0054_providers::Migration),
            Box::new(m0055_editor::Migration),
            Box::new(m0056_spoken::Migration),
            Box::new(m0057_parts::Migration),
            Box::new(m0058_first_to_tell::Migration),
        ]
    }
}
