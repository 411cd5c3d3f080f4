//! Mails about an account: asked for in the transaction of what they are about, and sent by jobs.
//!
//! A job says what happened, never a secret. What the mail says, and whether one is sent at all, is found out when it is
//! sent: so asking for a link takes the same work whether or not an address has an account.

use super::email_tokens::{self, LinkToken};
use super::{Email, TokenPurpose};
use crate::account::users::{find_active, find_by_email, parsed_email};
use crate::account::{Language, Permission, Permissions, Role};
use crate::entities::users::{Column, Entity, Model};
use crate::jobs::{self, Claim, Job, Queue, Unique};
use crate::pricing::Price;
use crate::pricing::tax::TaxSum;
use crate::{Day, Db, Money, Result, Timestamp, Tx, secret};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long an alarm waits for others of its kind, in milliseconds.
const ALARM_AFTER_MS: i64 = 30_000;

/// Why a mail is to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum MailJob {
    /// Somebody wrote this address into the form for those who forgot their password. It may have no account.
    Reset { email: Email },
    /// A person shall confirm their address.
    Verify { user_id: Uuid },
    /// A person shall confirm the address that they want to move to.
    Move { user_id: Uuid, email: Email },
    /// A person shall know what happened to their account.
    Notice {
        /// Whose account it is.
        #[serde(default)]
        user_id: Option<Uuid>,
        email: Email,
        name: Option<String>,
        #[serde(default)]
        language: Language,
        notice: Notice,
    },
    /// A buyer shall know how an order of theirs goes.
    Purchase { user_id: Uuid, purchase: Purchase },
    /// Somebody shall know that what they wish for is on sale.
    OnSale { user_id: Uuid, titles: Vec<SaleTitle> },
    /// An admin shall look at work that was given up.
    JobDied { user_id: Uuid, kind: String, reason: String },
    /// An admin shall know that a buyer's bank wants money back, or what it decided.
    Disputed { user_id: Uuid, number: String, amount: Money, news: DisputeNews },
    /// An admin shall know that an address is told nothing any more: it is `gone`, or was away for days.
    WebhookOff { user_id: Uuid, address: String, gone: bool },
}

impl Job for MailJob {
    const KIND: &'static str = "mail.send";
    const QUEUE: Queue = Queue::Mail;
    /// With the queue's growing waits, about an hour.
    const MAX_ATTEMPTS: i32 = 12;
    const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);

    /// Asking again while the mail has not left yet asks for the same one.
    fn unique(&self) -> Unique {
        match self {
            Self::Reset { email } => Unique::Unfinished(format!("mail:reset:{}", secret::digest(email.as_str()))),
            Self::Verify { user_id } => Unique::Unfinished(format!("mail:verify:{user_id}")),
            Self::Move { user_id, email } => {
                Unique::Unfinished(format!("mail:move:{user_id}:{}", secret::digest(email.as_str())))
            }
            Self::JobDied { user_id, kind, .. } => Unique::Waiting(format!("mail:job-died:{kind}:{user_id}")),
            Self::Notice { .. }
            | Self::Purchase { .. }
            | Self::OnSale { .. }
            | Self::Disputed { .. }
            | Self::WebhookOff { .. } => Unique::No,
        }
    }

    /// Whom it is to or about. An address that may have no account is told by its digest.
    fn group(&self) -> Option<String> {
        match self {
            Self::Reset { email } => Some(group_of_address(email.as_str())),
            Self::Verify { user_id }
            | Self::Move { user_id, .. }
            | Self::Purchase { user_id, .. }
            | Self::OnSale { user_id, .. }
            | Self::JobDied { user_id, .. }
            | Self::Disputed { user_id, .. }
            | Self::WebhookOff { user_id, .. } => Some(group_of(*user_id)),
            Self::Notice { user_id, .. } => user_id.map(group_of),
        }
    }
}

fn group_of(user_id: Uuid) -> String {
    format!("person:{}", user_id.simple())
}

fn group_of_address(email: &str) -> String {
    format!("address:{}", secret::digest(email))
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
    // Mails that wait were written under the older name.
    #[serde(alias = "second-step-on")]
    TwoFactorOn {
        at: Timestamp,
    },
    #[serde(alias = "second-step-off")]
    TwoFactorOff {
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
    /// A token was made that opens the account to a machine.
    MachineTokenMade {
        name: String,
        at: Timestamp,
        ends_at: Timestamp,
    },
}

/// How an order goes, as its buyer is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purchase {
    Receipt {
        number: String,
        lines: Vec<PurchaseLine>,
        /// The code of the coupon, and what it took off.
        #[serde(default)]
        coupon: Option<(String, Money)>,
        /// The taxes in the total.
        #[serde(default)]
        taxes: Vec<TaxSum>,
        total: Money,
        at: Timestamp,
        /// The bundles that its titles were bought in, and what each took off.
        #[serde(default)]
        bundles: Vec<(String, Money)>,
        /// It is a gift: the address that its mail goes to, and on which day.
        #[serde(default)]
        gift: Option<(String, Day)>,
        /// When its buyer agreed to what about the right of withdrawal, in the words of then.
        #[serde(default)]
        agreed: Option<(Timestamp, String)>,
    },
    /// Money was given back; of a charge that came too late without a line.
    Refund {
        number: String,
        lines: Vec<PurchaseLine>,
        amount: Money,
        #[serde(default)]
        by: GivenBackBy,
        /// Those of the titles of which only a part was paid back: they stay.
        #[serde(default)]
        kept: Vec<String>,
        /// It is a gift, which is in somebody else's library or in nobody's.
        #[serde(default)]
        gift: bool,
    },
    PaymentFailed {
        number: String,
        total: Money,
        why: String,
        /// It is a gift, which never was in the cart.
        #[serde(default)]
        gift: bool,
    },
}

/// What is new when a buyer's bank wants money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeNews {
    Opened,
    Won,
    Lost,
}

/// Who gave money back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenBackBy {
    /// The shop, at its own desk.
    #[default]
    Shop,
    /// The shop, at the payment provider itself.
    Provider,
    /// The buyer's bank, which took it from the shop.
    Bank,
}

/// A title in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    pub title: String,
    /// Of a receipt before bundles and the coupon; of a refund what is given back.
    pub price: Money,
    /// The regular price, where it was sold for less.
    #[serde(default)]
    pub list: Option<Money>,
}

/// A title on sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleTitle {
    pub slug: String,
    pub title: String,
    pub price: Price,
}

/// A title that somebody was given, with the code that puts it into their library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftWords {
    pub title: String,
    /// Who gave it, as they sign.
    pub sender: Option<String>,
    /// Plain text, as the giver wrote it.
    pub message: Option<String>,
    pub code: LinkToken,
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
    Purchase(Purchase),
    /// What somebody wishes for is on sale.
    OnSale(Vec<SaleTitle>),
    /// Somebody was given a title.
    Gift(GiftWords),
    /// Work in the background was given up, and a person must look at it.
    JobDied {
        kind: String,
        reason: String,
    },
    /// A buyer's bank wants money of an order back, or has decided about it.
    Disputed {
        number: String,
        amount: Money,
        news: DisputeNews,
    },
    /// An address is told nothing any more: it is `gone`, or was away for days.
    WebhookOff {
        address: String,
        gone: bool,
    },
    /// An admin wanted to see whether mails arrive.
    Trial,
}

/// Asks for a mail.
pub(in crate::account) async fn ask(tx: &Tx, mail_job: &MailJob) -> Result<()> {
    jobs::enqueue(tx, mail_job).await.map(|_| ())
}

/// Tells every admin who looks after production, or after the catalogue or the orders where the job is about them, that it
/// was given up: one mail for all of its kind that die within half a minute.
pub async fn alarm(tx: &Tx, kind: &str, reason: &str) -> Result<()> {
    let admins =
        Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null()).all(tx).await?;
    let about_catalogue = kind.starts_with("catalog.");
    let about_orders = kind.starts_with("ordering.");
    let concerned = |admin: &&Model| {
        let may = Permissions::read(&admin.permissions);
        if about_orders {
            return may.contains(Permission::Orders);
        }
        may.contains(Permission::Production) || (about_catalogue && may.contains(Permission::Catalogue))
    };
    for admin in admins.iter().filter(concerned) {
        let mail_job = MailJob::JobDied { user_id: admin.id, kind: kind.to_owned(), reason: reason.to_owned() };
        jobs::enqueue_at(tx, &mail_job, tx.now().plus_ms(ALARM_AFTER_MS)).await?;
    }
    Ok(())
}

/// Tells every admin who looks after orders that a buyer's bank wants money back, or what it decided.
pub(crate) async fn tell_of_dispute(tx: &Tx, number: &str, amount: Money, news: DisputeNews) -> Result<()> {
    let admins =
        Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null()).all(tx).await?;
    let concerned = |admin: &&Model| Permissions::read(&admin.permissions).contains(Permission::Orders);
    for admin in admins.iter().filter(concerned) {
        ask(tx, &MailJob::Disputed { user_id: admin.id, number: number.to_owned(), amount, news }).await?;
    }
    Ok(())
}

/// Tells every admin who looks after the settings that an address is told nothing any more: it is `gone`, or was away for
/// days.
pub(crate) async fn tell_of_webhook(tx: &Tx, address: &str, gone: bool) -> Result<()> {
    let admins =
        Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null()).all(tx).await?;
    let concerned = |admin: &&Model| Permissions::read(&admin.permissions).contains(Permission::Settings);
    for admin in admins.iter().filter(concerned) {
        ask(tx, &MailJob::WebhookOff { user_id: admin.id, address: address.to_owned(), gone }).await?;
    }
    Ok(())
}

/// Tells a person at their address what happened to their account.
pub(in crate::account) async fn tell(tx: &Tx, person: &Model, notice: Notice) -> Result<()> {
    let (email, language) = (parsed_email(&person.email)?, Language::read(&person.language));
    let mail_job = MailJob::Notice { user_id: Some(person.id), email, name: greeting(person), language, notice };
    ask(tx, &mail_job).await
}

/// Tells a buyer how an order of theirs goes; nobody once the account is deleted.
pub(crate) async fn tell_of_purchase(tx: &Tx, user_id: Uuid, purchase: Purchase) -> Result<()> {
    ask(tx, &MailJob::Purchase { user_id, purchase }).await
}

/// Tells somebody that what they wish for is on sale; nobody who wants no such mails any more when it is sent.
pub(crate) async fn tell_of_sale(tx: &Tx, user_id: Uuid, titles: Vec<SaleTitle>) -> Result<()> {
    ask(tx, &MailJob::OnSale { user_id, titles }).await
}

fn greeting(person: &Model) -> Option<String> {
    person.email_verified_at.map(|_| person.name.clone())
}

/// Calls off whatever mails to a person have not left yet, and forgets those that have: their jobs hold the address.
pub(in crate::account) async fn withdraw(tx: &Tx, person: &Model) -> Result<()> {
    jobs::forget_group(tx, &[group_of(person.id), group_of_address(&person.email)]).await.map(|_| ())
}

/// Finds out what to send; `None` when nothing is. The secret of a link is made here.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn prepare(db: &Db, claim: &Claim, mail_job: &MailJob) -> Result<Option<Letter>> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        letter(&tx, claim.id, mail_job).await
    })
    .await
}

async fn letter(tx: &Tx, job: Uuid, mail_job: &MailJob) -> Result<Option<Letter>> {
    let (person, purpose, to) = match mail_job {
        MailJob::Notice { email, name, language, notice, .. } => {
            let content = Content::Notice(notice.clone());
            return Ok(Some(Letter { to: email.clone(), name: name.clone(), language: *language, content }));
        }
        MailJob::JobDied { user_id, kind, reason } => {
            let Some(person) = find_active(tx, *user_id).await? else { return Ok(None) };
            let content = Content::JobDied { kind: kind.clone(), reason: reason.clone() };
            let (to, language) = (parsed_email(&person.email)?, Language::read(&person.language));
            return Ok(Some(Letter { to, name: greeting(&person), language, content }));
        }
        MailJob::Disputed { user_id, number, amount, news } => {
            let Some(person) = find_active(tx, *user_id).await? else { return Ok(None) };
            let content = Content::Disputed { number: number.clone(), amount: *amount, news: *news };
            let (to, language) = (parsed_email(&person.email)?, Language::read(&person.language));
            return Ok(Some(Letter { to, name: greeting(&person), language, content }));
        }
        MailJob::WebhookOff { user_id, address, gone } => {
            let Some(person) = find_active(tx, *user_id).await? else { return Ok(None) };
            let content = Content::WebhookOff { address: address.clone(), gone: *gone };
            let (to, language) = (parsed_email(&person.email)?, Language::read(&person.language));
            return Ok(Some(Letter { to, name: greeting(&person), language, content }));
        }
        MailJob::Purchase { user_id, purchase } => {
            let Some(person) = find_active(tx, *user_id).await? else { return Ok(None) };
            let content = Content::Purchase(purchase.clone());
            let (to, language) = (parsed_email(&person.email)?, Language::read(&person.language));
            return Ok(Some(Letter { to, name: greeting(&person), language, content }));
        }
        MailJob::OnSale { user_id, titles } => {
            let person = find_active(tx, *user_id).await?;
            let Some(person) = person.filter(|person| person.sale_mails) else { return Ok(None) };
            let (to, language) = (parsed_email(&person.email)?, Language::read(&person.language));
            let content = Content::OnSale(titles.clone());
            return Ok(Some(Letter { to, name: greeting(&person), language, content }));
        }
        MailJob::Reset { email } => (by_email(tx, email).await?, TokenPurpose::Reset, Some(email)),
        MailJob::Verify { user_id } => {
            let person = find_active(tx, *user_id).await?;
            (person.filter(|person| person.email_verified_at.is_none()), TokenPurpose::Confirm, None)
        }
        MailJob::Move { user_id, email } => {
            let person = find_active(tx, *user_id).await?;
            // Not when they have thought better of it.
            let wanted = person.filter(|person| person.pending_email.as_deref() == Some(email.as_str()));
            if wanted.is_some() && by_email(tx, email).await?.is_some() {
                let (to, language) = (email.clone(), Language::default());
                return Ok(Some(Letter { to, name: None, language, content: Content::AddressTaken }));
            }
            (wanted, TokenPurpose::Move, Some(email))
        }
    };
    let Some(person) = person else { return Ok(None) };
    let to = to.map_or_else(|| parsed_email(&person.email), |to| Ok(to.clone()))?;
    let Some(token) = email_tokens::make(tx, job, person.id, purpose, to.as_str()).await? else { return Ok(None) };
    let (name, content) = match purpose {
        TokenPurpose::Reset => (greeting(&person), Content::Reset(token)),
        TokenPurpose::Confirm => (None, Content::Verify(token)),
        TokenPurpose::Move => (None, Content::Move(token)),
    };
    Ok(Some(Letter { to, name, language: Language::read(&person.language), content }))
}

async fn by_email(tx: &Tx, email: &Email) -> Result<Option<Model>> {
    Ok(find_by_email(tx, email).await?.filter(|person| person.disabled_at.is_none()))
}
