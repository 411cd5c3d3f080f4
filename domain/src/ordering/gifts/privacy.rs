//! What gifts know of people: to take along, and to forget.

use super::mail;
use crate::catalog::titles::names_of;
use crate::db::BATCH;
use crate::entities::gifts::{Column, Entity, Model};
use crate::entities::orders;
use crate::ordering::OrderStatus;
use crate::{Day, Db, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// A gift that somebody gave or got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub id: Uuid,
    pub title: String,
    /// The number of the order; nobody's business but the buyer's.
    pub number: Option<String>,
    /// The address that the mail goes to; for the buyer.
    pub recipient: Option<String>,
    pub recipient_name: Option<String>,
    pub sender: Option<String>,
    pub message: Option<String>,
    pub send_on: Day,
    pub sent_at: Option<Timestamp>,
    pub redeemed_at: Option<Timestamp>,
}

/// Some of the gifts that somebody bought, in the order in which they were made: those after the one with the id `after`,
/// at most `most`.
pub async fn given_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Given>> {
    let mine = Query::select()
        .column(orders::Column::Id)
        .from(orders::Entity)
        .and_where(orders::Column::UserId.eq(user_id))
        .to_owned();
    let rows = after_id(Entity::find().filter(Column::OrderId.in_subquery(mine)), after, most).all(db.read()).await?;
    let numbers: Vec<(Uuid, String)> = orders::Entity::find()
        .select_only()
        .columns([orders::Column::Id, orders::Column::Number])
        .filter(orders::Column::Id.is_in(rows.iter().map(|row| row.order_id)))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut numbers: HashMap<Uuid, String> = numbers.into_iter().collect();
    let mut names = names(db, &rows).await?;
    let given = |row: Model| Given {
        number: numbers.remove(&row.order_id),
        recipient: row.recipient.clone(),
        ..both(row, &mut names)
    };
    Ok(rows.into_iter().map(given).collect())
}

/// Some of the gifts that somebody accepted, as [`given_after`].
pub async fn accepted_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Given>> {
    let rows = after_id(Entity::find().filter(Column::RedeemedBy.eq(user_id)), after, most).all(db.read()).await?;
    let mut names = names(db, &rows).await?;
    Ok(rows.into_iter().map(|row| both(row, &mut names)).collect())
}

fn after_id(query: sea_orm::Select<Entity>, after: Option<Uuid>, most: u64) -> sea_orm::Select<Entity> {
    let query = query.order_by_asc(Column::Id).limit(most);
    match after {
        Some(after) => query.filter(Column::Id.gt(after)),
        None => query,
    }
}

async fn names(db: &Db, rows: &[Model]) -> Result<HashMap<Uuid, (String, String)>> {
    names_of(db, &rows.iter().map(|row| row.audiobook_id).collect::<Vec<_>>()).await
}

/// What both sides may know.
fn both(row: Model, names: &mut HashMap<Uuid, (String, String)>) -> Given {
    Given {
        id: row.id,
        title: names.get(&row.audiobook_id).map(|(_, title)| title.clone()).unwrap_or_default(),
        number: None,
        recipient: None,
        recipient_name: row.recipient_name,
        sender: row.sender_name,
        message: row.message,
        send_on: Day(row.send_on),
        sent_at: row.sent_at,
        redeemed_at: row.redeemed_at,
    }
}

/// Forgets whom a buyer gave to and what was said, and that somebody accepted a gift. What was paid for is still given: of a
/// gift whose mail has not left yet, this is forgotten when it leaves.
pub(in crate::ordering) async fn forget(tx: &Tx, user_id: Uuid, bought: &[(Uuid, OrderStatus)]) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RedeemedBy, Expr::value(None::<Uuid>))
        .filter(Column::RedeemedBy.eq(user_id))
        .exec(tx)
        .await?;
    for some in bought.chunks(BATCH) {
        let gifts = Entity::find().filter(Column::OrderId.is_in(some.iter().map(|(id, _)| *id))).all(tx).await?;
        let paid = |gift: &Model| some.iter().any(|(id, status)| *id == gift.order_id && status.is_paid());
        let waits = |gift: &Model| paid(gift) && gift.sent_at.is_none() && gift.redeemed_at.is_none();
        let (later, now): (Vec<Model>, Vec<Model>) = gifts.into_iter().partition(waits);
        mail::forget(tx, &now.iter().map(|gift| gift.id).collect::<Vec<_>>()).await?;
        if !later.is_empty() {
            Entity::update_many()
                .col_expr(Column::Forget, Expr::value(true))
                .filter(Column::Id.is_in(later.iter().map(|gift| gift.id)))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}
