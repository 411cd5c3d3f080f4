//! How the orders are found that somebody looks for.

use super::{AnyAmount, OrderFilter};
use crate::catalog::search;
use crate::entities::{audiobooks, order_lines, orders, payments, users};
use crate::{Currency, Day, Error, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UnionType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QuerySelect, QueryTrait};

/// Longest text that is searched for, in characters.
const TEXT_MAX: usize = 254;
/// Decimals that most currencies have, and those that others have.
const USUAL: u32 = 2;
const UNUSUAL: [u32; 2] = [0, 3];

/// What stands in the fields of a search for orders, as it was typed; what is empty leaves it open.
#[derive(Clone, Debug, Default)]
pub struct Typed<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub least: &'a str,
    pub most: &'a str,
}

impl OrderFilter {
    /// The same within what was typed.
    ///
    /// # Errors
    /// `Invalid` on the field that holds no day or no amount.
    pub fn within(self, typed: &Typed<'_>) -> Result<Self> {
        Ok(Self {
            from: day("from", typed.from)?,
            to: day("to", typed.to)?,
            least: amount("least", typed.least)?,
            most: amount("most", typed.most)?,
            ..self
        })
    }
}

fn day(field: &'static str, text: &str) -> Result<Option<Day>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Day::parse(text).map(Some).ok_or_else(|| Error::invalid(field, "day.malformed"))
}

fn amount(field: &'static str, text: &str) -> Result<Option<AnyAmount>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let amount = AnyAmount::parse(text).map(Some);
    amount.ok_or_else(|| Error::invalid(field, "price.malformed").with("example", "12.90"))
}

/// What is asked of an order that is looked for.
pub(super) fn wanted(filter: &OrderFilter) -> Condition {
    let mut all = Condition::all()
        .add_option(filter.status.map(|status| orders::Column::Status.eq(status)))
        .add_option(filter.from.map(|day| orders::Column::CreatedAt.gte(day.starts_at())))
        .add_option(filter.to.map(|day| orders::Column::CreatedAt.lt(day.plus(1).starts_at())));
    let text: String = filter.text.trim().chars().take(TEXT_MAX).collect();
    if !text.is_empty() {
        all = all.add(found_by(&text));
    }
    let provider = filter.provider.trim();
    if !provider.is_empty() {
        all = all.add(paid_through(provider));
    }
    if filter.least.is_some() || filter.most.is_some() { all.add(amounts(filter)) } else { all }
}

/// One of its payments was tried through a provider.
fn paid_through(provider: &str) -> Expr {
    let of = |column: payments::Column| Expr::col((payments::Entity, column));
    let tried = Query::select()
        .expr(Expr::value(1))
        .from(payments::Entity)
        .and_where(of(payments::Column::OrderId).equals((orders::Entity, orders::Column::Id)))
        .and_where(of(payments::Column::Provider).eq(provider))
        .to_owned();
    Expr::exists(tried)
}

/// A total between two amounts, whatever its currency calls them.
fn amounts(filter: &OrderFilter) -> Condition {
    let total = orders::Column::TotalMinor;
    let between = |exponent: u32| {
        Condition::all()
            .add_option(filter.least.map(|least| total.gte(least.at_least(exponent))))
            .add_option(filter.most.map(|most| total.lte(most.at_most(exponent))))
    };
    let codes = |exponent: u32| {
        let these = Currency::in_use().filter(move |currency| currency.exponent() == exponent);
        these.map(|currency| currency.code().to_owned())
    };
    let unusual = UNUSUAL.into_iter().flat_map(codes);
    let usual = between(USUAL).add(orders::Column::Currency.is_not_in(unusual));
    let others = UNUSUAL.map(|exponent| between(exponent).add(orders::Column::Currency.is_in(codes(exponent))));
    let any = others.into_iter().fold(Condition::any().add(usual), |any, other| any.add(other));
    // What all of these lie in, for the index.
    Condition::all()
        .add_option(filter.least.map(|least| total.gte(least.at_least(UNUSUAL[0]))))
        .add_option(filter.most.map(|most| total.lte(most.at_most(UNUSUAL[1]))))
        .add(any)
}

/// Whatever begins with a text comes before this.
fn end_of(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

/// An order by its number or its buyer's address, each from the beginning, or by words of a title.
fn found_by(text: &str) -> Condition {
    let (number, address) = (text.to_uppercase(), text.to_lowercase());
    if number.starts_with("L-") {
        let end = end_of(&number);
        return Condition::all().add(orders::Column::Number.gte(number)).add(orders::Column::Number.lt(end));
    }
    let buyers = Query::select()
        .column(users::Column::Id)
        .from(users::Entity)
        .cond_where(
            Condition::all()
                .add(users::Column::Email.lt(end_of(&address)))
                .add(users::Column::Email.gte(address))
                .add(users::Column::DeletedAt.is_null()),
        )
        .to_owned();
    if text.contains('@') {
        return Condition::all().add(orders::Column::UserId.in_subquery(buyers));
    }
    let titles = search::with_words(audiobooks::Entity::find(), text).select_only().column(audiobooks::Column::Id);
    let lines = Query::select()
        .column(order_lines::Column::OrderId)
        .from(order_lines::Entity)
        .cond_where(order_lines::Column::AudiobookId.in_subquery(titles.into_query()))
        .to_owned();
    // One after the other: for an `OR` PostgreSQL reads all orders.
    let found = Query::select()
        .column(orders::Column::Id)
        .from(orders::Entity)
        .cond_where(orders::Column::UserId.in_subquery(buyers))
        .union(UnionType::Distinct, lines)
        .to_owned();
    // A table of its own: MariaDB would ask the two again for each order.
    let ids = Query::select().column(orders::Column::Id).from_subquery(found, Alias::new("found")).to_owned();
    Condition::all().add(orders::Column::Id.in_subquery(ids))
}
