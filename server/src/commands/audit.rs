//! `lectern audit`: how long the trail is kept.

use crate::{AppState, Config};
use clap::Subcommand;
use domain::Actor;
use domain::audit::trail;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Remove what is older than so many days; a year is kept in any case.
    Prune {
        #[arg(long, default_value_t = 730, value_parser = clap::value_parser!(i64).range(trail::KEPT_DAYS + 1..100_000))]
        days: i64,
    },
}

/// Removes old lines, and says so in the trail.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    let db = state.db.acting(Actor::operator());
    match args.command {
        Command::Prune { days } => {
            let before = db.now().plus_ms(-days * domain::Timestamp::DAY_MS);
            let gone = trail::prune(&db, before).await?;
            println!("{gone} lines from before {} are removed", before.date());
        }
    }
    Ok(())
}
