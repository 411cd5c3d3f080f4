//! Calls of providers elsewhere: each is counted before it is made and put right after it, and tells how its provider fares.
//! A process that is killed in between leaves what the call may cost counted: a provider may have done the work.

use super::rows::{self, held, month_of};
use super::{Breaker, Micros, Provider};
use crate::entities::provider_months;
use crate::entities::providers::{ActiveModel, Model};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use uuid::Uuid;

/// Failures in a row after which a provider is left alone.
pub const FAILURES: i32 = 3;
/// For how long, in milliseconds.
pub const LEFT_ALONE_MS: i64 = 5 * 60_000;
/// A provider that asks to be left alone for longer is asked again after this all the same.
const LONGEST_REST_MS: i64 = 24 * 60 * 60_000;
/// Characters of a failure that are kept.
const FAILURE_MAX: usize = 500;

/// A call that may be made. Whoever has it says how it ended, by [`end`].
#[derive(Debug)]
pub struct Call {
    provider_id: Uuid,
    month: i32,
    /// What is counted for it.
    counted: Micros,
    /// What tries that failed may cost all the same.
    lost: Micros,
    /// What one try may cost.
    a_try: Micros,
}

/// What becomes of the wish to ask a provider.
#[derive(Debug)]
pub enum Begun {
    Go(Call),
    /// It fails again and again, and is left alone until then.
    LeftAlone {
        until: Timestamp,
    },
    /// What this may cost is more than is left of the month's budget.
    SpentUp,
    /// It was switched off or removed a moment ago.
    Off,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Well {
        cost: Micros,
    },
    /// It answered, and refused this very request: which says nothing of how it fares.
    Refused {
        reason: String,
    },
    /// It is not well. It may have `worked` for nothing; `rest_ms` is how long it wants to be left alone.
    Failed {
        reason: String,
        worked: bool,
        rest_ms: Option<i64>,
    },
}

/// Asks whether a provider may be asked for something that costs `a_try` at most, and counts that.
pub async fn begin(db: &Db, provider: &Provider, a_try: Micros) -> Result<Begun> {
    let (id, price) = (provider.id, a_try);
    // As long as somebody may look whether it is well again: all tries, and the waits between them.
    let looking_ms = (i64::from(provider.time_limit_s) * i64::from(provider.tries) + 60) * 1000;
    db.transaction(async |tx| {
        let Some(row) = held(&tx, id).await?.filter(|row| row.switched_on) else { return Ok(Begun::Off) };
        let now = tx.now();
        match (rows::breaker(&row, now), row.asked_until) {
            (Breaker::Open { until }, _) => return Ok(Begun::LeftAlone { until }),
            (Breaker::HalfOpen, Some(until)) if until > now => return Ok(Begun::LeftAlone { until }),
            _ => {}
        }
        let month = month_of(now);
        if !count(&tx, &row, month, price, true).await? {
            return Ok(Begun::SpentUp);
        }
        if rows::breaker(&row, now) == Breaker::HalfOpen {
            let look =
                ActiveModel { id: Set(id), asked_until: Set(Some(now.plus_ms(looking_ms))), ..Default::default() };
            look.update(&tx).await?;
        }
        Ok(Begun::Go(Call { provider_id: id, month, counted: price, lost: Micros(0), a_try: price }))
    })
    .await
}

/// Whether one more try may be made. One that failed and may have `worked` costs all the same, so the next one is counted
/// besides.
pub async fn again(db: &Db, call: &mut Call, worked: bool) -> Result<bool> {
    if !worked {
        return Ok(true);
    }
    let (id, month, price) = (call.provider_id, call.month, call.a_try);
    call.lost = call.lost.plus(price);
    let counted = db
        .transaction(async |tx| {
            let Some(row) = held(&tx, id).await? else { return Ok(false) };
            count(&tx, &row, month, price, false).await
        })
        .await?;
    if counted {
        call.counted = call.counted.plus(price);
    }
    Ok(counted)
}

/// Puts right what was counted for a call, and notes how its provider fares.
pub async fn end(db: &Db, call: Call, ended: &Ended) -> Result<()> {
    let cost = call.lost.plus(match ended {
        // A machine that counts nonsense cannot spoil the sum.
        Ended::Well { cost } => (*cost).clamp(Micros(0), Micros::MOST),
        // The last try: those before it are among what is lost.
        Ended::Failed { worked: true, .. } if call.lost < call.counted => call.a_try,
        Ended::Failed { .. } | Ended::Refused { .. } => Micros(0),
    });
    let difference = cost.minus(call.counted).0;
    db.transaction(async |tx| {
        // It may have been removed, and what it cost with it.
        let Some(row) = held(&tx, call.provider_id).await? else { return Ok(()) };
        if difference != 0 {
            use provider_months::{Column, Entity};
            Entity::update_many()
                .col_expr(Column::Spent, Expr::col(Column::Spent).add(difference))
                .filter(Column::ProviderId.eq(call.provider_id))
                .filter(Column::Month.eq(call.month))
                .exec(&tx)
                .await?;
        }
        fared(&row, tx.now(), ended).update(&tx).await?;
        Ok(())
    })
    .await
}

/// What a call says of its provider.
fn fared(row: &Model, now: Timestamp, ended: &Ended) -> ActiveModel {
    let well = ActiveModel {
        id: Set(row.id),
        failures: Set(0),
        open_until: Set(None),
        asked_until: Set(None),
        ..Default::default()
    };
    let kept = |reason: &str| Set(Some(reason.chars().take(FAILURE_MAX).collect::<String>()));
    match ended {
        Ended::Well { .. } => ActiveModel { worked_at: Set(Some(now)), ..well },
        Ended::Refused { reason } => ActiveModel { failure: kept(reason), failed_at: Set(Some(now)), ..well },
        Ended::Failed { reason, rest_ms, .. } => {
            let failures = row.failures.saturating_add(1);
            let rest_ms = rest_ms.map(|ms| ms.clamp(0, LONGEST_REST_MS));
            let alone = failures >= FAILURES || row.open_until.is_some();
            let open_ms = match (alone, rest_ms) {
                (true, rest) => Some(Ord::max(rest.unwrap_or(0), LEFT_ALONE_MS)),
                (false, rest) => rest,
            };
            ActiveModel {
                failures: Set(failures),
                open_until: Set(open_ms.map(|ms| now.plus_ms(ms))),
                failure: kept(reason),
                failed_at: Set(Some(now)),
                ..well
            }
        }
    }
}

/// Adds to what was spent in a month, and one call where it is one, unless that is beyond the budget; says whether it is
/// added. The provider is held, so no other call counts meanwhile.
async fn count(tx: &Tx, row: &Model, month: i32, amount: Micros, call: bool) -> Result<bool> {
    use provider_months::{Column, Entity, Model as Row};
    let first = Row { provider_id: row.id, month, calls: 0, spent: 0 };
    let there = OnConflict::columns([Column::ProviderId, Column::Month]).do_nothing_on([Column::ProviderId]).to_owned();
    Entity::insert(first.into_active_model()).on_conflict(there).exec_without_returning(tx).await?;
    let spent: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Spent)
        .filter(Column::ProviderId.eq(row.id))
        .filter(Column::Month.eq(month))
        .into_tuple()
        .one(tx)
        .await?;
    let spent = Micros(spent.unwrap_or(0)).plus(amount);
    if row.budget.is_some_and(|budget| spent > Micros(budget)) {
        return Ok(false);
    }
    Entity::update_many()
        .col_expr(Column::Spent, Expr::value(spent.0))
        .col_expr(Column::Calls, Expr::col(Column::Calls).add(i32::from(call)))
        .filter(Column::ProviderId.eq(row.id))
        .filter(Column::Month.eq(month))
        .exec(tx)
        .await?;
    Ok(true)
}
