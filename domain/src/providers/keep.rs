//! Providers added, changed, put in order, switched and removed.

use super::address::{Reach, same_machine};
use super::form::{self, Wanted};
use super::read::{get, sealed_as};
use super::rows::{self, ensure, held};
use super::{MOST, Month, Provider, ProviderForm, ProviderKind, Purpose};
use crate::audit::{self, Action, Entry};
use crate::entities::providers::{ActiveModel, Column, Entity, Model};
use crate::vault::Vault;
use crate::{Db, Error, Result, Tx};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

/// By what it is told that somebody else has changed a provider in the meantime.
pub const CHANGED_SINCE: &str = "provider.changed-since";

/// Adds a provider elsewhere, after the others of its purpose. Nothing is sent to it until it is switched on.
///
/// # Errors
/// `Invalid` at the field that needs a change, `Conflict` when there are too many already.
pub async fn add(db: &Db, vault: &dyn Vault, reach: Reach, typed: &ProviderForm) -> Result<Provider> {
    let purpose = Purpose::from_name(&typed.purpose).ok_or_else(|| Error::invalid("purpose", "provider.no-purpose"))?;
    let wanted = form::validated(typed, reach)?;
    let id = Uuid::now_v7();
    let sealed_key = sealed(vault, id, wanted.key.as_deref())?;
    db.transaction(async |tx| {
        ensure(&tx).await?;
        let others: Vec<Model> = of_purpose(&tx, purpose).await?;
        if others.len() >= MOST {
            return Err(Error::conflict("provider.too-many").with("most", MOST));
        }
        let row = Model {
            id,
            purpose,
            kind: ProviderKind::Http,
            name: wanted.name.clone(),
            position: last_place(&others),
            switched_on: false,
            address: Some(wanted.address.clone()),
            model: wanted.model.clone(),
            sealed_key: sealed_key.clone(),
            time_limit_s: wanted.time_limit_s,
            tries: wanted.tries,
            context_tokens: wanted.context_tokens,
            currency: wanted.prices.currency.code().to_owned(),
            price_in: wanted.prices.input.0,
            price_out: wanted.prices.output.0,
            budget: wanted.prices.budget.map(|budget| budget.0),
            failures: 0,
            open_until: None,
            asked_until: None,
            failure: None,
            failed_at: None,
            worked_at: None,
            version: 1,
            created_at: tx.now(),
        };
        Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        let added = rows::provider(row, Month::default(), tx.now())?;
        audit::record(&tx, entry(Action::ProviderAdded, &added)).await?;
        Ok(added)
    })
    .await
}

/// A new one comes after all but the writer that needs no model: that never fails, so nothing after it is ever asked.
fn last_place(others: &[Model]) -> i32 {
    let asked = others.iter().filter(|row| row.kind != ProviderKind::Extractive);
    asked.map(|row| row.position).max().unwrap_or(0) + 1
}

/// Changes a provider elsewhere: `edit` gets its form as it stands. A key that is not typed again stays while the address
/// leads to the same machine, and goes when it leads to another: no key is ever sent where nobody gave it.
///
/// # Errors
/// As [`add`], `NotFound`, and `Conflict` for one that every shop has, or, by the code [`CHANGED_SINCE`], where `known` says
/// that its version is not the one that whoever asks has seen.
pub async fn change(
    db: &Db,
    vault: &dyn Vault,
    reach: Reach,
    id: Uuid,
    edit: impl Fn(&mut ProviderForm),
    known: impl Fn(i32) -> bool,
) -> Result<Provider> {
    db.transaction(async |tx| {
        let row = editable(&tx, id).await?;
        if !known(row.version) {
            return Err(Error::conflict(CHANGED_SINCE));
        }
        let mut typed = ProviderForm::from(&rows::provider(row.clone(), Month::default(), tx.now())?);
        edit(&mut typed);
        let wanted = form::validated(&typed, reach)?;
        let stays = row.address.as_deref().is_some_and(|address| same_machine(address, &wanted.address));
        let sealed_key = match sealed(vault, id, wanted.key.as_deref())? {
            None if stays => row.sealed_key.clone(),
            sealed => sealed,
        };
        let change = changed(&row, &wanted, sealed_key);
        let now = rows::provider(change.update(&tx).await?, Month::default(), tx.now())?;
        audit::record(&tx, entry(Action::ProviderChanged, &now)).await
    })
    .await?;
    get(db, id).await
}

/// Whatever it failed at before, it may be well as it is now.
fn changed(row: &Model, wanted: &Wanted, sealed_key: Option<String>) -> ActiveModel {
    ActiveModel {
        id: Set(row.id),
        name: Set(wanted.name.clone()),
        address: Set(Some(wanted.address.clone())),
        model: Set(wanted.model.clone()),
        sealed_key: Set(sealed_key),
        time_limit_s: Set(wanted.time_limit_s),
        tries: Set(wanted.tries),
        context_tokens: Set(wanted.context_tokens),
        currency: Set(wanted.prices.currency.code().to_owned()),
        price_in: Set(wanted.prices.input.0),
        price_out: Set(wanted.prices.output.0),
        budget: Set(wanted.prices.budget.map(|budget| budget.0)),
        failures: Set(0),
        open_until: Set(None),
        asked_until: Set(None),
        version: Set(row.version + 1),
        ..Default::default()
    }
}

/// Switches a provider on, or off: from the next piece of work on it is asked, or not. Switched on, it is asked at once,
/// however often it failed before.
///
/// # Errors
/// `NotFound` when there is no such provider.
pub async fn switch(db: &Db, id: Uuid, on: bool) -> Result<Provider> {
    db.transaction(async |tx| {
        ensure(&tx).await?;
        let row = held(&tx, id).await?.ok_or(Error::NotFound("provider"))?;
        if row.switched_on == on {
            return Ok(());
        }
        let change = ActiveModel {
            id: Set(id),
            switched_on: Set(on),
            failures: Set(0),
            open_until: Set(None),
            asked_until: Set(None),
            version: Set(row.version + 1),
            ..Default::default()
        };
        let now = rows::provider(change.update(&tx).await?, Month::default(), tx.now())?;
        let action = if on { Action::ProviderOn } else { Action::ProviderOff };
        audit::record(&tx, entry(action, &now)).await
    })
    .await?;
    get(db, id).await
}

/// Moves a provider up or down among those of its purpose. At the end of the list nothing happens.
///
/// # Errors
/// `NotFound` when there is no such provider.
pub async fn shift(db: &Db, id: Uuid, up: bool) -> Result<()> {
    db.transaction(async |tx| {
        ensure(&tx).await?;
        let purpose = held(&tx, id).await?.ok_or(Error::NotFound("provider"))?.purpose;
        let mut rows = of_purpose(&tx, purpose).await?;
        let at = rows.iter().position(|row| row.id == id).ok_or(Error::NotFound("provider"))?;
        let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < rows.len()) };
        let Some(other) = other else { return Ok(()) };
        rows.swap(at, other);
        // All are counted anew, in one statement, with room for those who are added before the last one.
        let mut position = CaseStatement::new();
        for (place, row) in (1..).zip(&rows) {
            position = position.case(Column::Id.eq(row.id), Expr::value::<i32>(place * 10));
        }
        Entity::update_many()
            .col_expr(Column::Position, position.finally(Expr::col(Column::Position)).into())
            .filter(Column::Purpose.eq(purpose))
            .exec(&tx)
            .await?;
        let moved = rows::provider(rows.swap_remove(other), Month::default(), tx.now())?;
        let line = Entry::new(Action::ProviderMoved).on("provider", id);
        audit::record(&tx, line.with(json!({ "name": moved.name, "up": up }))).await
    })
    .await
}

/// Removes a provider elsewhere, with its key and what it cost.
///
/// # Errors
/// `NotFound`, and `Conflict` for one that every shop has.
pub async fn remove(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let row = editable(&tx, id).await?;
        Entity::delete_by_id(id).exec(&tx).await?;
        let gone = rows::provider(row, Month::default(), tx.now())?;
        audit::record(&tx, entry(Action::ProviderRemoved, &gone)).await
    })
    .await
}

async fn editable(tx: &Tx, id: Uuid) -> Result<Model> {
    ensure(tx).await?;
    let row = held(tx, id).await?.ok_or(Error::NotFound("provider"))?;
    if row.kind == ProviderKind::Http { Ok(row) } else { Err(Error::conflict("provider.built-in")) }
}

async fn of_purpose(db: &impl ConnectionTrait, purpose: Purpose) -> Result<Vec<Model>> {
    let all = rows::all(db).await?;
    Ok(all.into_iter().filter(|row| row.purpose == purpose).collect())
}

fn sealed(vault: &dyn Vault, id: Uuid, key: Option<&str>) -> Result<Option<String>> {
    key.map(|key| vault.seal(&sealed_as(id), key.as_bytes())).transpose()
}

fn entry(action: Action, provider: &Provider) -> Entry {
    let details = json!({
        "name": provider.name,
        "of": provider.purpose.name(),
        "at": provider.host(),
        "model": provider.model,
        "key": provider.has_key,
        "budget": provider.prices.budget.map(|budget| format!("{budget} {}", provider.prices.currency)),
    });
    Entry::new(action).on("provider", provider.id).with(details)
}
