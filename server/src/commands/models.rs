//! `lectern models`: which are known, which are here; getting one; checking them.

use crate::Config;
use crate::models::known::{self, KnownModel, Purpose};
use crate::models::verify::{Verdict, verify};
use crate::models::{Models, pull};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::production::steps;
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the known models, and those that are here.
    List,
    /// Get a model by name. A pull that was cut goes on where it was.
    Pull {
        /// Such as base.en; `lectern models list` names them all.
        name: String,
    },
    /// Check the models that are here against what their publishers state.
    Verify {
        /// Only this one.
        name: Option<String>,
    },
}

/// # Errors
/// A sentence for the operator.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let models = Models::new(&config);
    match args.command {
        Command::List => list(&models),
        Command::Pull { name } => get(&config, &models, &name).await,
        Command::Verify { name } => check(&models, name.as_deref()),
    }
}

fn list(models: &Models) -> anyhow::Result<()> {
    println!("{:<18} {:<9} {:>9}  {:<10} licence", "name", "for", "size", "here");
    for model in models.list() {
        let here = match (model.selected, model.present) {
            (true, _) => "in use",
            (false, true) => "yes",
            (false, false) => "no",
        };
        let size = model.size.map_or_else(String::new, megabytes);
        let note = if model.demonstration { " (demonstration only)" } else { "" };
        println!("{:<18} {:<9} {size:>9}  {here:<10} {}{note}", model.name, model.purpose, model.licence);
    }
    for purpose in [Purpose::Speech, Purpose::Writing] {
        if models.choose(purpose).is_none_or(|chosen| chosen.demonstration) {
            println!("\n{}", models.what_to_do(purpose));
        }
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

async fn get(config: &Config, models: &Models, name: &str) -> anyhow::Result<()> {
    let model = known(name)?;
    println!("{}: {}, about {}, licence {}", model.name, model.about, megabytes(model.about_bytes), model.licence);
    let bar = ProgressBar::new(model.about_bytes);
    bar.set_style(ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left")?);
    let pulled = pull::pull(model, &config.models.hub, &models.dir, |here, total| {
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(here);
    })
    .await;
    bar.finish();
    println!("{} is here and whole: {}", model.name, pulled?.display());
    wake(config).await;
    Ok(())
}

/// Steps that wait for a model look again by themselves before long: this only makes it sooner.
async fn wake(config: &Config) {
    if let Ok(db) = domain::Db::connect(&config.database_url(), 1).await
        && let Err(error) = steps::wake_blocked(&db).await
    {
        tracing::debug!(%error, "steps that wait were not woken");
    }
}

fn check(models: &Models, name: Option<&str>) -> anyhow::Result<()> {
    let wanted: Vec<&KnownModel> = match name {
        Some(name) => vec![known(name)?],
        None => known::KNOWN.iter().filter(|model| models.dir.join(model.file).is_file()).collect(),
    };
    if wanted.is_empty() {
        println!("No known model is in {}.", models.dir.display());
    }
    let mut wrong = 0;
    for model in wanted {
        let path = models.dir.join(model.file);
        let verdict = verify(&path, Some(model)).with_context(|| format!("{} cannot be read", path.display()))?;
        match verdict {
            Verdict::Good(source) => println!("{}: good (by {source})", model.name),
            Verdict::Unknown => println!("{}: nobody stated a checksum for it", model.name),
            Verdict::Wrong(reason) => {
                wrong += 1;
                println!("{}: wrong, {reason}. Remove {} and pull it again.", model.name, path.display());
            }
        }
    }
    if wrong > 0 {
        bail!("{wrong} of the models are not what they should be");
    }
    Ok(())
}

fn known(name: &str) -> anyhow::Result<&'static KnownModel> {
    let names = || known::KNOWN.iter().map(|model| model.name).collect::<Vec<_>>().join(", ");
    known::find(name).with_context(|| format!("there is no known model called {name}: {}", names()))
}
