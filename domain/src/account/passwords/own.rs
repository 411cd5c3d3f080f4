//! The password asked for again, of somebody who is logged in.

use super::hashing;
use crate::audit::{self, Action, Entry};
use crate::entities::users::Model;
use crate::{Db, Error, Result};

/// Checks the password of somebody who is logged in. A wrong one goes into the trail.
///
/// # Errors
/// `Invalid` on that field, `Conflict` when there is no password yet.
pub(in crate::account) async fn verify_own(db: &Db, person: &Model, given: &str, field: &'static str) -> Result<()> {
    if person.password_hash.is_none() {
        return Err(Error::conflict("password.none-yet"));
    }
    if !hashing::verify(given, person.password_hash.as_deref()).await? {
        let refused = Entry::new(Action::PasswordRefused).refused().on("account", person.id);
        audit::record(db, refused).await?;
        return Err(Error::invalid(field, "password.wrong"));
    }
    Ok(())
}
