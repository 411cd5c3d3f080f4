//! Mails about an account: asked for in the transaction of what they are about, and sent by jobs.
//!
//! A job says what happened, never a secret. What the mail says, and whether one is sent at all, is found out when it is
//! sent: so asking for a link takes the same work whether or not an address has an account.

use super::links::{self, LinkToken, Purpose};
use super::{Email, Language, addresses};
use crate::entities::users::{Column, Entity, Model};
use crate::production::JobStatus;
use crate::production::jobs::{self, Claim, Failed, NewJob, Retry};
use crate::{Db, Result, Timestamp, Tx, secret};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of the jobs that send mails.
pub const KIND: &str = "mail";
/// Tries before a mail is given up: with the queue's growing waits, about an hour.
const TRIES: i32 = 12;
/// How long a sent mail's job is kept, and how long one that was given up, for the operator to look at.
const KEEP_SENT_MS: i64 = 24 * 60 * 60_000;
const KEEP_DEAD_MS: i64 = 30 * 24 * 60 * 60_000;

/// Why a mail is to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub(super) enum Errand {
    /// Somebody wrote this address into the form for those who forgot their password. It may have no account.
    Reset { email: Email },
    /// A person shall confirm their address.
    Verify { user_id: Uuid },
    /// A person shall confirm the address that they want to move to.
    Move { user_id: Uuid, email: Email },
    /// A person shall know what happened to their account.
    Notice {
        email: Email,
        name: Option<String>,
        #[serde(default)]
        language: Language,
        notice: Notice,
    },
}

impl Errand {
    /// Asking again while the mail has not left yet asks for the same one.
    fn unique_key(&self) -> Option<String> {
        match self {
            Self::Reset { email } => Some(format!("mail:reset:{}", secret::digest(email.as_str()))),
            Self::Verify { user_id } => Some(format!("mail:verify:{user_id}")),
            Self::Move { .. } | Self::Notice { .. } => None,
        }
    }
}

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    PasswordChanged {
        at: Timestamp,
    },
    /// A move to another address was asked for.
    MoveAsked {
        to: Email,
    },
    Moved {
        to: Email,
    },
    SecondStepOn {
        at: Timestamp,
    },
    SecondStepOff {
        at: Timestamp,
    },
    RecoveryCodeUsed {
        at: Timestamp,
        left: u64,
    },
    GoogleLinked {
        at: Timestamp,
    },
    GoogleUnlinked {
        at: Timestamp,
    },
    AccountDeleted {
        at: Timestamp,
    },
}

/// A mail to be written and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: Email,
    /// Whom it greets. Nobody where the address is not confirmed: a stranger may have registered it, with a name that is
    /// no name.
    pub name: Option<String>,
    pub language: Language,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Reset(LinkToken),
    Verify(LinkToken),
    Move(LinkToken),
    /// The address that somebody wants to move to has an account.
    AddressTaken,
    Notice(Notice),
}

/// Asks for a mail.
pub(super) async fn ask(tx: &Tx, errand: &Errand) -> Result<()> {
    let job = NewJob {
        unique_key: errand.unique_key(),
        max_attempts: TRIES,
        ..NewJob::new(KIND, serde_json::to_value(errand)?)
    };
    jobs::enqueue(tx, job).await.map(|_| ())
}

/// Tells a person at their address what happened to their account.
pub(super) async fn tell(tx: &Tx, person: &Model, notice: Notice) -> Result<()> {
    let (email, language) = (addresses::parsed(&person.email)?, Language::read(&person.language));
    let errand = Errand::Notice { email, name: greeting(person), language, notice };
    ask(tx, &errand).await
}

fn greeting(person: &Model) -> Option<String> {
    person.email_verified_at.map(|_| person.name.clone())
}

/// Calls off whatever mails to a person have not left yet, and forgets those that have: their jobs hold the address.
pub(super) async fn withdraw(tx: &Tx, person: &Model) -> Result<()> {
    let concerns = |errand: &Errand| match errand {
        Errand::Reset { email } => email.as_str() == person.email,
        // One to an address that they had before names the one that they have.
        Errand::Notice { email, notice: Notice::Moved { to } | Notice::MoveAsked { to }, .. } => {
            [email, to].iter().any(|address| address.as_str() == person.email)
        }
        Errand::Notice { email, .. } => email.as_str() == person.email,
        Errand::Verify { user_id } | Errand::Move { user_id, .. } => *user_id == person.id,
    };
    let mut found = Vec::new();
    for text in [person.email.clone(), person.id.to_string()] {
        for (id, payload) in jobs::idle_about(tx, KIND, &text).await? {
            // One that cannot be read names them all the same.
            if serde_json::from_value(payload).map_or(true, |errand| concerns(&errand)) {
                found.push(id);
            }
        }
    }
    jobs::withdraw(tx, &found).await
}

/// Takes the next mail to be sent.
///
/// # Errors
/// From the database.
pub async fn claim(db: &Db, owner: &str, lease_ms: i64) -> Result<Option<Claim>> {
    jobs::claim(db, owner, &[KIND], lease_ms).await
}

/// Finds out what to send; `None` when nothing is. The secret of a link is made here.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands, [`crate::Error::Damaged`] when the job cannot be read.
pub async fn prepare(db: &Db, claim: &Claim) -> Result<Option<Letter>> {
    let errand: Errand = serde_json::from_value(claim.job.payload.clone())?;
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::hold(&tx, claim, now).await?;
        let letter = letter(&tx, claim.job.id, &errand).await?;
        Ok(letter)
    })
    .await
}

async fn letter(tx: &Tx, job: Uuid, errand: &Errand) -> Result<Option<Letter>> {
    let (person, purpose, to) = match errand {
        Errand::Notice { email, name, language, notice } => {
            let content = Content::Notice(notice.clone());
            return Ok(Some(Letter { to: email.clone(), name: name.clone(), language: *language, content }));
        }
        Errand::Reset { email } => (by_email(tx, email).await?, Purpose::Reset, Some(email)),
        Errand::Verify { user_id } => {
            let person = by_id(tx, *user_id).await?;
            (person.filter(|person| person.email_verified_at.is_none()), Purpose::Confirm, None)
        }
        Errand::Move { user_id, email } => {
            let person = by_id(tx, *user_id).await?;
            // Not when they have thought better of it.
            let wanted = person.filter(|person| person.pending_email.as_deref() == Some(email.as_str()));
            if wanted.is_some() && by_email(tx, email).await?.is_some() {
                let (to, language) = (email.clone(), Language::default());
                return Ok(Some(Letter { to, name: None, language, content: Content::AddressTaken }));
            }
            (wanted, Purpose::Move, Some(email))
        }
    };
    let Some(person) = person else { return Ok(None) };
    let to = to.map_or_else(|| addresses::parsed(&person.email), |to| Ok(to.clone()))?;
    let Some(token) = links::make(tx, job, person.id, purpose, to.as_str()).await? else { return Ok(None) };
    let (name, content) = match purpose {
        Purpose::Reset => (greeting(&person), Content::Reset(token)),
        Purpose::Confirm => (None, Content::Verify(token)),
        Purpose::Move => (None, Content::Move(token)),
    };
    Ok(Some(Letter { to, name, language: Language::read(&person.language), content }))
}

async fn by_id(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::DisabledAt.is_null()).one(tx).await?)
}

async fn by_email(tx: &Tx, email: &Email) -> Result<Option<Model>> {
    let person = Entity::find().filter(Column::Email.eq(email.as_str())).filter(Column::DisabledAt.is_null());
    Ok(person.one(tx).await?)
}

/// A mail has left, or none was to be sent.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn done(db: &Db, claim: &Claim) -> Result<()> {
    db.transaction(async |tx| {
        jobs::complete(&tx, claim, db.now()).await?;
        Ok(())
    })
    .await
}

/// A mail could not be sent.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn failed(db: &Db, claim: &Claim, reason: &str, retry: Retry) -> Result<Failed> {
    db.transaction(async |tx| {
        let failed = jobs::fail(&tx, claim, db.now(), reason, retry).await?;
        Ok(failed)
    })
    .await
}

/// Forgets the jobs of mails that left a day ago, and of those that were given up a month ago: they hold addresses.
///
/// # Errors
/// When the database fails.
pub async fn delete_old(db: &Db) -> Result<u64> {
    let now = db.now();
    let sent = jobs::delete_ended(db, KIND, JobStatus::Done, now.plus_ms(-KEEP_SENT_MS)).await?;
    Ok(sent + jobs::delete_ended(db, KIND, JobStatus::Dead, now.plus_ms(-KEEP_DEAD_MS)).await?)
}
