//! Titles whose sample is moved, and the job that cuts it anew.

use super::steps::ask_for_sample;
use crate::catalog::{AudiobookForm, edit};
use crate::{Db, Result};
use uuid::Uuid;

/// Saves the admin's form of a title over the version that it was opened at, and returns the new version. When the sample
/// lies elsewhere now, its audio goes and a job makes the new one.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with what to do, [`Error::Conflict`](crate::Error::Conflict) when somebody
/// else saved in between, [`Error::NotFound`](crate::Error::NotFound).
pub async fn save_title(db: &Db, id: Uuid, form: &AudiobookForm) -> Result<i32> {
    db.transaction(async |tx| {
        let saved = edit::save(&tx, id, form).await?;
        if saved.sample_moved {
            ask_for_sample(&tx, id).await?;
        }
        Ok(saved.version)
    })
    .await
}
