//! `lectern seed`.

use crate::{AppState, Config, seed};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with the sample titles.
    #[arg(long, default_value = "seed")]
    from: PathBuf,
    /// Instead of filling the shop, write what the pipeline made of the titles to the folder's transcripts.
    #[arg(long)]
    record: bool,
}

/// Fills the shop; running it again changes nothing.
///
/// # Errors
/// When the folder, the database or the storage fails.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    super::migrate::up(&state.db).await?;
    if args.record {
        let titles = seed::record(&state, &args.from).await?;
        println!("{titles} transcripts written");
        return Ok(());
    }
    let summary = seed::fill(&state, &args.from, |title| println!("on the shelf: {title}")).await?;
    println!("{} sample titles, {} of them new", summary.titles, summary.new);
    if summary.in_production > 0 {
        println!("{} have no transcript yet: a worker makes it", summary.in_production);
    }
    Ok(())
}
