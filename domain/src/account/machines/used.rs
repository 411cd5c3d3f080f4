//! Tokens as machines use them.

use super::{MachineToken, PREFIX, kept};
use crate::account::users::{Account, find_account};
use crate::entities::machine_tokens::{Column, Entity};
use crate::{Db, Result, secret};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The last use is written no more often than this, in milliseconds.
const NOTED_EVERY_MS: i64 = 60_000;
/// Characters of the secret behind the prefix.
const LENGTH: usize = 64;

/// A machine with its token, and whose it is.
#[derive(Clone, Debug)]
pub struct Machine {
    pub account: Account,
    pub token: MachineToken,
}

/// Whether a text has the form of such a token.
pub fn is_one(token: &str) -> bool {
    token.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

/// The machine that a token was made for, unless it is over or its owner's account is disabled. Notes that it was used.
pub async fn find(db: &Db, token: &str) -> Result<Option<Machine>> {
    if !is_one(token) {
        return Ok(None);
    }
    let now = db.now();
    let row = Entity::find().filter(Column::Hash.eq(secret::digest(token))).filter(Column::EndsAt.gt(now));
    let Some(row) = row.one(db.read()).await? else { return Ok(None) };
    let Some(account) = find_account(db.read(), row.user_id).await? else { return Ok(None) };
    if row.used_at.is_none_or(|used_at| now.since_ms(used_at) >= NOTED_EVERY_MS)
        && let Err(error) = kept::note_use(db, row.id, row.used_at).await
    {
        // What the machine came for does not wait for this.
        tracing::warn!(%error, "the use of a token was not noted");
    }
    Ok(Some(Machine { account, token: row.into() }))
}

/// Ends a token for whoever holds it; does nothing for one that nobody was given.
pub async fn revoke_by_token(db: &Db, token: &str) -> Result<()> {
    let digest = secret::digest(token);
    db.transaction(async |tx| match Entity::find().filter(Column::Hash.eq(&digest)).one(&tx).await? {
        Some(row) => kept::end(&tx, &row).await,
        None => Ok(()),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_by_its_form() {
        let token = format!("{PREFIX}{}", secret::token());
        assert!(is_one(&token));
        for other in [&token[1..], &token[..67], &token.to_uppercase(), "lct_", ""] {
            assert!(!is_one(other), "{other}");
        }
    }
}
