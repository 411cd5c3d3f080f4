//! Browsers in which somebody has logged in before. Each has a cookie; what others try elsewhere never keeps it out
//! (OWASP: Slow Down Online Guessing Attacks with Device Cookies).

use crate::entities::devices::{ActiveModel, Column, Entity};
use crate::entities::users;
use crate::{Db, Result, Timestamp, secret};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Days that a browser is known for without a log-in. Browsers keep no cookie longer.
pub const DAYS: i64 = 400;

/// Whether a cookie was given to a browser in which this account logged in.
pub async fn is_known(db: &Db, token: &str, email: &str) -> Result<bool> {
    let fresh = Column::SeenAt.gt(db.now().plus_ms(-DAYS * Timestamp::DAY_MS));
    let Some(device) = Entity::find_by_id(secret::digest(token)).filter(fresh).one(db.read()).await? else {
        return Ok(false);
    };
    let owner = users::Entity::find_by_id(device.user_id).one(db.read()).await?;
    Ok(owner.is_some_and(|owner| owner.email == email))
}

/// Remembers the browser in which somebody logged in. Gives the cookie to keep, when it is a new one: a cookie of
/// somebody else's is never taken over, so that nobody can plant one.
pub async fn remember(db: &Db, user_id: Uuid, token: Option<&str>) -> Result<Option<String>> {
    let now = db.now();
    if let Some(token) = token {
        let known = Entity::update_many()
            .col_expr(Column::SeenAt, Expr::value(now))
            .filter(Column::Id.eq(secret::digest(token)))
            .filter(Column::UserId.eq(user_id));
        if known.exec(db.read()).await?.rows_affected > 0 {
            return Ok(None);
        }
    }
    let token = secret::token();
    let device =
        ActiveModel { id: Set(secret::digest(&token)), user_id: Set(user_id), created_at: Set(now), seen_at: Set(now) };
    Entity::insert(device).exec_without_returning(db.read()).await?;
    Ok(Some(token))
}

/// Forgets the browsers in which nobody logged in for long, and says how many there were.
pub async fn delete_forgotten(db: &Db) -> Result<u64> {
    let old = Column::SeenAt.lte(db.now().plus_ms(-DAYS * Timestamp::DAY_MS));
    Ok(Entity::delete_many().filter(old).exec(db.read()).await?.rows_affected)
}
