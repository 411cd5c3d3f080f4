//! The commands of `lectern`.

mod admin;
mod audit;
mod backup;
mod config;
mod doctor;
mod jobs;
mod migrate;
mod models;
mod openapi;
mod restore;
mod seed;
mod serve;
mod shutdown;
mod work;

pub use config::without_password;

use crate::{Config, telemetry};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// An audiobook shop that reads its own stock.
#[derive(Debug, Parser)]
#[command(name = "lectern", version, about)]
pub struct Cli {
    /// The configuration file (default: lectern.toml, where there is one).
    #[arg(long, global = true, env = "LECTERN_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the shop, with a worker unless told otherwise.
    Serve(serve::Args),
    /// Bring the schema of the database up to date.
    Migrate(migrate::Args),
    /// Fill the shop with the sample titles.
    Seed(seed::Args),
    /// Make an admin.
    Admin(admin::Args),
    /// Remove old lines of the audit trail.
    Audit(audit::Args),
    /// Try everything that the shop needs: what is wrong, and what to do. Ends with code 1 if anything is.
    Doctor,
    /// Write the whole shop, which may be open, into one archive: a database of SQLite and the files of a folder.
    Backup(backup::Args),
    /// Put a shop where there is none, out of such an archive.
    Restore(restore::Args),
    /// See what is done in the background: what waits, runs and was given up.
    Jobs(jobs::Args),
    /// List, get and check the models.
    Models(models::Args),
    /// Print the description of the API for programs (OpenAPI, JSON).
    Openapi,
    /// Run a worker alone.
    Work,
    /// Decode what somebody uploaded: the server starts it for each file, and tells it what to do over its standard input.
    #[command(hide = true)]
    Decode,
    /// The same for a picture.
    #[command(hide = true)]
    DecodePicture,
    /// Print every configuration key, its value and what it is for.
    Config,
}

impl Cli {
    /// Whether this is to be a decoder: it needs no configuration, and knows none of the shop's secrets.
    pub fn is_decoder(&self) -> bool {
        matches!(self.command, Command::Decode)
    }

    /// The same for pictures.
    pub fn is_decoder_of_pictures(&self) -> bool {
        matches!(self.command, Command::DecodePicture)
    }

    /// Runs the command that was asked for.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self) -> anyhow::Result<()> {
        // LECTERN_CONFIG names the file, it is not a key of it.
        let config = Config::load(self.config.as_deref())?;
        // Only what goes on for long is traced: whoever types a command sees what it does.
        let traces = matches!(self.command, Command::Serve(_) | Command::Work).then_some(&config.traces);
        let traced = telemetry::start(&config.log, traces)?;
        let ended = match self.command {
            Command::Serve(args) => serve::run(config, args).await,
            Command::Migrate(args) => migrate::run(config, args).await,
            Command::Seed(args) => seed::run(config, args).await,
            Command::Admin(args) => admin::run(config, args).await,
            Command::Audit(args) => audit::run(config, args).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Backup(args) => backup::run(&config, args).await,
            Command::Restore(args) => restore::run(&config, args).await,
            Command::Jobs(args) => jobs::run(config, args).await,
            Command::Models(args) => models::run(config, args).await,
            Command::Openapi => openapi::run(),
            Command::Work => work::run(config).await,
            // It never comes as far as here.
            Command::Decode | Command::DecodePicture => Ok(()),
            Command::Config => config::run(&config),
        };
        traced.end().await;
        ended
    }
}
