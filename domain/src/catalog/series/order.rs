//! The order of the titles of a series. Numbers may have gaps, stand twice or be left out: an admin sees it.

use super::keep::{by_id, entry};
use crate::audit::{self, Action};
use crate::catalog::form::place_in_series;
use crate::catalog::{SeriesTitle, Status};
use crate::entities::audiobooks::{Column, Entity};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait, SimpleExpr, Value};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Most titles of a series that are put in order: all of them stand in one form.
pub const MOST_TITLES: u64 = 500;

/// The titles of a series in its order, those without a number last; at most [`MOST_TITLES`].
pub async fn titles(db: &Db, id: Uuid) -> Result<Vec<SeriesTitle>> {
    in_order(db.read(), id).await
}

async fn in_order(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<SeriesTitle>> {
    let rows: Vec<(Uuid, String, Option<i32>, Status)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Title, Column::SeriesPosition, Column::Status])
        .filter(Column::SeriesId.eq(id))
        .order_by(Column::SeriesPosition.is_null(), Order::Asc)
        .order_by_asc(Column::SeriesPosition)
        .order_by_asc(Column::SortTitle)
        .order_by_asc(Column::Id)
        .limit(MOST_TITLES)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, title, number, status)| SeriesTitle { id, title, number, status }).collect())
}

/// Gives titles of a series the numbers that were typed, empty for none. Titles that are not named keep theirs, and those
/// of another series are left alone.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] where something is not a number.
pub async fn number(db: &Db, id: Uuid, typed: &HashMap<Uuid, String>) -> Result<()> {
    let mut wanted = HashMap::new();
    for (title, text) in typed {
        wanted.insert(*title, place_in_series("numbers", text)?);
    }
    db.transaction(async |tx| {
        let series = by_id(&tx, id).await?;
        let there = in_order(&tx, id).await?;
        let changed: Vec<_> = there
            .iter()
            .filter_map(|title| {
                wanted.get(&title.id).map(|number| (title.id, *number)).filter(|to| to.1 != title.number)
            })
            .collect();
        put(&tx, &changed).await?;
        let line = entry(Action::SeriesOrdered, id).with(json!({ "name": series.name, "changed": changed.len() }));
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

/// Moves a title one place up or down; at the end of the order nothing happens. Two different numbers change hands; where
/// one is missing or stands twice, all are counted anew.
///
/// # Errors
/// [`Error::NotFound`] when the title is not in the series.
pub async fn shift(db: &Db, id: Uuid, title: Uuid, up: bool) -> Result<()> {
    db.transaction(async |tx| {
        let series = by_id(&tx, id).await?;
        let mut there = in_order(&tx, id).await?;
        let at = there.iter().position(|row| row.id == title).ok_or(Error::NotFound("title"))?;
        let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < there.len()) };
        let Some(other) = other else { return Ok(()) };
        let (one, two) = (there[at].number, there[other].number);
        let changed: Vec<(Uuid, Option<i32>)> = if one.is_some() && two.is_some() && one != two {
            vec![(there[at].id, two), (there[other].id, one)]
        } else {
            there.swap(at, other);
            let anew = (1..).zip(&there).map(|(number, row)| (row.id, Some(number), row.number));
            anew.filter(|(_, number, before)| number != before).map(|(id, number, _)| (id, number)).collect()
        };
        put(&tx, &changed).await?;
        let line = entry(Action::SeriesOrdered, id).with(json!({ "name": series.name, "moved": title, "up": up }));
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

/// Sets numbers in one statement. A form of a title that is open is out of date by that.
async fn put(tx: &Tx, changed: &[(Uuid, Option<i32>)]) -> Result<()> {
    for some in changed.chunks(crate::db::BATCH / 2) {
        let mut number = CaseStatement::new();
        for (id, to) in some {
            let to: SimpleExpr = to.map_or_else(|| Expr::value(Value::Int(None)), Expr::value);
            number = number.case(Column::Id.eq(*id), to);
        }
        Entity::update_many()
            .col_expr(Column::SeriesPosition, number.finally(Expr::col(Column::SeriesPosition)).into())
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
            .filter(Column::Id.is_in(some.iter().map(|(id, _)| *id)))
            .exec(tx)
            .await?;
    }
    Ok(())
}
