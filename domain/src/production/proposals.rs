//! Taking over what the writer proposed.

use super::{samples, steps};
use crate::catalog::edit;
use crate::{Db, Error, Result};
use uuid::Uuid;

/// Puts what the writer proposed for a title into its form and saves it over `version`; returns the new version. What the
/// writer left open stays as it is.
///
/// # Errors
/// [`Error::NotFound`] without a proposal, else as [`samples::save_title`].
pub async fn adopt(db: &Db, id: Uuid, version: i32) -> Result<i32> {
    let proposal = steps::view(db, id).await?.proposal.ok_or(Error::NotFound("proposal"))?;
    let mut form = edit::form(db, id).await?;
    form.version = version;
    form.description = proposal.description;
    if !proposal.categories.is_empty() {
        form.categories = proposal.categories;
    }
    samples::save_title(db, id, &form).await
}
