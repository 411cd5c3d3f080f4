//! Telling people that something they wish for is on sale: once for each sale and person.

use super::sale_key::{OnSale, on_sale};
use crate::account::email::mail::{self, SaleTitle};
use crate::account::profile;
use crate::catalog::Status;
use crate::catalog::titles::names_of;
use crate::entities::wishes::{Column, Entity};
use crate::entities::{audiobooks, sales_told};
use crate::entitlements::owners_among;
use crate::pricing::listed::Listed;
use crate::pricing::offers::Offers;
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// People looked at together.
const TOGETHER: u64 = 100;
/// Titles in one mail at most.
const IN_A_MAIL: usize = 20;

/// What is new to one person: the keys of the sales, and the titles.
type News = (BTreeSet<String>, Vec<SaleTitle>);

/// Asks for a mail to everybody who wishes for a title that is on sale, wants to know, and was not told of that sale. Says
/// how many. May be cut off at any place and done again.
///
/// # Errors
/// When the database fails.
pub async fn tell(db: &Db) -> Result<u64> {
    let (mut after, mut told) = (None, 0);
    loop {
        let mut some = Entity::find().select_only().column(Column::UserId).distinct();
        if let Some(after) = after {
            some = some.filter(Column::UserId.gt(after));
        }
        let people: Vec<Uuid> = some.order_by_asc(Column::UserId).limit(TOGETHER).into_tuple().all(db.read()).await?;
        told += tell_some(db, &people).await?;
        match people.last() {
            Some(last) if people.len() as u64 == TOGETHER => after = Some(*last),
            _ => return Ok(told),
        }
    }
}

async fn tell_some(db: &Db, people: &[Uuid]) -> Result<u64> {
    let willing = profile::who_wants_sale_mails(db, people).await?;
    let wishes = wishes_on_sale(db, &willing).await?;
    if wishes.is_empty() {
        return Ok(0);
    }
    let news = news(db, &willing, &wishes).await?;
    if news.is_empty() {
        return Ok(0);
    }
    db.transaction(async |tx| {
        let rows = news.iter().flat_map(|(user_id, (keys, _))| {
            let row = |key: &String| sales_told::Model { user_id: *user_id, sale_key: key.clone(), told_at: tx.now() };
            keys.iter().map(row).map(IntoActiveModel::into_active_model)
        });
        // Who was told meanwhile by another run refuses the whole: the next run sees it.
        sales_told::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        // At most as many as are looked at together, each a short insert.
        for (user_id, (_, titles)) in &news {
            mail::tell_of_sale(&tx, *user_id, titles.clone()).await?;
        }
        Ok(news.len() as u64)
    })
    .await
}

/// Who of these wishes for what that may be on sale, by what is kept of its price.
async fn wishes_on_sale(db: &Db, people: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Entity::find()
        .select_only()
        .columns([Column::UserId, Column::AudiobookId])
        .filter(Column::UserId.is_in(people.iter().copied()))
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .filter(audiobooks::Column::ReducedMinor.is_not_null());
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id)).equals((Entity, Column::AudiobookId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, audiobooks::Entity, same);
    Ok(query.into_tuple().all(db.read()).await?)
}

async fn news(db: &Db, people: &[Uuid], wishes: &[(Uuid, Uuid)]) -> Result<BTreeMap<Uuid, News>> {
    let titles: Vec<Uuid> = wishes.iter().map(|(_, title)| *title).collect::<BTreeSet<_>>().into_iter().collect();
    let reduced = on_sale_among(db, &titles).await?;
    let owned = owners_among(db, &titles, people).await?;
    let names = names_of(db, &titles).await?;
    let told: HashSet<(Uuid, String)> = sales_told::Entity::find()
        .filter(sales_told::Column::UserId.is_in(people.iter().copied()))
        .all(db.read())
        .await?
        .into_iter()
        .map(|row| (row.user_id, row.sale_key))
        .collect();
    let mut news: BTreeMap<Uuid, News> = BTreeMap::new();
    for (person, title) in wishes {
        let (Some(sale), Some((slug, name))) = (reduced.get(title), names.get(title)) else { continue };
        if owned.contains(&(*person, *title)) || told.contains(&(*person, sale.key.clone())) {
            continue;
        }
        let (keys, titles) = news.entry(*person).or_default();
        keys.insert(sale.key.clone());
        if titles.len() < IN_A_MAIL {
            titles.push(SaleTitle { slug: slug.clone(), title: name.clone(), price: sale.price });
        }
    }
    Ok(news)
}

async fn on_sale_among(db: &Db, titles: &[Uuid]) -> Result<HashMap<Uuid, OnSale>> {
    let offers = Offers::running(db.read(), titles, db.now()).await?;
    let mut found = HashMap::new();
    for some in titles.chunks(crate::db::BATCH) {
        let listed = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        let listed = listed.into_partial_model::<Listed>().all(db.read()).await?;
        found.extend(on_sale(&offers, &listed, db.now())?.into_iter().map(|sale| (sale.title, sale)));
    }
    Ok(found)
}
