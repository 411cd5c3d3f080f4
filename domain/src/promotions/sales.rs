//! Sales of the shop.

use super::chosen::{self, Found, counts, covers};
use super::form::{Given, money, phase, times};
use super::{Chosen, LONGEST_NAME, Phase, SaleForm, SaleRow, Takes};
use crate::audit::{self, Action, Entry};
use crate::catalog::form::{moment_text, required_line};
use crate::entities::sales::{Column, Entity, Model};
use crate::entities::{audiobooks, categories, sale_categories, sale_titles};
use crate::keyset::{Part, Place, Walk};
use crate::pricing::reduced;
use crate::{Currency, Db, Error, Money, Page, PageRequest, Result, Tx};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

/// A page of all sales, the newest first.
pub async fn list(db: &Db, page: PageRequest) -> Result<Page<SaleRow>> {
    let total = Entity::find().count(db.read()).await?;
    let newest = Entity::find().order_by_desc(Column::Id).offset(page.offset()).limit(u64::from(page.size));
    Ok(Page::new(rows(db, newest.all(db.read()).await?).await?, total, page))
}

/// A part of the same list, for programs.
pub async fn walk(db: &Db, walk: Walk<'_>) -> Result<Part<SaleRow>> {
    let newest = walk.newest(Entity::find(), Column::Id).all(db.read()).await?;
    let part = walk.part(newest, |row| Place::at_id(row.id));
    Ok(Part { items: rows(db, part.items).await?, next: part.next })
}

async fn rows(db: &Db, rows: Vec<Model>) -> Result<Vec<SaleRow>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let titles = counts::<sale_titles::Entity, _>(db.read(), sale_titles::Column::SaleId, &ids).await?;
    let shelves = counts::<sale_categories::Entity, _>(db.read(), sale_categories::Column::SaleId, &ids).await?;
    let row = |row: Model| {
        Ok(SaleRow {
            id: row.id,
            takes: match (row.percent, row.price_minor) {
                (Some(percent), _) => Takes::Percent(percent),
                (None, minor) => Takes::Price(money(minor.unwrap_or(0), &row.currency)?),
            },
            covers: covers(row.everything, row.id, &titles, &shelves),
            phase: phase(row.starts_at, row.ends_at, db.now()),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            name: row.name,
        })
    };
    rows.into_iter().map(row).collect()
}

/// What the form of a sale shows.
///
/// # Errors
/// `NotFound` without such a sale.
pub async fn form(db: &Db, id: Uuid) -> Result<SaleForm> {
    let sale = Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("sale"))?;
    let of_sale = Query::select()
        .column(sale_titles::Column::AudiobookId)
        .from(sale_titles::Entity)
        .and_where(sale_titles::Column::SaleId.eq(id))
        .to_owned();
    let titles: Vec<String> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Slug)
        .filter(audiobooks::Column::Id.in_subquery(of_sale))
        .order_by_asc(audiobooks::Column::Slug)
        .into_tuple()
        .all(db.read())
        .await?;
    let shelves = Query::select()
        .column(sale_categories::Column::CategoryId)
        .from(sale_categories::Entity)
        .and_where(sale_categories::Column::SaleId.eq(id))
        .to_owned();
    let categories: Vec<String> = categories::Entity::find()
        .select_only()
        .column(categories::Column::Slug)
        .filter(categories::Column::Id.in_subquery(shelves))
        .into_tuple()
        .all(db.read())
        .await?;
    let price = sale.price_minor.map(|minor| money(minor, &sale.currency).map(Money::decimal)).transpose()?;
    Ok(SaleForm {
        percent: sale.percent.map(|percent| percent.to_string()).unwrap_or_default(),
        price: price.unwrap_or_default(),
        chosen: Chosen { everything: sale.everything, titles: titles.join("\n"), categories },
        starts: moment_text(Some(sale.starts_at)),
        ends: moment_text(sale.ends_at),
        name: sale.name,
    })
}

/// Makes a sale, or changes one that is not over: `id` names it. Its prices are in the shop's own currency.
///
/// # Errors
/// `Invalid` with what to do; `Conflict` for a sale that is over; `NotFound` without such a sale.
pub async fn save(db: &Db, id: Option<Uuid>, form: &SaleForm, currency: Currency) -> Result<Uuid> {
    let name = required_line("name", &form.name, LONGEST_NAME, "promotion.no-name")?;
    let given = Given::read(&form.percent, "price", &form.price, currency)?;
    let (starts_at, ends_at) = times(&form.starts, &form.ends, db.now())?;
    db.transaction(async |tx| {
        let found = chosen::find(&tx, &form.chosen).await?;
        let before = match id {
            Some(id) => Some(locked(&tx, id).await?),
            None => None,
        };
        if before.as_ref().is_some_and(|sale| phase(sale.starts_at, sale.ends_at, tx.now()) == Phase::Over) {
            return Err(Error::conflict("promotion.over"));
        }
        let sale = Model {
            id: id.unwrap_or_else(Uuid::now_v7),
            name: name.clone(),
            percent: given.percent(),
            price_minor: given.minor(),
            currency: currency.code().to_owned(),
            everything: found.everything,
            starts_at,
            ends_at,
            created_at: before.as_ref().map_or(tx.now(), |sale| sale.created_at),
            updated_at: tx.now(),
        };
        let (id, action) = (sale.id, if before.is_some() { Action::SaleSaved } else { Action::SaleMade });
        if before.is_some() {
            sale.into_active_model().reset_all().update(&tx).await?;
        } else {
            Entity::insert(sale.into_active_model()).exec_without_returning(&tx).await?;
        }
        choose(&tx, id, &found).await?;
        reduced::ask(&tx, std::iter::once(starts_at).chain(ends_at)).await?;
        let details = json!({
            "name": name,
            "percent": given.percent(),
            "price": given.minor().map(|minor| Money::new(minor, currency).to_string()),
            "everything": found.everything,
            "titles": found.titles.len(),
            "categories": found.categories.len(),
            "starts": starts_at.rfc3339(),
            "ends": ends_at.map(crate::Timestamp::rfc3339),
        });
        audit::record(&tx, Entry::new(action).on("sale", id).with(details)).await?;
        Ok(id)
    })
    .await
}

/// Ends a sale at once; one that was to come never runs. Doing it again changes nothing.
///
/// # Errors
/// `NotFound` without such a sale.
pub async fn end(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let sale = locked(&tx, id).await?;
        if phase(sale.starts_at, sale.ends_at, tx.now()) == Phase::Over {
            return Ok(());
        }
        let details = json!({ "name": sale.name });
        let mut row = sale.into_active_model();
        row.ends_at = sea_orm::Set(Some(tx.now()));
        row.updated_at = sea_orm::Set(tx.now());
        row.update(&tx).await?;
        reduced::ask(&tx, []).await?;
        audit::record(&tx, Entry::new(Action::SaleEnded).on("sale", id).with(details)).await
    })
    .await
}

async fn locked(tx: &Tx, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("sale"))
}

async fn choose(tx: &Tx, sale_id: Uuid, found: &Found) -> Result<()> {
    sale_titles::Entity::delete_many().filter(sale_titles::Column::SaleId.eq(sale_id)).exec(tx).await?;
    sale_categories::Entity::delete_many().filter(sale_categories::Column::SaleId.eq(sale_id)).exec(tx).await?;
    let titles = found.titles.iter().map(|id| sale_titles::Model { sale_id, audiobook_id: *id }.into_active_model());
    if !found.titles.is_empty() {
        sale_titles::Entity::insert_many(titles).exec_without_returning(tx).await?;
    }
    let shelves = found.categories.iter().map(|id| sale_categories::Model { sale_id, category_id: *id });
    if !found.categories.is_empty() {
        let shelves = shelves.map(IntoActiveModel::into_active_model);
        sale_categories::Entity::insert_many(shelves).exec_without_returning(tx).await?;
    }
    Ok(())
}
