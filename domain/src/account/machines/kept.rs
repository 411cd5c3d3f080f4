//! Tokens made, listed and taken back by their owners.

use super::{DAYS_MAX, MOST, MachineToken, MachineTokenWish, NAME_MAX, PREFIX, scopes_of};
use crate::account::email::mail::{self, Notice};
use crate::account::users::{active, active_locked};
use crate::account::{Scope, User};
use crate::audit::{self, Action, Entry};
use crate::entities::machine_tokens::{ActiveModel, Column, Entity, Model};
use crate::{Day, Db, Error, Result, Timestamp, Tx, secret};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

/// How long one that is over is still listed, in milliseconds: its owner can see why a machine has stopped.
const SHOWN_AFTER_MS: i64 = 30 * Timestamp::DAY_MS;

impl From<Model> for MachineToken {
    fn from(row: Model) -> Self {
        // Those of a newer version of the shop are left out.
        let scopes = row.scopes.split(',').filter_map(Scope::from_name).collect();
        let Model { id, name, created_at, ends_at, used_at, .. } = row;
        Self { id, name, scopes, created_at, ends_at, used_at }
    }
}

/// Makes a token, tells its owner by mail, and returns it with what it is: nobody can read it again.
///
/// # Errors
/// `Invalid` on the field `name`, `scopes` or `last_day`, `Conflict` when there are too many already, `NotFound` when there
/// is no such account.
pub async fn make(db: &Db, user: &User, wish: &MachineTokenWish) -> Result<(MachineToken, String)> {
    let now = db.now();
    let name = checked_name(&wish.name)?;
    let scopes = checked_scopes(user, &wish.scopes)?;
    let ends_at = checked_end(wish.last_day, now)?;
    let token = format!("{PREFIX}{}", secret::token());
    let row = Model {
        id: Uuid::now_v7(),
        user_id: user.id,
        name,
        hash: secret::digest(&token),
        scopes: scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(","),
        created_at: now,
        ends_at,
        used_at: None,
    };
    db.transaction(async |tx| keep(&tx, &row).await).await?;
    Ok((row.into(), token))
}

async fn keep(tx: &Tx, row: &Model) -> Result<()> {
    // Held, so that two at once do not both find room for one more.
    let person = active_locked(tx, row.user_id).await?;
    let living = Entity::find().filter(Column::UserId.eq(row.user_id)).filter(Column::EndsAt.gt(row.created_at));
    if living.count(tx).await? >= MOST as u64 {
        return Err(Error::conflict("machine-token.too-many"));
    }
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    let made = Entry::new(Action::MachineTokenMade).on("account", row.user_id);
    audit::record(tx, made.with(json!({ "name": row.name, "scopes": row.scopes }))).await?;
    let notice = Notice::MachineTokenMade { name: row.name.clone(), at: row.created_at, ends_at: row.ends_at };
    mail::tell(tx, &person, notice).await
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(Error::invalid("name", "machine-token.name-length")) }
}

fn checked_scopes(user: &User, wanted: &[Scope]) -> Result<Vec<Scope>> {
    let theirs = scopes_of(user);
    if wanted.iter().any(|scope| !theirs.contains(scope)) {
        return Err(Error::invalid("scopes", "machine-token.scope-not-yours"));
    }
    let scopes: Vec<Scope> = theirs.into_iter().filter(|scope| wanted.contains(scope)).collect();
    if scopes.is_empty() { Err(Error::invalid("scopes", "machine-token.no-scope")) } else { Ok(scopes) }
}

fn checked_end(last_day: Day, now: Timestamp) -> Result<Timestamp> {
    let today = Day::of(now);
    if last_day < today || last_day > today.plus(DAYS_MAX) {
        return Err(Error::invalid("last_day", "machine-token.end"));
    }
    Ok(last_day.plus(1).starts_at())
}

/// The tokens of a person, the newest first: at most [`MOST`] and those that ended not long ago.
pub async fn list(db: &Db, user_id: Uuid) -> Result<Vec<MachineToken>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::EndsAt.gt(db.now().plus_ms(-SHOWN_AFTER_MS)))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(MachineToken::from).collect())
}

/// Takes a token back: from now on it opens nothing.
///
/// # Errors
/// `NotFound` when this person has no such token.
pub async fn revoke(db: &Db, user_id: Uuid, id: Uuid) -> Result<()> {
    active(db.read(), user_id).await?;
    db.transaction(async |tx| {
        let row = Entity::find_by_id(id).filter(Column::UserId.eq(user_id)).one(&tx).await?;
        let row = row.ok_or(Error::NotFound("token"))?;
        end(&tx, &row).await
    })
    .await
}

/// Ends a token in a transaction, unless somebody else just did.
pub(super) async fn end(tx: &Tx, row: &Model) -> Result<()> {
    if Entity::delete_by_id(row.id).exec(tx).await?.rows_affected == 0 {
        return Ok(());
    }
    let revoked = Entry::new(Action::MachineTokenRevoked).on("account", row.user_id);
    audit::record(tx, revoked.with(json!({ "name": row.name }))).await
}

/// Ends those tokens of a person that somebody else may hold, or that open what is theirs no more.
pub(in crate::account) async fn end_where(tx: &Tx, user_id: Uuid, ends: impl Fn(&MachineToken) -> bool) -> Result<()> {
    let rows = Entity::find().filter(Column::UserId.eq(user_id)).all(tx).await?;
    let ended: Vec<MachineToken> = rows.into_iter().map(MachineToken::from).filter(ends).collect();
    if ended.is_empty() {
        return Ok(());
    }
    Entity::delete_many().filter(Column::Id.is_in(ended.iter().map(|token| token.id))).exec(tx).await?;
    let names: Vec<&str> = ended.iter().map(|token| token.name.as_str()).collect();
    let revoked = Entry::new(Action::MachineTokenRevoked).on("account", user_id);
    audit::record(tx, revoked.with(json!({ "name": names.join(", ") }))).await
}

/// Forgets tokens that ended so long ago that nobody is shown them any more. Says how many there were.
pub async fn delete_expired(db: &Db) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::EndsAt.lte(db.now().plus_ms(-SHOWN_AFTER_MS)));
    Ok(old.exec(db.read()).await?.rows_affected)
}

/// Notes that a token was used.
pub(super) async fn note_use(db: &Db, id: Uuid, before: Option<Timestamp>) -> Result<()> {
    let used = ActiveModel { used_at: sea_orm::ActiveValue::Set(Some(db.now())), ..Default::default() };
    // Of many requests at once one writes.
    let unchanged = before.map_or_else(|| Column::UsedAt.is_null(), |before| Column::UsedAt.eq(before));
    Entity::update_many().set(used).filter(Column::Id.eq(id)).filter(unchanged).exec(db.read()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Permission, Permissions, Role};

    #[test]
    fn a_token_has_a_name_and_an_end_within_a_year() {
        assert_eq!(checked_name("  The  tills ").unwrap(), "The tills");
        assert!(checked_name(" ").is_err() && checked_name(&"n".repeat(NAME_MAX + 1)).is_err());
        let now = Day(20_000).starts_at().plus_ms(5);
        assert_eq!(checked_end(Day(20_000), now).unwrap(), Day(20_001).starts_at());
        assert!(checked_end(Day(20_000 + DAYS_MAX), now).is_ok());
        assert!(checked_end(Day(19_999), now).is_err() && checked_end(Day(20_001 + DAYS_MAX), now).is_err());
    }

    #[test]
    fn a_token_opens_no_more_than_its_owner_may() {
        let mut user = User {
            id: Uuid::nil(),
            email: "ada@example.com".parse().unwrap(),
            name: "Ada".into(),
            role: Role::Shopper,
            permissions: Permissions::default(),
        };
        assert!(checked_scopes(&user, &[Scope::Orders]).is_err() && checked_scopes(&user, &[]).is_err());
        let twice = [Scope::Shopping, Scope::Account, Scope::Shopping];
        assert_eq!(checked_scopes(&user, &twice).unwrap(), [Scope::Account, Scope::Shopping]);
        (user.role, user.permissions) = (Role::Admin, [Permission::Orders].into_iter().collect());
        assert!(checked_scopes(&user, &[Scope::Orders]).is_ok() && checked_scopes(&user, &[Scope::Users]).is_err());
    }
}
