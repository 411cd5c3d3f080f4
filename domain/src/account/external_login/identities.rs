//! Accounts that open by the word of another, such as Google. A person is known by the subject that stands in that
//! word: their address there may change, and changes nothing here. An address leads to an account only the first time,
//! and only where both sides have made sure that it is the person's.

use super::GoogleRefusal;
use crate::account::email::mail::{self, Notice};
use crate::account::person_name::PersonName;
use crate::account::users::{Account, active, find_account, find_by_email};
use crate::account::{Email, GoogleLink, GoogleLinkStatus, Role};
use crate::audit::{self, Action, Entry};
use crate::entities::{identities, users};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// How often a log-in or a link that another one has overtaken begins again: it then finds what the other has made.
const TRIES: u32 = 4;

/// What a provider says of somebody. It was checked that it is the provider who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// The issuer, which gives the subject its meaning.
    pub provider: String,
    pub subject: String,
    pub email: Option<Email>,
    /// The provider has made sure that the address is theirs.
    pub email_verified: bool,
    pub name: Option<String>,
}

/// The account that somebody's testimony opens. Who was never here gets one, or the one that has their address.
pub async fn log_in(db: &Db, claims: &ExternalIdentity) -> Result<Result<Account, GoogleRefusal>> {
    for _ in 0..TRIES {
        match arrive(db, claims).await {
            Err(error) if error.is_unique_violation() => {}
            outcome => return outcome,
        }
    }
    Err(Error::Busy)
}

/// Links somebody who is logged in to who they are at the provider. Nothing happens when they are already.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn link(db: &Db, user_id: Uuid, claims: &ExternalIdentity) -> Result<Result<(), GoogleRefusal>> {
    for _ in 0..TRIES {
        match link_identity(db, user_id, claims).await {
            Err(error) if error.is_unique_violation() => {}
            outcome => return outcome,
        }
    }
    Err(Error::Busy)
}

async fn arrive(db: &Db, claims: &ExternalIdentity) -> Result<Result<Account, GoogleRefusal>> {
    db.transaction(async |tx| {
        let now = tx.now();
        let outcome = match by_subject(&tx, claims).await? {
            Some(identity) => {
                note_use(&tx, now, identity.id, claims).await?;
                find_account(&tx, identity.user_id).await?.ok_or(GoogleRefusal::Closed)
            }
            None => first_time(&tx, claims).await?,
        };
        match &outcome {
            Ok(account) => {
                let used = Entry::new(Action::GoogleUsed)
                    .by(account.user.id, &account.user.email)
                    .on("account", account.user.id);
                audit::record(&tx, used).await?;
            }
            Err(refusal) => {
                let known = claims.email.as_ref().map_or_else(|| "(no address)".to_owned(), Email::to_string);
                let failed = Entry::new(Action::LoginFailed).refused().on("account", known);
                audit::record(&tx, failed.with(json!({ "way": "google", "reason": refusal.name() }))).await?;
            }
        }
        Ok(outcome)
    })
    .await
}

/// Somebody whom no identity names yet.
async fn first_time(tx: &Tx, claims: &ExternalIdentity) -> Result<Result<Account, GoogleRefusal>> {
    let Some(email) = claims.email.as_ref().filter(|_| claims.email_verified) else {
        return Ok(Err(GoogleRefusal::Unconfirmed));
    };
    let person = find_by_email(tx, email).await?;
    let person = match person {
        None => return open(tx, claims, email).await.map(Ok),
        Some(person) => person,
    };
    if person.disabled_at.is_some() {
        return Ok(Err(GoogleRefusal::Closed));
    }
    // Anybody may have registered with the address: they would share the account from now on. And whoever protected theirs
    // with a second step links it with that.
    if person.email_verified_at.is_none() || person.second_step_at.is_some() {
        return Ok(Err(GoogleRefusal::LogInFirst));
    }
    let (id, linked) = (person.id, attach(tx, person, claims).await?);
    match linked {
        Ok(()) => find_account(tx, id).await.map(|account| account.ok_or(GoogleRefusal::Closed)),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Opens an account without a password. The provider has confirmed the address.
async fn open(tx: &Tx, claims: &ExternalIdentity, email: &Email) -> Result<Account> {
    let now = tx.now();
    let id = Uuid::now_v7();
    let row = users::ActiveModel {
        id: Set(id),
        email: Set(email.as_str().to_owned()),
        email_verified_at: Set(Some(now)),
        name: Set(PersonName::from_provider(claims.name.as_deref(), email).into()),
        role: Set(Role::Shopper),
        permissions: Set(String::new()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    users::Entity::insert(row).exec_without_returning(tx).await?;
    insert(tx, id, claims).await?;
    let account = find_account(tx, id).await?.ok_or(Error::NotFound("account"))?;
    let registered = Entry::new(Action::Registered).by(account.user.id, &account.user.email).on("account", id);
    audit::record(tx, registered.with(json!({ "way": "google" }))).await?;
    Ok(account)
}

async fn link_identity(db: &Db, user_id: Uuid, claims: &ExternalIdentity) -> Result<Result<(), GoogleRefusal>> {
    db.transaction(async |tx| {
        let now = tx.now();
        let person = active(&tx, user_id).await?;
        let outcome = match by_subject(&tx, claims).await? {
            Some(identity) if identity.user_id == user_id => {
                note_use(&tx, now, identity.id, claims).await?;
                Ok(())
            }
            Some(_) => Err(GoogleRefusal::Taken),
            None => attach(&tx, person, claims).await?,
        };
        if let Err(refusal) = outcome {
            let refused = Entry::new(Action::GoogleLinked).refused().on("account", user_id);
            audit::record(&tx, refused.with(json!({ "reason": refusal.name() }))).await?;
        }
        Ok(outcome)
    })
    .await
}

/// Links an account to an identity that nobody has, and tells the person.
async fn attach(tx: &Tx, person: users::Model, claims: &ExternalIdentity) -> Result<Result<(), GoogleRefusal>> {
    let now = tx.now();
    match of_person(tx, person.id, &claims.provider).await? {
        // Another request has linked them since this one looked.
        Some(identity) if identity.subject == claims.subject => return Ok(Ok(())),
        Some(_) => return Ok(Err(GoogleRefusal::OtherLink)),
        None => {}
    }
    insert(tx, person.id, claims).await?;
    mail::tell(tx, &person, Notice::GoogleLinked { at: now }).await?;
    let user = Account::try_from(person)?.user;
    let linked = Entry::new(Action::GoogleLinked).by(user.id, &user.email).on("account", user.id);
    audit::record(tx, linked.with(json!({ "address": claims.email }))).await?;
    Ok(Ok(()))
}

/// Whether somebody's testimony is that of the person whose account this is.
pub async fn is_of(db: &Db, user_id: Uuid, claims: &ExternalIdentity) -> Result<bool> {
    let identity = by_subject(db.read(), claims).await?.filter(|identity| identity.user_id == user_id);
    if let Some(identity) = &identity {
        note_use(db.read(), db.now(), identity.id, claims).await?;
    }
    Ok(identity.is_some())
}

/// Notes in the trail that somebody proved again, by a provider's word, that it is them.
pub async fn note_reauthentication(db: &Db, user_id: Uuid) -> Result<()> {
    let given = Entry::new(Action::Reauthenticated).on("account", user_id);
    audit::record(db, given.with(json!({ "way": "google" }))).await
}

/// Takes the link to a provider away, and tells the person.
///
/// # Errors
/// `Conflict` when there is no other way into the account, `NotFound` when there is no such account.
pub async fn unlink(db: &Db, user_id: Uuid, provider: &str) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        let person = active(&tx, user_id).await?;
        if person.password_hash.is_none() {
            return Err(Error::conflict("account.google-only-way-in"));
        }
        let gone = identities::Entity::delete_many()
            .filter(identities::Column::UserId.eq(user_id))
            .filter(identities::Column::Provider.eq(provider))
            .exec(&tx)
            .await?;
        if gone.rows_affected > 0 {
            mail::tell(&tx, &person, Notice::GoogleUnlinked { at: now }).await?;
            audit::record(&tx, Entry::new(Action::GoogleUnlinked).on("account", user_id)).await?;
        }
        Ok(())
    })
    .await
}

/// How an account and a provider stand.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn google_link_status(db: &Db, user_id: Uuid, provider: &str) -> Result<GoogleLinkStatus> {
    let person = active(db.read(), user_id).await?;
    let identity = of_person(db.read(), user_id, provider).await?;
    let link = |identity: identities::Model| GoogleLink {
        email: identity.email.and_then(|email| email.parse().ok()),
        since: identity.created_at,
        used_at: identity.used_at,
    };
    Ok(GoogleLinkStatus { link: identity.map(link), has_password: person.password_hash.is_some() })
}

/// Notes in the trail that what came as a provider's word was not believed, or never came.
pub async fn note_refused(db: &Db, action: Action, refusal: GoogleRefusal) -> Result<()> {
    let refused = Entry::new(action).refused();
    audit::record(db, refused.with(json!({ "way": "google", "reason": refusal.name() }))).await
}

async fn by_subject(db: &impl ConnectionTrait, claims: &ExternalIdentity) -> Result<Option<identities::Model>> {
    let identity = identities::Entity::find()
        .filter(identities::Column::Provider.eq(&claims.provider))
        .filter(identities::Column::Subject.eq(&claims.subject));
    Ok(identity.one(db).await?)
}

async fn of_person(db: &impl ConnectionTrait, user_id: Uuid, provider: &str) -> Result<Option<identities::Model>> {
    let identity = identities::Entity::find()
        .filter(identities::Column::UserId.eq(user_id))
        .filter(identities::Column::Provider.eq(provider));
    Ok(identity.one(db).await?)
}

async fn insert(tx: &Tx, user_id: Uuid, claims: &ExternalIdentity) -> Result<()> {
    let now = tx.now();
    let row = identities::Model {
        id: Uuid::now_v7(),
        user_id,
        provider: claims.provider.clone(),
        subject: claims.subject.clone(),
        email: claims.email.clone().map(String::from),
        created_at: now,
        used_at: now,
    };
    identities::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

async fn note_use(db: &impl ConnectionTrait, now: Timestamp, id: Uuid, claims: &ExternalIdentity) -> Result<()> {
    let used = identities::ActiveModel {
        used_at: Set(now),
        email: Set(claims.email.clone().map(String::from)),
        ..Default::default()
    };
    identities::Entity::update_many().set(used).filter(identities::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}
