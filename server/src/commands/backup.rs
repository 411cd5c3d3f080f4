//! `lectern backup`.

use crate::{Config, backup};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive to write, such as shop-2026-11-20.tar.
    file: PathBuf,
}

/// Writes the whole shop into an archive.
///
/// # Errors
/// When it could not be written; and when it was, but the storage does not have all that the database names.
pub async fn run(config: &Config, args: Args) -> anyhow::Result<()> {
    let made = backup::make(config, &args.file).await?;
    println!(
        "{}: the shop as it was at {}, with {} files (schema {}). Written, and read through again.",
        args.file.display(),
        made.about.made_at,
        made.files,
        made.about.schema
    );
    println!("Whoever has it has the shop with all its secrets: keep it as you keep the shop.");
    anyhow::ensure!(
        made.missing == 0,
        "the archive holds all that there is, but the shop is damaged: the database names {} files that are not in the \
         storage, such as {}",
        made.missing,
        made.missing_first.join(", ")
    );
    Ok(())
}
