//! People and what is theirs.

use super::insert;
use crate::Db;
use crate::account::{Permissions, Role, User};
use crate::entities::{entitlements, users};
use uuid::Uuid;

/// Someone with an account and no password: an admin may do everything. The name has to be one of its own.
pub async fn user(db: &Db, name: &str, role: Role) -> User {
    let permissions = if role == Role::Admin { Permissions::all() } else { Permissions::default() };
    let email = format!("{}@example.com", name.to_lowercase());
    let row = users::Model {
        id: Uuid::now_v7(),
        email: email.clone(),
        name: name.to_owned(),
        email_verified_at: None,
        pending_email: None,
        password_hash: None,
        role,
        permissions: permissions.text(),
        second_step_at: None,
        language: "en".to_owned(),
        currency: None,
        sale_mails: true,
        disabled_at: None,
        deleted_at: None,
        created_at: db.now(),
        updated_at: db.now(),
    };
    let id = row.id;
    insert(db, row).await;
    User { id, email: email.parse().unwrap(), name: name.to_owned(), role, permissions }
}

pub async fn shopper(db: &Db, name: &str) -> User {
    user(db, name, Role::Shopper).await
}

/// Puts a title into someone's library without a purchase; returns the entitlement.
pub async fn give(db: &Db, user: &User, title: Uuid) -> Uuid {
    let entitlement = entitlements::Model {
        id: Uuid::now_v7(),
        user_id: user.id,
        audiobook_id: title,
        order_id: None,
        granted_at: db.now(),
        revoked_at: None,
    };
    let id = entitlement.id;
    insert(db, entitlement).await;
    id
}
