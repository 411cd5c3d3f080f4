//! Sales and coupons, and what an order owes to them. What a title is reduced to is kept beside its price, so that lists are
//! put in order by an index.

use crate::tables::{drop_tables, index, ordered_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const REDUCED: [(&str, &str); 3] = [
    ("reduced_minor", "sale_price_minor"),
    ("reduced_starts_at", "sale_starts_at"),
    ("reduced_ends_at", "sale_ends_at"),
];
const BY_REDUCED: [&str; 3] = ["status", "reduced_minor", "id"];
const BY_SALE: [&str; 3] = ["status", "sale_price_minor", "id"];

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn drop_column(manager: &SchemaManager<'_>, table: &'static str, column: &'static str) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}

async fn drop_index(manager: &SchemaManager<'_>, table: &'static str, columns: &[&str]) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    manager.drop_index(Index::drop().name(name).table(table).to_owned()).await
}

/// Which titles or categories a sale or coupon is for.
async fn chosen(
    manager: &SchemaManager<'_>,
    name: &'static str,
    (owner, owners): (&'static str, &'static str),
    (one, all): (&'static str, &'static str),
) -> Result<(), DbErr> {
    manager
        .create_table(
            table(manager, name)
                .col(uuid(owner))
                .col(uuid(one))
                .primary_key(Index::create().col(owner).col(one))
                .foreign_key(&mut reference(name, owner, owners, ForeignKeyAction::Cascade))
                .foreign_key(&mut reference(name, one, all, ForeignKeyAction::Cascade))
                .to_owned(),
        )
        .await?;
    index(manager, name, &[one]).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (column, _) in REDUCED {
            add(manager, "audiobooks", big_integer_null(column)).await?;
        }
        let mut taken_over = Query::update();
        taken_over.table("audiobooks");
        for (column, from) in REDUCED {
            taken_over.value(column, Expr::col(from));
        }
        let reduced = Expr::col("sale_price_minor").is_not_null();
        manager.get_connection().execute(taken_over.and_where(reduced)).await?;
        index(manager, "audiobooks", &BY_REDUCED).await?;
        drop_index(manager, "audiobooks", &BY_SALE).await?;

        let mut sales = table(manager, "sales");
        sales
            .col(pk_uuid("id"))
            .col(string_len("name", 100))
            .col(integer_null("percent"))
            .col(big_integer_null("price_minor"))
            .col(string_len("currency", 3))
            .col(boolean("everything"))
            .col(big_integer("starts_at"))
            .col(big_integer_null("ends_at"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"));
        manager.create_table(sales).await?;
        index(manager, "sales", &["ends_at"]).await?;
        chosen(manager, "sale_titles", ("sale_id", "sales"), ("audiobook_id", "audiobooks")).await?;
        chosen(manager, "sale_categories", ("sale_id", "sales"), ("category_id", "categories")).await?;

        let mut coupons = table(manager, "coupons");
        coupons
            .col(pk_uuid("id"))
            .col(ordered_text(manager, "code", 40))
            .col(integer_null("percent"))
            .col(big_integer_null("amount_minor"))
            .col(big_integer("minimum_minor"))
            .col(string_len("currency", 3))
            .col(boolean("once_each"))
            .col(integer_null("max_uses"))
            .col(integer("uses").default(0).to_owned())
            .col(boolean("everything"))
            .col(big_integer("starts_at"))
            .col(big_integer_null("ends_at"))
            .col(big_integer_null("off_at"))
            .col(big_integer("created_at"));
        manager.create_table(coupons).await?;
        unique(manager, "coupons", &["code"]).await?;
        chosen(manager, "coupon_titles", ("coupon_id", "coupons"), ("audiobook_id", "audiobooks")).await?;
        chosen(manager, "coupon_categories", ("coupon_id", "coupons"), ("category_id", "categories")).await?;

        add(manager, "carts", uuid_null("coupon_id")).await?;
        add(manager, "orders", uuid_null("coupon_id")).await?;
        add(manager, "orders", string_len_null("coupon_code", 40)).await?;
        add(manager, "orders", big_integer("discount_minor").default(0).to_owned()).await?;
        add(manager, "order_lines", big_integer("discount_minor").default(0).to_owned()).await?;
        index(manager, "orders", &["coupon_id", "user_id"]).await?;

        // Who prices titles may make sales of them.
        let may = "UPDATE users SET permissions = REPLACE(permissions, 'catalogue', 'catalogue,prices') \
                   WHERE permissions LIKE '%catalogue%'";
        manager.get_connection().execute_unprepared(may).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let may = "UPDATE users SET permissions = REPLACE(permissions, 'catalogue,prices', 'catalogue')";
        manager.get_connection().execute_unprepared(may).await?;
        drop_index(manager, "orders", &["coupon_id", "user_id"]).await?;
        drop_column(manager, "order_lines", "discount_minor").await?;
        for column in ["discount_minor", "coupon_code", "coupon_id"] {
            drop_column(manager, "orders", column).await?;
        }
        drop_column(manager, "carts", "coupon_id").await?;
        let tables = ["coupon_categories", "coupon_titles", "coupons", "sale_categories", "sale_titles", "sales"];
        drop_tables(manager, &tables).await?;
        index(manager, "audiobooks", &BY_SALE).await?;
        drop_index(manager, "audiobooks", &BY_REDUCED).await?;
        for (column, _) in REDUCED.iter().rev() {
            drop_column(manager, "audiobooks", column).await?;
        }
        Ok(())
    }
}
