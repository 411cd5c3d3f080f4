//! Coupons: how one is found, what it takes off, and why it may not.

use super::shares::hundredths;
use super::{CouponRefusal, Quote};
use crate::db::BATCH;
use crate::entities::coupons::{Column, Entity, Model};
use crate::entities::{audiobook_categories, coupon_categories, coupon_titles};
use crate::{Error, Money, Refusal, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// Longest code, in characters.
pub(crate) const LONGEST: usize = 40;

/// A coupon that somebody wants to use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub coupon: &'a Model,
    /// They have used it before, and it is once for each person.
    pub used: bool,
}

impl Asked<'_> {
    /// Whether it takes something off, as far as one can say without reckoning.
    pub(super) fn judge(&self, quote: &Quote, covered: &HashSet<Uuid>, now: Timestamp) -> Result<(), CouponRefusal> {
        let coupon = self.coupon;
        if coupon.off_at.is_some() || coupon.ends_at.is_some_and(|end| end <= now) {
            return Err(CouponRefusal::Over);
        }
        if coupon.starts_at > now {
            return Err(CouponRefusal::NotYet(coupon.starts_at));
        }
        if coupon.max_uses.is_some_and(|most| coupon.uses >= most) {
            return Err(CouponRefusal::UsedUp);
        }
        if self.used {
            return Err(CouponRefusal::UsedByYou);
        }
        // No coupon is taken off yet: the total is what bundles leave.
        let foreign = quote.total.currency.code() != coupon.currency;
        if covered.is_empty() || foreign && (coupon.percent.is_none() || coupon.minimum_minor > 0) {
            return Err(CouponRefusal::ForNothing);
        }
        if quote.total.minor < coupon.minimum_minor {
            return Err(CouponRefusal::BelowMinimum(Money::new(coupon.minimum_minor, quote.total.currency)));
        }
        Ok(())
    }
}

impl CouponRefusal {
    /// Why, as a refusal with its sentence.
    pub fn refusal(self) -> Refusal {
        let because = |code: &'static str| Refusal::from(code);
        match self {
            Self::Unknown => because("coupon.unknown"),
            Self::NotYet(at) => because("coupon.not-yet").with("date", at.date()),
            Self::Over => because("coupon.over"),
            Self::UsedUp => because("coupon.used-up"),
            Self::UsedByYou => because("coupon.used-by-you"),
            Self::BelowMinimum(minimum) => because("coupon.below-minimum").with("minimum", minimum),
            Self::ForNothing => because("coupon.for-nothing"),
        }
    }
}

/// A code as it is kept: without spaces, in capitals.
pub(crate) fn code(typed: &str) -> String {
    typed.chars().filter(|sign| !sign.is_whitespace()).take(LONGEST + 1).flat_map(char::to_uppercase).collect()
}

/// The coupon of a code, as it was typed.
pub(crate) async fn find(db: &impl ConnectionTrait, typed: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Code.eq(code(typed))).one(db).await?)
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// A coupon, held until the transaction ends: nobody else uses it meanwhile.
pub(crate) async fn locked(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// Counts a use (1) or gives it back (-1).
pub(crate) async fn count(tx: &Tx, id: Uuid, by: i32) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Uses, Expr::col(Column::Uses).add(by))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What a coupon takes off prices that come to this, in minor units: never more than they do.
pub(super) fn takes_off(coupon: &Model, sum: i64) -> i64 {
    let whole = match coupon.percent {
        Some(percent) => hundredths(sum, i64::from(percent)),
        None => coupon.amount_minor.unwrap_or(0),
    };
    whole.clamp(0, sum)
}

/// Those of some titles that a coupon is for.
pub(super) async fn covered(db: &impl ConnectionTrait, coupon: &Model, titles: &[Uuid]) -> Result<HashSet<Uuid>> {
    if coupon.everything {
        return Ok(titles.iter().copied().collect());
    }
    let mut covered = HashSet::new();
    for batch in titles.chunks(BATCH) {
        let chosen: Vec<Uuid> = coupon_titles::Entity::find()
            .select_only()
            .column(coupon_titles::Column::AudiobookId)
            .filter(coupon_titles::Column::CouponId.eq(coupon.id))
            .filter(coupon_titles::Column::AudiobookId.is_in(batch.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        let shelves = Query::select()
            .column(coupon_categories::Column::CategoryId)
            .from(coupon_categories::Entity)
            .and_where(coupon_categories::Column::CouponId.eq(coupon.id))
            .to_owned();
        let shelved: Vec<Uuid> = audiobook_categories::Entity::find()
            .select_only()
            .column(audiobook_categories::Column::AudiobookId)
            .filter(audiobook_categories::Column::AudiobookId.is_in(batch.iter().copied()))
            .filter(audiobook_categories::Column::CategoryId.in_subquery(shelves))
            .into_tuple()
            .all(db)
            .await?;
        covered.extend(chosen.into_iter().chain(shelved));
    }
    Ok(covered)
}

impl From<CouponRefusal> for Error {
    fn from(refused: CouponRefusal) -> Self {
        Self::invalid("coupon", refused.refusal())
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_code_is_the_same_in_small_letters_and_with_spaces() {
        assert_eq!(code(" winter 25\u{a0}"), "WINTER25");
        assert!(code(&"x".repeat(500)).len() <= 41);
    }
}
