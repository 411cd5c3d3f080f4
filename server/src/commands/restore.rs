//! `lectern restore`.

use crate::Config;
use crate::backup::{self, Place, Stage};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive that `lectern backup` wrote.
    file: PathBuf,
}

/// Puts the shop of an archive where there is none.
///
/// # Errors
/// When there is a shop already, or the archive is damaged, from a newer version or none.
pub async fn run(config: &Config, args: Args) -> anyhow::Result<()> {
    let place = Place::of(config)?;
    let to = place.database.clone();
    let about = tokio::task::spawn_blocking(move || {
        let mut last = None;
        backup::restore(&place, &args.file, |stage| {
            if last.replace(stage) != Some(stage) {
                match stage {
                    Stage::Unpack => println!("Unpacking, beside the place where the shop is to be"),
                    Stage::PlaceFiles => println!("Everything is as it was written: putting it in place"),
                    Stage::Begin | Stage::PlaceDatabase | Stage::CleanUp => {}
                }
            }
            Ok(())
        })
    })
    .await??;
    println!(
        "The shop of {} is at {}. `lectern serve` opens it, with the same tokens.secret as before, and brings its schema up \
         to date.",
        about.made_at,
        to.display()
    );
    Ok(())
}
