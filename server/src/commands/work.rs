//! `lectern work`: a worker alone. That is how GPU machines join, with the same database and storage.

use super::{migrate, shutdown};
use crate::production::Worker;
use crate::{AppState, Config};

/// Works until asked to stop; what is under way is given back.
///
/// # Errors
/// When the database or the storage cannot be reached.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let state = AppState::connect(config).await?;
    if state.config.database.migrate {
        migrate::up(&state.db).await?;
    }
    Worker::new(&state).run(shutdown::token()).await;
    Ok(())
}
