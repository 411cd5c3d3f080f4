//! Asking the index, in the way of each database.

use super::rows::{ROW, TABLE, book_word, place_of, row_of, word};
use super::sought::Wanted;
use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DbBackend};
use std::collections::{BTreeSet, HashMap};

/// Which passages of a title are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub number: i32,
    /// The first.
    pub from: i64,
    /// How many at most.
    pub most: usize,
    pub wanted: &'a Wanted,
}

/// The passages of some titles that have what is wanted, in order: of each title a list, all in one look.
pub async fn passages(db: &Db, asked: &[Asked<'_>]) -> Result<Vec<Vec<i64>>> {
    let found = if db.backend() == DbBackend::MySql {
        all_of(db, vec![of_titles(asked)]).await?
    } else {
        all_of(db, asked.iter().map(|asked| of_title(db.backend(), asked)).collect()).await?
    };
    let mut of_each: HashMap<i64, Vec<i64>> = HashMap::new();
    for (number, passage) in found.into_iter().map(place_of) {
        of_each.entry(number).or_default().push(passage);
    }
    let of_one = |asked: &Asked<'_>| {
        let mut passages = of_each.remove(&i64::from(asked.number)).unwrap_or_default();
        passages.retain(|passage| *passage >= asked.from);
        passages.sort_unstable();
        passages.truncate(asked.most);
        passages
    };
    Ok(asked.iter().map(of_one).collect())
}

/// The numbers of those of some titles that have such a passage, and perhaps of others, where there are no more such passages
/// than `most`.
pub async fn titles(db: &Db, asked: &[Asked<'_>], most: usize) -> Result<Option<BTreeSet<i64>>> {
    let parts: Vec<SelectStatement> = if db.backend() == DbBackend::MySql {
        vec![of_titles(asked)]
    } else {
        let wanted: BTreeSet<&Wanted> = asked.iter().map(|asked| asked.wanted).collect();
        wanted.into_iter().map(|wanted| of_all(db.backend(), wanted)).collect()
    };
    let parts = parts.into_iter().map(|mut part| part.limit(most as u64 + 1).to_owned());
    let found = all_of(db, parts.collect()).await?;
    let all = found.len() <= most;
    Ok(all.then(|| found.into_iter().map(|row| place_of(row).0).collect()))
}

/// The rows of several queries.
async fn all_of(db: &Db, parts: Vec<SelectStatement>) -> Result<Vec<i64>> {
    let mut parts = parts.into_iter().enumerate().map(|(n, part)| {
        let name = Alias::new(format!("found_{n}"));
        // A part of a union may have no limit of its own in SQLite, but what it selects from may.
        Query::select().column((name.clone(), Alias::new(ROW))).from_subquery(part, name).to_owned()
    });
    let Some(mut all) = parts.next() else { return Ok(Vec::new()) };
    for part in parts {
        all.union(UnionType::All, part);
    }
    let rows = db.read().query_all(&all).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

fn rows_that(has: Expr) -> SelectStatement {
    Query::select().column(Alias::new(ROW)).from(Alias::new(TABLE)).and_where(has).to_owned()
}

/// Those of a title, on SQLite and PostgreSQL.
fn of_title(backend: DbBackend, asked: &Asked<'_>) -> SelectStatement {
    let (first, last) = (row_of(asked.number, asked.from), row_of(asked.number, i64::MAX));
    // On SQLite the index leads to the rows of a title. On PostgreSQL only that of the words is to be used.
    let (has, row) = if backend == DbBackend::Postgres {
        let words = format!("{} & {}", book_word(asked.number), together(asked.wanted, " | ", " & "));
        (Expr::cust_with_values("terms @@ CAST($1 AS tsquery)", [words]), Expr::cust("rowid + 0"))
    } else {
        (on_sqlite(asked.wanted), Expr::col(Alias::new(ROW)))
    };
    rows_that(has)
        .and_where(row.clone().between(first, last))
        .order_by_expr(row, Order::Asc)
        .limit(asked.most as u64)
        .to_owned()
}

/// Those of all titles, on SQLite and PostgreSQL.
fn of_all(backend: DbBackend, wanted: &Wanted) -> SelectStatement {
    if backend == DbBackend::Postgres {
        // It does not see the words, and thinks them rare: of common ones it would read the table, and unpack each row.
        let words = together(wanted, " | ", " & ");
        rows_that(Expr::cust_with_values("terms @@ (SELECT CAST($1 AS tsquery))", [words]))
    } else {
        rows_that(on_sqlite(wanted))
    }
}

fn on_sqlite(wanted: &Wanted) -> Expr {
    Expr::cust_with_values("spoken MATCH ?", [together(wanted, " OR ", " AND ")])
}

fn together(wanted: &Wanted, or: &str, and: &str) -> String {
    let any = wanted.iter().map(|terms| format!("({})", terms.join(or)));
    any.collect::<Vec<_>>().join(and)
}

/// Those of some titles, on MariaDB and MySQL, by the words that each has of its own.
fn of_titles(asked: &[Asked<'_>]) -> SelectStatement {
    let of_one = |asked: &Asked<'_>| {
        let any = asked.wanted.iter().map(|terms| {
            let words = terms.iter().map(|term| word(DbBackend::MySql, term, asked.number));
            format!("+({})", words.collect::<Vec<_>>().join(" "))
        });
        format!("({})", any.collect::<Vec<_>>().join(" "))
    };
    let words = asked.iter().map(of_one).collect::<Vec<_>>().join(" ");
    rows_that(Expr::cust_with_values("MATCH (terms) AGAINST (? IN BOOLEAN MODE)", [words]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_asked_in_its_own_way() {
        let wanted = vec![vec!["bell0000".to_owned()], vec!["rang0000".to_owned(), "rung0000".to_owned()]];
        let asked = |number| Asked { number, from: 0, most: 3, wanted: &wanted };
        let values = |query: SelectStatement, backend: DbBackend| {
            let statement = sea_orm::StatementBuilder::build(&query, &backend);
            format!("{} {:?}", statement.sql, statement.values)
        };
        let sqlite = values(of_title(DbBackend::Sqlite, &asked(7)), DbBackend::Sqlite);
        assert!(
            sqlite.contains("(bell0000) AND (rang0000 OR rung0000)") && sqlite.contains("spoken MATCH ?"),
            "{sqlite}"
        );
        let postgres = values(of_title(DbBackend::Postgres, &asked(7)), DbBackend::Postgres);
        assert!(postgres.contains("zz7 & (bell0000) & (rang0000 | rung0000)"), "{postgres}");
        let mariadb = values(of_titles(&[asked(7), asked(8)]), DbBackend::MySql);
        let words = "(+(bell0000z7) +(rang0000z7 rung0000z7)) (+(bell0000z8) +(rang0000z8 rung0000z8))";
        assert!(mariadb.contains(words), "{mariadb}");
    }
}
