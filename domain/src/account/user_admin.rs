//! Everybody with an account, as those see them who say what admins may do.

use super::sessions::active_sessions;
use super::users::Account;
use super::{Permission, Permissions, Role, Scope, UserDetails, machines, mfa, sessions};
use crate::audit::{self, Action, Entry};
use crate::entities::users::{Column, Entity, Model};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Page, PageRequest, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;
use uuid::Uuid;

/// A page of people in the order of their addresses: those whose address begins with `text`, or only the admins among
/// them.
pub async fn list(db: &Db, text: &str, admins: bool, page: PageRequest) -> Result<Page<UserDetails>> {
    let query = found(text, admins);
    let total = query.clone().count(db.read()).await?;
    let rows = query.order_by_asc(Column::Email).offset(page.offset()).limit(u64::from(page.size)).all(db.read());
    let users = rows.await?.into_iter().map(UserDetails::try_from).collect::<Result<_>>()?;
    Ok(Page::new(users, total, page))
}

/// A part of the same list, for programs.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, text: &str, admins: bool, walk: Walk<'_>) -> Result<Part<UserDetails>> {
    let by_address = Keys::text(Column::Email.into_expr(), Column::Id.into_expr(), Order::Asc);
    let rows = walk.of(found(text, admins), &by_address)?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_text(&*row.email, row.id));
    let items = part.items.into_iter().map(UserDetails::try_from).collect::<Result<_>>()?;
    Ok(Part { items, next: part.next })
}

fn found(text: &str, admins: bool) -> Select<Entity> {
    let beginning = text.trim().to_lowercase();
    let mut query = Entity::find().filter(Column::DeletedAt.is_null());
    if !beginning.is_empty() {
        // The largest character: whatever begins like this comes before it.
        let end = format!("{beginning}{}", char::MAX);
        query = query.filter(Column::Email.gte(beginning)).filter(Column::Email.lt(end));
    }
    if admins { query.filter(Column::Role.eq(Role::Admin)) } else { query }
}

/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub async fn get(db: &Db, id: Uuid) -> Result<UserDetails> {
    let person = Entity::find_by_id(id).filter(Column::DeletedAt.is_null());
    person.one(db.read()).await?.ok_or(Error::NotFound("account"))?.try_into()
}

/// Says what somebody may do: with nothing left they are a shopper. Their sessions end, so that nothing begun with other
/// rights goes on. Admins give and take only what they have themselves, and somebody always may say who may do what.
///
/// # Errors
/// [`Error::Forbidden`] when `by` may not do that, [`Error::Conflict`] with what to do, [`Error::NotFound`].
pub async fn set_permissions(db: &Db, by: Uuid, id: Uuid, wanted: Permissions) -> Result<()> {
    db.transaction(async |tx| {
        let admins = locked_admins(&tx).await?;
        let rights = |row: &Model| Permissions::read(&row.permissions);
        let own = admins.iter().find(|row| row.id == by).map(rights).unwrap_or_default();
        if !own.contains(Permission::Users) {
            return Err(Error::Forbidden);
        }
        let person = Entity::find_by_id(id)
            .filter(Column::DeletedAt.is_null())
            .lock_exclusive()
            .one(&tx)
            .await?
            .ok_or(Error::NotFound("account"))?;
        let before = rights(&person);
        if wanted == before {
            return Ok(());
        }
        if !wanted.without(before).without(own).is_empty() {
            return Err(Error::conflict("permissions.not-yours-to-give"));
        }
        if !before.without(wanted).without(own).is_empty() {
            return Err(Error::conflict("permissions.not-yours-to-take"));
        }
        let others = admins.iter().filter(|row| row.id != id).any(|row| rights(row).contains(Permission::Users));
        if !wanted.contains(Permission::Users) && !others {
            return Err(Error::conflict("permissions.last-for-people"));
        }
        let role = if wanted.is_empty() { Role::Shopper } else { Role::Admin };
        Entity::update_many()
            .col_expr(Column::Permissions, Expr::value(wanted.text()))
            .col_expr(Column::Role, Expr::value(role))
            .col_expr(Column::UpdatedAt, Expr::value(db.now()))
            .filter(Column::Id.eq(id))
            .exec(&tx)
            .await?;
        let ended = sessions::delete_of_user(&tx, id).await?;
        let lost = before.without(wanted);
        let opens_lost = |scope: &Scope| scope.permission().is_some_and(|permission| lost.contains(permission));
        machines::kept::end_where(&tx, id, |token| token.scopes.iter().any(opens_lost)).await?;
        let details = json!({
            "address": person.email,
            "before": before.names(),
            "after": wanted.names(),
            "sessions_ended": ended,
        });
        audit::record(&tx, Entry::new(Action::RightsChanged).on("account", id).with(details)).await?;
        Ok(())
    })
    .await
}

/// Turns off the second step of somebody who has lost all that it takes. Not of somebody who may do more than `by`: that
/// would be a way to what admins cannot give themselves.
///
/// # Errors
/// [`Error::Conflict`] for somebody who may do more, [`Error::NotFound`].
pub async fn disable_two_factor(db: &Db, by: Uuid, id: Uuid) -> Result<()> {
    let own = get(db, by).await?.user.permissions;
    if !get(db, id).await?.user.permissions.without(own).is_empty() {
        return Err(Error::conflict("permissions.of-a-fuller-admin"));
    }
    mfa::disable(db, id).await.map(drop)
}

/// The admins who can log in, held until the transaction ends. All of them and always in one order: two admins who demote
/// each other wait for each other here.
pub(super) async fn locked_admins(tx: &Tx) -> Result<Vec<Model>> {
    let admins = Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null());
    Ok(admins.order_by_asc(Column::Id).lock_exclusive().all(tx).await?)
}

impl TryFrom<Model> for UserDetails {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self> {
        let (since, disabled) = (row.created_at, row.disabled_at.is_some());
        let Account { user, two_factor, .. } = row.try_into()?;
        Ok(Self { user, since, disabled, two_factor })
    }
}

/// Logs somebody out everywhere, on behalf of them or for the shop's safety: browsers, programs and machines, all at once.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn log_out(db: &Db, id: Uuid) -> Result<()> {
    let details = get(db, id).await?;
    db.transaction(async |tx| {
        machines::kept::end_where(&tx, details.user.id, |_| true).await?;
        active_sessions::end_in(&tx, details.user.id, None, None).await
    })
    .await
}
