//! The rows of providers, and those that every shop has without anybody adding them.

use super::{Breaker, Micros, Month, Prices, Provider, ProviderKind, Purpose};
use crate::entities::provider_months;
use crate::entities::providers::{ActiveModel, Column, Entity, Model};
use crate::{Currency, Day, Error, Result, Timestamp, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The engines and the writer without a model. Their ids stand in the database, so they stay.
fn built_in() -> [Model; 3] {
    let of = |number: u128, purpose, kind, name: &str, position| Model {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number),
        purpose,
        kind,
        name: name.to_owned(),
        position,
        switched_on: true,
        address: None,
        model: String::new(),
        sealed_key: None,
        time_limit_s: 0,
        tries: 1,
        context_tokens: 0,
        currency: Currency::USD.code().to_owned(),
        price_in: 0,
        price_out: 0,
        budget: None,
        failures: 0,
        open_until: None,
        asked_until: None,
        failure: None,
        failed_at: None,
        worked_at: None,
        version: 1,
        created_at: Timestamp(0),
    };
    [
        of(1, Purpose::Speech, ProviderKind::Engine, "The shop’s own speech engine", 1),
        of(2, Purpose::Writing, ProviderKind::Engine, "The shop’s own writing engine", 1),
        of(3, Purpose::Writing, ProviderKind::Extractive, "Sentences of the book", 1_000),
    ]
}

/// All providers in their order. One of every shop that nobody has touched yet stands as the shop brings it.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let mut rows = Entity::find().all(db).await?;
    for standing in built_in() {
        if rows.iter().all(|row| row.id != standing.id) {
            rows.push(standing);
        }
    }
    let place = |row: &Model| (Purpose::ALL.iter().position(|purpose| *purpose == row.purpose), row.position, row.id);
    rows.sort_by_key(place);
    Ok(rows)
}

/// Writes down those that every shop has, where they are not.
pub(super) async fn ensure(tx: &Tx) -> Result<()> {
    let rows = built_in().map(|row| -> ActiveModel { row.into_active_model() });
    let there = OnConflict::column(Column::Id).do_nothing_on([Column::Id]).to_owned();
    Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}

/// A provider, held until the transaction ends; `None` where it is gone.
pub(super) async fn held(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// The first day of a month in UTC, as rows of months are kept by.
pub(super) fn month_of(at: Timestamp) -> i32 {
    Day::of(at).month().0
}

/// What each provider was asked in the month of `now`.
pub(super) async fn months(db: &impl ConnectionTrait, now: Timestamp) -> Result<HashMap<Uuid, Month>> {
    let of_month = provider_months::Column::Month.eq(month_of(now));
    let rows = provider_months::Entity::find().filter(of_month).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.provider_id, Month { calls: row.calls, spent: Micros(row.spent) })).collect())
}

/// How it stands with the failures of a row.
pub(super) fn breaker(row: &Model, now: Timestamp) -> Breaker {
    match row.open_until {
        None => Breaker::Closed { failures: row.failures },
        Some(until) if until > now => Breaker::Open { until },
        Some(_) => Breaker::HalfOpen,
    }
}

/// A row as people see it.
///
/// # Errors
/// [`Error::Damaged`] when its currency is none.
pub(super) fn provider(row: Model, month: Month, now: Timestamp) -> Result<Provider> {
    let damaged = |_| Error::Damaged(format!("the currency of the provider {}", row.id));
    let prices = Prices {
        currency: row.currency.parse().map_err(damaged)?,
        input: Micros(row.price_in),
        output: Micros(row.price_out),
        budget: row.budget.map(Micros),
    };
    Ok(Provider {
        id: row.id,
        purpose: row.purpose,
        kind: row.kind,
        on: row.switched_on,
        has_key: row.sealed_key.is_some(),
        time_limit_s: row.time_limit_s,
        tries: row.tries,
        context_tokens: row.context_tokens,
        prices,
        month,
        breaker: breaker(&row, now),
        failed: row.failed_at.zip(row.failure),
        worked_at: row.worked_at,
        version: row.version,
        name: row.name,
        address: row.address,
        model: row.model,
    })
}
