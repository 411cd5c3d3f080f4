//! Bundles, as admins keep them. What one took off an order stands in the order.

use super::form::{money, phase, times};
use super::{BundleForm, BundleRow, Chosen, LONGEST_NAME, Phase, chosen};
use crate::audit::{self, Action, Entry};
use crate::catalog::form::{moment_text, price, required_line};
use crate::entities::bundles::{Column, Entity, Model};
use crate::entities::{audiobooks, bundle_titles};
use crate::keyset::{Part, Place, Walk};
use crate::pricing::bundles::TITLES;
use crate::{Currency, Db, Error, Money, Page, PageRequest, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A page of all bundles, the newest first.
pub async fn list(db: &Db, page: PageRequest) -> Result<Page<BundleRow>> {
    let total = Entity::find().count(db.read()).await?;
    let newest = Entity::find().order_by_desc(Column::Id).offset(page.offset()).limit(u64::from(page.size));
    Ok(Page::new(rows(db, newest.all(db.read()).await?).await?, total, page))
}

/// A part of the same list, for programs.
pub async fn walk(db: &Db, walk: Walk<'_>) -> Result<Part<BundleRow>> {
    let newest = walk.newest(Entity::find(), Column::Id).all(db.read()).await?;
    let part = walk.part(newest, |row| Place::at_id(row.id));
    Ok(Part { items: rows(db, part.items).await?, next: part.next })
}

async fn rows(db: &Db, rows: Vec<Model>) -> Result<Vec<BundleRow>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut names: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (id, _, name) in titles_of(db.read(), &ids).await? {
        names.entry(id).or_default().push(name);
    }
    let row = |row: Model| {
        Ok(BundleRow {
            id: row.id,
            price: money(row.price_minor, &row.currency)?,
            titles: names.remove(&row.id).unwrap_or_default(),
            phase: phase(row.starts_at, row.ends_at, db.now()),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            name: row.name,
        })
    };
    rows.into_iter().map(row).collect()
}

/// The titles of some bundles, by their names: the bundle, the title's slug and its name.
async fn titles_of(db: &impl ConnectionTrait, bundles: &[Uuid]) -> Result<Vec<(Uuid, String, String)>> {
    let mut query = bundle_titles::Entity::find()
        .select_only()
        .column(bundle_titles::Column::BundleId)
        .columns([audiobooks::Column::Slug, audiobooks::Column::Title])
        .filter(bundle_titles::Column::BundleId.is_in(bundles.iter().copied()))
        .order_by_asc(audiobooks::Column::Title);
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((bundle_titles::Entity, bundle_titles::Column::AudiobookId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, audiobooks::Entity, same);
    Ok(query.into_tuple().all(db).await?)
}

/// What the form of a bundle shows.
///
/// # Errors
/// `NotFound` without such a bundle.
pub async fn form(db: &Db, id: Uuid) -> Result<BundleForm> {
    let bundle = Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("bundle"))?;
    let titles: Vec<String> = titles_of(db.read(), &[id]).await?.into_iter().map(|(_, slug, _)| slug).collect();
    Ok(BundleForm {
        price: money(bundle.price_minor, &bundle.currency)?.decimal(),
        titles: titles.join("\n"),
        starts: moment_text(Some(bundle.starts_at)),
        ends: moment_text(bundle.ends_at),
        name: bundle.name,
    })
}

/// Makes a bundle, or changes one that is not over: `id` names it. Its price is in the shop's own currency.
///
/// # Errors
/// `Invalid` with what to do; `Conflict` for a bundle that is over; `NotFound` without such a bundle.
pub async fn save(db: &Db, id: Option<Uuid>, form: &BundleForm, currency: Currency) -> Result<Uuid> {
    let name = required_line("name", &form.name, LONGEST_NAME, "promotion.no-name")?;
    let price_minor = price("price", &form.price, currency)?;
    let (starts_at, ends_at) = times(&form.starts, &form.ends, db.now())?;
    db.transaction(async |tx| {
        let titles = titles(&tx, form, price_minor, currency).await?;
        let before = match id {
            Some(id) => Some(locked(&tx, id).await?),
            None => None,
        };
        if before.as_ref().is_some_and(|bundle| phase(bundle.starts_at, bundle.ends_at, tx.now()) == Phase::Over) {
            return Err(Error::conflict("bundle.over"));
        }
        let bundle = Model {
            id: id.unwrap_or_else(Uuid::now_v7),
            name: name.clone(),
            price_minor,
            currency: currency.code().to_owned(),
            titles: i32::try_from(titles.len()).unwrap_or(i32::MAX),
            starts_at,
            ends_at,
            created_at: before.as_ref().map_or(tx.now(), |bundle| bundle.created_at),
            updated_at: tx.now(),
        };
        let (id, action) = (bundle.id, if before.is_some() { Action::BundleSaved } else { Action::BundleMade });
        if before.is_some() {
            bundle.into_active_model().reset_all().update(&tx).await?;
            bundle_titles::Entity::delete_many().filter(bundle_titles::Column::BundleId.eq(id)).exec(&tx).await?;
        } else {
            Entity::insert(bundle.into_active_model()).exec_without_returning(&tx).await?;
        }
        let rows = titles.iter().map(|title| bundle_titles::Model { bundle_id: id, audiobook_id: *title });
        let rows = rows.map(IntoActiveModel::into_active_model);
        bundle_titles::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        let details = json!({
            "name": name,
            "price": Money::new(price_minor, currency).to_string(),
            "titles": titles.len(),
            "starts": starts_at.rfc3339(),
            "ends": ends_at.map(Timestamp::rfc3339),
        });
        audit::record(&tx, Entry::new(action).on("bundle", id).with(details)).await?;
        Ok(id)
    })
    .await
}

/// The titles that were typed, if a bundle of them at that price is worth anything.
///
/// # Errors
/// `Invalid` on the field `titles` or `price`.
async fn titles(tx: &Tx, form: &BundleForm, price_minor: i64, currency: Currency) -> Result<Vec<Uuid>> {
    let chosen = Chosen { titles: form.titles.clone(), ..Chosen::default() };
    let ids = chosen::find(tx, &chosen).await?.titles;
    if !TITLES.contains(&ids.len()) {
        return Err(Error::invalid("titles", "bundle.titles"));
    }
    let rows = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(ids.iter().copied())).all(tx).await?;
    if let Some(other) = rows.iter().find(|title| title.currency != currency.code()) {
        let refused = Error::invalid("titles", "bundle.other-currency");
        return Err(refused.with("title", &other.title).with("currency", currency.code()));
    }
    let sum: i64 = rows.iter().map(|title| title.price_minor).sum();
    if price_minor >= sum {
        return Err(Error::invalid("price", "bundle.not-cheaper").with("sum", Money::new(sum, currency)));
    }
    Ok(ids)
}

/// Ends a bundle at once; one that was to come never counts. Doing it again changes nothing.
///
/// # Errors
/// `NotFound` without such a bundle.
pub async fn end(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let bundle = locked(&tx, id).await?;
        if phase(bundle.starts_at, bundle.ends_at, tx.now()) == Phase::Over {
            return Ok(());
        }
        let details = json!({ "name": bundle.name });
        let mut row = bundle.into_active_model();
        row.ends_at = sea_orm::Set(Some(tx.now()));
        row.updated_at = sea_orm::Set(tx.now());
        row.update(&tx).await?;
        audit::record(&tx, Entry::new(Action::BundleEnded).on("bundle", id).with(details)).await
    })
    .await
}

async fn locked(tx: &Tx, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("bundle"))
}
