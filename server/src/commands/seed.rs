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
    /// Instead of the sample titles, make up so many, to try a large shop. They have no audio.
    #[arg(long, value_name = "NUMBER", conflicts_with = "record")]
    titles: Option<u32>,
    /// Make up titles beside those that were made up before.
    #[arg(long, requires = "titles")]
    more: bool,
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
    if let Some(titles) = args.titles {
        seed::trial::fill(&state.db, state.settings.now().await.currency, titles, args.more, |number| {
            if number % 10_000 == 0 {
                println!("{number} titles");
            }
        })
        .await?;
        println!("{titles} titles made up; they have no audio");
        return Ok(());
    }
    let summary = seed::fill(&state, &args.from, |title| println!("on the shelf: {title}")).await?;
    println!("{} sample titles, {} of them new", summary.titles, summary.new);
    if summary.in_production > 0 {
        println!("{} have no transcript yet: a worker makes it", summary.in_production);
    }
    Ok(())
}
