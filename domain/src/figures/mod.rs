//! What happened in the shop, counted by the day while it happens: what was sold and paid back, what was looked at, heard
//! and searched for. No figure names a person.
//!
//! What concerns money is added in the transaction that settles it, so it is there once or not at all. What people look at
//! is counted in memory and written a minute later at most: a process that is killed forgets that minute.

pub mod spans;
pub mod takings;
pub mod tally;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, OnConflict};
use sea_orm::{ColumnTrait, DbBackend};

/// What an insert does where the row of that day is there already: it adds to it.
pub(crate) fn adding<C: ColumnTrait>(backend: DbBackend, key: &[C], sums: &[C]) -> OnConflict {
    let mut conflict = OnConflict::columns(key.iter().copied());
    for column in sums {
        let new: Expr = if backend == DbBackend::MySql {
            Func::cust(Alias::new("VALUES")).arg(Expr::col(*column)).into()
        } else {
            Expr::col((Alias::new("excluded"), *column))
        };
        conflict.value(*column, column.into_expr().add(new));
    }
    conflict
}
