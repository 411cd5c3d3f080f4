//! `lectern jobs`: work in the background, from the command line.

use crate::{AppState, Config};
use clap::Subcommand;
use domain::jobs::{JobStatus, JobView, manage};
use domain::{Actor, Db, PageRequest, job_kinds};
use uuid::Uuid;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How many jobs of each kind wait, run and are dead (the default).
    Counts,
    /// The jobs that changed last.
    List {
        /// queued, running, dead, done or cancelled.
        #[arg(long, default_value = "dead")]
        status: String,
        /// Only of this kind.
        #[arg(long, default_value = "")]
        kind: String,
        /// At most so many, up to 100.
        #[arg(long, default_value_t = 50)]
        most: u32,
    },
    /// Put a dead job back into the queue, or every one of a kind.
    Requeue {
        #[arg(required_unless_present = "kind")]
        id: Option<Uuid>,
        #[arg(long, conflicts_with = "id")]
        kind: Option<String>,
    },
    /// Call off a job that waits or runs.
    Cancel { id: Uuid },
}

/// Shows or moves jobs; what is moved is told to the audit trail.
///
/// # Errors
/// When the database cannot be reached, or the job is not what is needed.
pub async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    let db = state.db.acting(Actor::operator());
    let kinds = job_kinds::all();
    match args.command.unwrap_or(Command::Counts) {
        Command::Counts => counts(&db).await?,
        Command::List { status, kind, most } => {
            let status = JobStatus::from_name(&status)
                .ok_or_else(|| anyhow::anyhow!("--status is queued, running, dead, done or cancelled"))?;
            let page = manage::list(&db, status, &kind, PageRequest::new(1, most)).await?;
            page.items.iter().for_each(print);
            println!("{} of {} {} jobs", page.items.len(), page.total, status.name());
        }
        Command::Requeue { kind: Some(kind), .. } => {
            println!("{} jobs are put back", manage::requeue_kind(&db, kinds, &kind).await?);
        }
        Command::Requeue { id: Some(id), .. } => {
            manage::requeue(&db, kinds, id).await?;
            println!("the job is put back");
        }
        Command::Requeue { .. } => anyhow::bail!("name a job, or a kind with --kind"),
        Command::Cancel { id } => {
            manage::cancel(&db, kinds, id).await?;
            println!("the job is called off");
        }
    }
    Ok(())
}

async fn counts(db: &Db) -> domain::Result<()> {
    println!("{:<36} {:>8} {:>8} {:>8}  waiting since", "kind", "waiting", "running", "dead");
    for row in manage::counts(db).await? {
        let since = row.oldest_waiting.map(|at| at.rfc3339()).unwrap_or_default();
        println!("{:<36} {:>8} {:>8} {:>8}  {since}", row.kind, row.waiting, row.running, row.dead);
    }
    Ok(())
}

fn print(job: &JobView) {
    println!(
        "{} {} asked {} tries {} failures {}/{} {}",
        job.id,
        job.kind,
        job.created_at.rfc3339(),
        job.attempt,
        job.failures,
        job.max_attempts,
        job.last_error.as_deref().unwrap_or_default()
    );
}
