//! Coupons, as admins make them. They are never deleted: orders name them.

use super::chosen::{self, Found, counts, covers};
use super::form::{Given, money, phase, times};
use super::{CouponForm, CouponRow, Takes};
use crate::audit::{self, Action, Entry};
use crate::catalog::form::price;
use crate::entities::coupons::{Column, Entity, Model};
use crate::entities::{coupon_categories, coupon_titles};
use crate::keyset::{Part, Place, Walk};
use crate::pricing::coupons::{LONGEST, code};
use crate::{Currency, Db, Error, Money, Page, PageRequest, Result, Tx, secret};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

/// Shortest code, in characters.
const SHORTEST: usize = 4;

/// A page of all coupons, the newest first. What they brought is left out: orders know it.
pub(crate) async fn list(db: &Db, page: PageRequest) -> Result<Page<CouponRow>> {
    let total = Entity::find().count(db.read()).await?;
    let newest = Entity::find().order_by_desc(Column::Id).offset(page.offset()).limit(u64::from(page.size));
    Ok(Page::new(rows(db, newest.all(db.read()).await?).await?, total, page))
}

/// A part of the same list, for programs.
pub(crate) async fn walk(db: &Db, walk: Walk<'_>) -> Result<Part<CouponRow>> {
    let newest = walk.newest(Entity::find(), Column::Id).all(db.read()).await?;
    let part = walk.part(newest, |row| Place::at_id(row.id));
    Ok(Part { items: rows(db, part.items).await?, next: part.next })
}

async fn rows(db: &Db, rows: Vec<Model>) -> Result<Vec<CouponRow>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let titles = counts::<coupon_titles::Entity, _>(db.read(), coupon_titles::Column::CouponId, &ids).await?;
    let shelves = counts::<coupon_categories::Entity, _>(db.read(), coupon_categories::Column::CouponId, &ids).await?;
    let row = |row: Model| {
        let minimum = (row.minimum_minor > 0).then(|| money(row.minimum_minor, &row.currency)).transpose()?;
        Ok(CouponRow {
            id: row.id,
            takes: match (row.percent, row.amount_minor) {
                (Some(percent), _) => Takes::Percent(percent),
                (None, minor) => Takes::Amount(money(minor.unwrap_or(0), &row.currency)?),
            },
            minimum,
            once_each: row.once_each,
            max_uses: row.max_uses,
            uses: row.uses,
            brought: Vec::new(),
            covers: covers(row.everything, row.id, &titles, &shelves),
            phase: phase(row.starts_at, row.ends_at, db.now()),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            off: row.off_at.is_some(),
            code: row.code,
        })
    };
    rows.into_iter().map(row).collect()
}

/// Makes a coupon, in the shop's own currency. Returns its code.
///
/// # Errors
/// `Invalid` with what to do, also for a code that there is already.
pub async fn make(db: &Db, form: &CouponForm, currency: Currency) -> Result<String> {
    let code = wanted_code(&form.code)?;
    let given = Given::read(&form.percent, "amount", &form.amount, currency)?;
    if given.minor() == Some(0) {
        return Err(Error::invalid("amount", "promotion.takes-nothing"));
    }
    let minimum_minor = match form.minimum.trim() {
        "" => 0,
        typed => price("minimum", typed, currency)?,
    };
    let (starts_at, ends_at) = times(&form.starts, &form.ends, db.now())?;
    let max_uses = match form.max_uses.trim() {
        "" => None,
        typed => {
            let most = typed.parse().ok().filter(|most| (1..=1_000_000_000).contains(most));
            Some(most.ok_or_else(|| Error::invalid("max_uses", "promotion.uses"))?)
        }
    };
    let outcome = db.transaction(async |tx| {
        let found = chosen::find(&tx, &form.chosen).await?;
        let coupon = Model {
            id: Uuid::now_v7(),
            code: code.clone(),
            percent: given.percent(),
            amount_minor: given.minor(),
            minimum_minor,
            currency: currency.code().to_owned(),
            once_each: form.once_each,
            max_uses,
            uses: 0,
            everything: found.everything,
            starts_at,
            ends_at,
            off_at: None,
            created_at: tx.now(),
        };
        let id = coupon.id;
        Entity::insert(coupon.into_active_model()).exec_without_returning(&tx).await?;
        choose(&tx, id, &found).await?;
        let details = json!({
            "code": code,
            "percent": given.percent(),
            "amount": given.minor().map(|minor| Money::new(minor, currency).to_string()),
            "uses": max_uses,
            "everything": found.everything,
        });
        audit::record(&tx, Entry::new(Action::CouponMade).on("coupon", id).with(details)).await
    });
    match outcome.await {
        Err(error) if error.is_unique_violation() => Err(Error::invalid("code", "promotion.code-taken")),
        outcome => outcome.map(|()| code),
    }
}

/// Switches a coupon off for good. Orders that hold it keep it. Doing it again changes nothing.
///
/// # Errors
/// `NotFound` without such a coupon.
pub async fn switch_off(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let coupon = Entity::find_by_id(id).lock_exclusive().one(&tx).await?.ok_or(Error::NotFound("coupon"))?;
        if coupon.off_at.is_some() {
            return Ok(());
        }
        let details = json!({ "code": coupon.code, "uses": coupon.uses });
        let mut row = coupon.into_active_model();
        row.off_at = sea_orm::Set(Some(tx.now()));
        row.update(&tx).await?;
        audit::record(&tx, Entry::new(Action::CouponOff).on("coupon", id).with(details)).await
    })
    .await
}

/// The code that was typed, or one of 50 random bits, without letters and digits that look alike.
fn wanted_code(typed: &str) -> Result<String> {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let code = code(typed);
    if code.is_empty() {
        return Ok(secret::random::<10>().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).iter().collect());
    }
    let fits = (SHORTEST..=LONGEST).contains(&code.chars().count())
        && code.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
    if fits { Ok(code) } else { Err(Error::invalid("code", "promotion.code")) }
}

async fn choose(tx: &Tx, coupon_id: Uuid, found: &Found) -> Result<()> {
    let titles = found.titles.iter().map(|id| coupon_titles::Model { coupon_id, audiobook_id: *id });
    if !found.titles.is_empty() {
        let titles = titles.map(IntoActiveModel::into_active_model);
        coupon_titles::Entity::insert_many(titles).exec_without_returning(tx).await?;
    }
    let shelves = found.categories.iter().map(|id| coupon_categories::Model { coupon_id, category_id: *id });
    if !found.categories.is_empty() {
        let shelves = shelves.map(IntoActiveModel::into_active_model);
        coupon_categories::Entity::insert_many(shelves).exec_without_returning(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::wanted_code;

    #[test]
    fn a_code_is_of_letters_and_digits_and_made_where_none_is_typed() {
        assert_eq!(wanted_code("winter-25").unwrap(), "WINTER-25");
        assert_eq!(wanted_code("").unwrap().len(), 10);
        assert_ne!(wanted_code("").unwrap(), wanted_code("").unwrap());
        for typed in ["ab", "x_y_z", "näher", &"A".repeat(41)] {
            assert!(wanted_code(typed).is_err(), "{typed}");
        }
    }
}
