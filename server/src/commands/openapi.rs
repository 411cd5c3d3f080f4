//! `lectern openapi`.

use crate::http::api;

/// Prints the description of the API.
///
/// # Errors
/// When it cannot be written.
pub fn run() -> anyhow::Result<()> {
    println!("{}", api::document()?);
    Ok(())
}
