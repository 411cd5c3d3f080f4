//! Counting that ends: nobody reads on a page that there are 83,412 of something.

use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Expr, Func, Query, SelectStatement, SubQueryStatement};
use sea_orm::{ConnectionTrait, StatementBuilder};

/// How many rows each of some queries has, counted up to its own `LIMIT`: all of them in one statement.
pub async fn bounded(db: &Db, queries: Vec<SelectStatement>) -> Result<Vec<u64>> {
    if queries.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Query::select();
    let asked = queries.len();
    for (n, rows) in queries.into_iter().enumerate() {
        let counted = Query::select()
            .expr(Func::count(Expr::val(1)))
            .from_subquery(rows, Alias::new(format!("rows_{n}")))
            .to_owned();
        all.expr_as(SubQueryStatement::from(counted), Alias::new(format!("count_{n}")));
    }
    let row = db.read().query_one_raw(StatementBuilder::build(&all, &db.backend())).await?;
    let mut counts = Vec::with_capacity(asked);
    if let Some(row) = row {
        for n in 0..asked {
            counts.push(u64::try_from(row.try_get::<i64>("", &format!("count_{n}"))?).unwrap_or(0));
        }
    }
    Ok(counts)
}
