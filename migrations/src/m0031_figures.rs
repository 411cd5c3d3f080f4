//! What was sold, looked at and searched for, by the day; filled from the orders that there are.

use crate::tables::{drop_tables, index, ordered_text, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Holds all that a list of titles is summed from.
const SUMMED: [&str; 8] =
    ["span", "since", "currency", "audiobook_id", "sold", "revenue_minor", "returned", "returned_minor"];

const DAY_MS: i64 = 86_400_000;

fn counts(table: &mut TableCreateStatement, columns: &[&'static str]) {
    for column in columns {
        table.col(big_integer(*column).default(0).to_owned());
    }
}

/// The day of an instant in a column, as a number.
fn day(backend: DbBackend, column: &str) -> String {
    let divide = if backend == DbBackend::MySql { "DIV" } else { "/" };
    let whole = if backend == DbBackend::MySql { "SIGNED" } else { "INTEGER" };
    format!("CAST({column} {divide} {DAY_MS} AS {whole})")
}

/// The first day of the month of an instant in a column, as a number.
fn month(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => {
            format!("CAST(strftime('%s', strftime('%Y-%m-01', {column} / 1000, 'unixepoch')) / 86400 AS INTEGER)")
        }
        DbBackend::Postgres => format!(
            "CAST(date_trunc('month', to_timestamp({column} / 1000) AT TIME ZONE 'UTC')::date - DATE '1970-01-01' AS INTEGER)"
        ),
        _ => {
            let date = format!("DATE_ADD('1970-01-01', INTERVAL {column} DIV {DAY_MS} DAY)");
            format!("CAST(TO_DAYS(DATE_FORMAT({date}, '%Y-%m-01')) - TO_DAYS('1970-01-01') AS SIGNED)")
        }
    }
}

/// The statements that count the orders that there are.
fn recount(backend: DbBackend) -> Vec<String> {
    let whole = if backend == DbBackend::MySql { "SIGNED" } else { "BIGINT" };
    let sum = |column: &str| format!("CAST(COALESCE(SUM({column}), 0) AS {whole})");
    let first = "CASE WHEN NOT EXISTS (SELECT 1 FROM orders e WHERE e.user_id = o.user_id AND e.paid_at IS NOT NULL \
                 AND (e.paid_at < o.paid_at OR (e.paid_at = o.paid_at AND e.id < o.id))) THEN 1 ELSE 0 END";
    let (paid, back) = (day(backend, "o.paid_at"), day(backend, "l.refunded_at"));
    let mut statements = vec![format!(
        "INSERT INTO day_takings (day, currency, orders, sold, revenue_minor, returned, returned_minor, new_customers) \
         SELECT day, currency, {}, {}, {}, {}, {}, {} FROM ( \
           SELECT {paid} AS day, o.currency AS currency, 1 AS orders, 0 AS sold, o.total_minor AS revenue, \
             0 AS returned, 0 AS back, {first} AS customers FROM orders o WHERE o.paid_at IS NOT NULL \
           UNION ALL SELECT {paid}, o.currency, 0, 1, 0, 0, 0, 0 \
             FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.paid_at IS NOT NULL \
           UNION ALL SELECT {back}, o.currency, 0, 0, 0, 1, l.price_minor, 0 \
             FROM order_lines l JOIN orders o ON o.id = l.order_id \
             WHERE o.paid_at IS NOT NULL AND l.refunded_at IS NOT NULL \
         ) moved GROUP BY day, currency",
        sum("orders"),
        sum("sold"),
        sum("revenue"),
        sum("returned"),
        sum("back"),
        sum("customers"),
    )];
    for (span, of) in [(0, day as fn(DbBackend, &str) -> String), (1, month)] {
        let (paid, back) = (of(backend, "o.paid_at"), of(backend, "l.refunded_at"));
        statements.push(format!(
            "INSERT INTO title_takings (span, since, currency, audiobook_id, sold, revenue_minor, returned, returned_minor) \
             SELECT {span}, since, currency, audiobook_id, {}, {}, {}, {} FROM ( \
               SELECT {paid} AS since, o.currency AS currency, l.audiobook_id AS audiobook_id, 1 AS sold, \
                 l.price_minor AS revenue, 0 AS returned, 0 AS back \
                 FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.paid_at IS NOT NULL \
               UNION ALL SELECT {back}, o.currency, l.audiobook_id, 0, 0, 1, l.price_minor \
                 FROM order_lines l JOIN orders o ON o.id = l.order_id \
                 WHERE o.paid_at IS NOT NULL AND l.refunded_at IS NOT NULL \
             ) moved GROUP BY since, currency, audiobook_id",
            sum("sold"),
            sum("revenue"),
            sum("returned"),
            sum("back"),
        ));
    }
    statements.push(format!(
        "INSERT INTO coupon_takings (day, coupon_id, currency, orders, discount_minor, revenue_minor) \
         SELECT day, coupon_id, currency, {}, {}, {} FROM ( \
           SELECT {paid} AS day, o.coupon_id AS coupon_id, o.currency AS currency, 1 AS orders, \
             o.discount_minor AS discount, o.total_minor AS total \
           FROM orders o WHERE o.paid_at IS NOT NULL AND o.coupon_id IS NOT NULL \
         ) moved GROUP BY day, coupon_id, currency",
        sum("orders"),
        sum("discount"),
        sum("total"),
    ));
    statements
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut days = table(manager, "day_takings");
        days.col(integer("day")).col(string_len("currency", 3));
        counts(&mut days, &["orders", "sold", "revenue_minor", "returned", "returned_minor", "new_customers"]);
        days.primary_key(Index::create().col("day").col("currency"));
        manager.create_table(days).await?;

        let mut titles = table(manager, "title_takings");
        titles.col(integer("span")).col(integer("since")).col(string_len("currency", 3)).col(uuid("audiobook_id"));
        counts(&mut titles, &SUMMED[4..]);
        titles
            .primary_key(Index::create().col("span").col("since").col("currency").col("audiobook_id"))
            .foreign_key(&mut reference("title_takings", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade));
        manager.create_table(titles).await?;
        let mut summed = Index::create();
        summed.name("ix_title_takings_summed").table("title_takings");
        for column in SUMMED {
            summed.col(column);
        }
        manager.create_index(summed).await?;
        index(manager, "title_takings", &["audiobook_id", "span", "since"]).await?;

        let mut coupons = table(manager, "coupon_takings");
        coupons.col(integer("day")).col(uuid("coupon_id")).col(string_len("currency", 3));
        counts(&mut coupons, &["orders", "discount_minor", "revenue_minor"]);
        coupons.primary_key(Index::create().col("day").col("coupon_id").col("currency"));
        manager.create_table(coupons).await?;

        let did = ["views", "samples", "carts", "finished"];
        let mut interest = table(manager, "title_interest");
        interest.col(integer("span")).col(integer("since")).col(uuid("audiobook_id"));
        counts(&mut interest, &did);
        interest.primary_key(Index::create().col("span").col("since").col("audiobook_id")).foreign_key(&mut reference(
            "title_interest",
            "audiobook_id",
            "audiobooks",
            ForeignKeyAction::Cascade,
        ));
        manager.create_table(interest).await?;
        index(manager, "title_interest", &["audiobook_id", "span", "since"]).await?;
        index(manager, "title_interest", &["span", "since", "finished"]).await?;

        let mut days = table(manager, "day_interest");
        days.col(integer("day").primary_key().to_owned());
        counts(&mut days, &did);
        manager.create_table(days).await?;

        let mut searches = table(manager, "day_searches");
        searches.col(integer("day")).col(ordered_text(manager, "text", 60));
        counts(&mut searches, &["asked", "empty"]);
        searches.primary_key(Index::create().col("day").col("text"));
        manager.create_table(searches).await?;

        let connection = manager.get_connection();
        for statement in recount(manager.get_database_backend()) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            ["day_searches", "day_interest", "title_interest", "coupon_takings", "title_takings", "day_takings"];
        drop_tables(manager, &tables).await
    }
}
