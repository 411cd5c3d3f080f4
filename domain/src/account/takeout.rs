//! What the shop knows of somebody, for them to take along. The parts that may be long are read where they belong: orders
//! and books in `ordering`, places in `listening`, lines of the trail in `audit`.

use super::users::active;
use super::{Permissions, Role};
use crate::entities::{devices, identities, users};
use crate::{Db, Result, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// The account itself, without anything that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub id: Uuid,
    pub email: String,
    pub confirmed_at: Option<Timestamp>,
    pub pending_email: Option<String>,
    pub name: String,
    pub role: Role,
    pub permissions: Permissions,
    pub language: String,
    pub currency: Option<String>,
    pub has_password: bool,
    /// Since when a log-in asks for a code as well.
    pub second_step_at: Option<Timestamp>,
    pub since: Timestamp,
    /// Accounts elsewhere that open this one, such as one at Google.
    pub links: Vec<Link>,
    /// The browsers that a cookie tells: since when, and when they logged in last.
    pub known_browsers: Vec<(Timestamp, Timestamp)>,
}

/// An account elsewhere that opens the one here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub provider: String,
    pub subject: String,
    pub email: Option<String>,
    pub since: Timestamp,
    pub used_at: Timestamp,
}

/// # Errors
/// `NotFound` when there is no such account.
pub async fn facts(db: &Db, user_id: Uuid) -> Result<Facts> {
    let users::Model {
        id,
        email,
        email_verified_at,
        pending_email,
        name,
        role,
        permissions,
        language,
        currency,
        password_hash,
        second_step_at,
        created_at,
        ..
    } = active(db.read(), user_id).await?;
    let browsers = devices::Entity::find()
        .filter(devices::Column::UserId.eq(user_id))
        .order_by_asc(devices::Column::CreatedAt)
        .all(db.read())
        .await?;
    let linked = identities::Entity::find()
        .filter(identities::Column::UserId.eq(user_id))
        .order_by_asc(identities::Column::CreatedAt)
        .all(db.read())
        .await?;
    let link = |row: identities::Model| Link {
        provider: row.provider,
        subject: row.subject,
        email: row.email,
        since: row.created_at,
        used_at: row.used_at,
    };
    Ok(Facts {
        id,
        email,
        confirmed_at: email_verified_at,
        pending_email,
        name,
        role,
        permissions: Permissions::read(&permissions),
        language,
        currency,
        has_password: password_hash.is_some(),
        second_step_at,
        since: created_at,
        links: linked.into_iter().map(link).collect(),
        known_browsers: browsers.into_iter().map(|browser| (browser.created_at, browser.seen_at)).collect(),
    })
}
