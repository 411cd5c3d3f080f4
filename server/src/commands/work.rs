//! `lectern work`: a worker alone. That is how GPU machines join, with the same database and storage.

use super::{migrate, shutdown};
use crate::production::Worker;
use crate::{AppState, Config, jobs, metrics};
use domain::job_kinds;

/// Works until asked to stop; what is under way is given back.
///
/// # Errors
/// When the database or the storage cannot be reached.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    if state.config.database.migrate {
        migrate::up(&state.db).await?;
    }
    let stop = shutdown::token();
    let numbers = metrics::listen(&state, stop.clone()).await?;
    let worker = Worker::new(&state);
    let runner = jobs::runner(&state, jobs::of_worker(&worker.shop), worker.rooms());
    let presence = tokio::spawn(worker.clone().run(runner.clone(), stop.clone()));
    runner.run(job_kinds::schedules(), stop).await;
    presence.await?;
    worker.close(&runner).await;
    if let Some(numbers) = numbers {
        numbers.ended().await;
    }
    Ok(())
}
