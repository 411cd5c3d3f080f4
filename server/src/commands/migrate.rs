//! `lectern migrate`.

use crate::commands::config::without_password;
use crate::{AppState, Config};
use anyhow::Context;
use domain::Db;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only say what would be done.
    #[arg(long)]
    status: bool,
}

/// Brings the schema up to date, or says what is missing.
///
/// # Errors
/// When the database cannot be reached or a step fails.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    let pending = migrations::pending(state.db.read()).await?.len();
    if args.status {
        println!("{pending} steps to do");
        return Ok(());
    }
    up(&state.db).await?;
    println!("schema up to date ({pending} steps done) on {}", without_password(&state.config.database_url()));
    Ok(())
}

/// Runs every step that is missing.
///
/// # Errors
/// When a step fails.
pub async fn up(db: &Db) -> anyhow::Result<()> {
    migrations::up(db.read()).await.context("the schema could not be brought up to date")?;
    if domain::catalog::reindex::catch_up(db).await? {
        tracing::info!("a worker makes the words anew that titles are found by");
    }
    Ok(())
}
