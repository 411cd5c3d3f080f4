//! A second step at log-in: a code of an app on the person's phone (TOTP, RFC 6238), or one of the recovery codes that they
//! keep for the day the phone is lost.
//!
//! Recovery codes are made from a seed that is kept, sealed, only until their owner says that they are written down; from
//! then on there are digests. So a page can show them as often as it is loaded, and no crash in between leaves somebody
//! with codes that do not count.

use super::email::mail::{self, Notice};
use super::passwords::hashing;
use super::sessions::devices as known_devices;
use super::users::{Account, account, active, active_locked, any};
use super::{ProofNeeded, SecondStep, Setup, sessions, tokens};
use crate::audit::{self, Action, Entry};
use crate::entities::{devices, recovery_codes, second_steps, users};
use crate::limits::{Limits, Rule};
use crate::vault::Vault;
use crate::{Db, Error, Result, Timestamp, Tx, secret};
use qrcode::QrCode;
use qrcode::render::svg;
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

/// Recovery codes that somebody has.
const CODES: u8 = 10;
/// Bytes of a recovery code: 120 bits, so that a plain digest keeps it (ASVS 5.0, 6.5.2), and no letter is wasted.
const CODE_BYTES: usize = 15;
/// Letters of a recovery code.
const CODE_LETTERS: usize = 24;
/// Who the app says that the codes are for.
const ISSUER: &str = "Lectern";

/// What was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    Code,
    RecoveryCode,
}

fn name(user_id: Uuid) -> String {
    format!("second step of {user_id}")
}

fn codes_name(user_id: Uuid) -> String {
    format!("recovery codes of {user_id}")
}

fn begin_again() -> Error {
    Error::conflict("two-factor.nothing-set-up")
}

/// How the second step of somebody stands.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn status(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<SecondStep> {
    let person = any(db.read(), user_id).await?;
    let row = second_steps::Entity::find_by_id(user_id).one(db.read()).await?;
    let codes_left = unused(user_id).count(db.read()).await?;
    let setup = match &row {
        Some(row) if person.second_step_at.is_none() => Some(setup(&totp(vault, row, &person.email)?)?),
        _ => None,
    };
    let new_codes = match row.and_then(|row| row.codes) {
        Some(closed) => codes(&vault.open(&codes_name(user_id), &closed)?),
        None => Vec::new(),
    };
    Ok(SecondStep { since: person.second_step_at, codes_left, setup, new_codes })
}

/// Begins to set it up, or begins again: makes what an app has to be told, and recovery codes. Nothing is asked for yet.
///
/// # Errors
/// `Conflict` when it is on already.
pub async fn enroll(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    let row = second_steps::ActiveModel {
        user_id: Set(user_id),
        secret: Set(vault.seal(&name(user_id), &secret::random::<20>())?),
        codes: Set(Some(new_seed(vault, user_id)?)),
        used_step: Set(0),
        created_at: Set(db.now()),
    };
    let anew = OnConflict::column(second_steps::Column::UserId)
        .update_columns([
            second_steps::Column::Secret,
            second_steps::Column::Codes,
            second_steps::Column::UsedStep,
            second_steps::Column::CreatedAt,
        ])
        .to_owned();
    db.transaction(async |tx| {
        if active_locked(&tx, user_id).await?.second_step_at.is_some() {
            return Err(Error::conflict("two-factor.on-already"));
        }
        second_steps::Entity::insert(row.clone()).on_conflict(anew.clone()).exec_without_returning(&tx).await?;
        Ok(())
    })
    .await
}

/// Turns it on with a code of the app, which shows that the app has understood. The recovery codes that were shown count
/// from now on. Whoever is logged in anywhere is logged out; the account that comes back is to be logged in anew.
///
/// # Errors
/// `Invalid` when the code is not the app's, `Conflict` when nothing is being set up.
pub async fn turn_on(db: &Db, vault: &dyn Vault, user_id: Uuid, code: &str) -> Result<Account> {
    let turned_on = db.transaction(async |tx| {
        let now = tx.now();
        let person = active_locked(&tx, user_id).await?;
        let row = second_steps::Entity::find_by_id(user_id).one(&tx).await?.ok_or_else(begin_again)?;
        let Some(seed) = row.codes.as_deref().filter(|_| person.second_step_at.is_none()) else {
            return Err(begin_again());
        };
        let seed = vault.open(&codes_name(user_id), seed)?;
        let Some(step) = matching_step(&totp(vault, &row, &person.email)?, code, now) else {
            return Err(Error::invalid("code", "two-factor.not-the-app-s-code"));
        };
        set_since(&tx, user_id, Some(now)).await?;
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::UsedStep, Expr::value(step))
            .col_expr(second_steps::Column::Codes, Expr::value(None::<String>))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        replace_codes(&tx, now, user_id, &seed).await?;
        // Those were known by the password alone; each that comes back with a code is known anew.
        devices::Entity::delete_many().filter(devices::Column::UserId.eq(user_id)).exec(&tx).await?;
        changed(&tx, &person, Action::SecondStepOn, Notice::SecondStepOn { at: now }).await?;
        Ok(())
    });
    turned_on.await?;
    account(db, user_id).await?.ok_or(Error::NotFound("account"))
}

/// Turns it off, and forgets the app and the recovery codes. Whoever is logged in anywhere is logged out; the account that
/// comes back is to be logged in anew. Nothing happens when it is off.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn turn_off(db: &Db, user_id: Uuid) -> Result<Account> {
    let turned_off = db.transaction(async |tx| {
        let now = tx.now();
        let person = active_locked(&tx, user_id).await?;
        second_steps::Entity::delete_by_id(user_id).exec(&tx).await?;
        recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user_id)).exec(&tx).await?;
        if person.second_step_at.is_some() {
            set_since(&tx, user_id, None).await?;
            changed(&tx, &person, Action::SecondStepOff, Notice::SecondStepOff { at: now }).await?;
        }
        Ok(())
    });
    turned_off.await?;
    account(db, user_id).await?.ok_or(Error::NotFound("account"))
}

/// Makes other recovery codes. Those from before count until [`keep_codes`].
///
/// # Errors
/// `Conflict` when the second step is off.
pub async fn renew_codes(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    let seed = new_seed(vault, user_id)?;
    db.transaction(async |tx| {
        if active_locked(&tx, user_id).await?.second_step_at.is_none() {
            return Err(Error::conflict("two-factor.off"));
        }
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::Codes, Expr::value(seed.as_str()))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        Ok(())
    })
    .await
}

/// Lets the recovery codes that were shown last count, and no others.
///
/// # Errors
/// `Conflict` when none are shown.
pub async fn keep_codes(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        let on = active_locked(&tx, user_id).await?.second_step_at.is_some();
        let row = second_steps::Entity::find_by_id(user_id).one(&tx).await?;
        let Some(seed) = row.and_then(|row| row.codes).filter(|_| on) else { return Err(begin_again()) };
        let seed = vault.open(&codes_name(user_id), &seed)?;
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::Codes, Expr::value(None::<String>))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        replace_codes(&tx, now, user_id, &seed).await?;
        audit::record(&tx, Entry::new(Action::RecoveryCodesMade).on("account", user_id)).await?;
        Ok(())
    })
    .await
}

/// Tries a code: one of the app, or a recovery code, however it is spaced. Each opens once. Whoever tries too often waits;
/// those in a browser that the account knows do not wait for others.
///
/// # Errors
/// [`Error::TooMany`] with how long to wait.
pub async fn pass(
    db: &Db,
    vault: &dyn Vault,
    limits: &Limits,
    account: &Account,
    code: &str,
    device: Option<&str>,
) -> Result<Option<Passed>> {
    let user = &account.user;
    let known = match device {
        Some(token) => known_devices::is_known(db, token, user.email.as_str()).await?.then_some(token),
        None => None,
    };
    let id = user.id.to_string();
    let place = known.unwrap_or("elsewhere");
    limits.take(Rule::SecondStep, &[&id, place]).await?;
    let typed: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(CODE_LETTERS + 1).collect();
    let passed = if typed.chars().count() == CODE_LETTERS {
        use_recovery_code(db, user.id, &typed.to_uppercase()).await?.then_some(Passed::RecoveryCode)
    } else {
        use_code(db, vault, user.id, &typed).await?.then_some(Passed::Code)
    };
    match passed {
        Some(_) => limits.forget(Rule::SecondStep, &[&id, place]).await?,
        None => {
            let refused =
                Entry::new(Action::SecondStepRefused).refused().by(user.id, &user.email).on("account", user.id);
            audit::record(db, refused).await?;
        }
    }
    Ok(passed)
}

async fn use_code(db: &Db, vault: &dyn Vault, user_id: Uuid, code: &str) -> Result<bool> {
    let Some(row) = second_steps::Entity::find_by_id(user_id).one(db.read()).await? else { return Ok(false) };
    let Some(step) = matching_step(&totp(vault, &row, "")?, code, db.now()) else { return Ok(false) };
    // Of two who come with one code at the same time one finds it used.
    let used = second_steps::Entity::update_many()
        .col_expr(second_steps::Column::UsedStep, Expr::value(step))
        .filter(second_steps::Column::UserId.eq(user_id))
        .filter(second_steps::Column::Secret.eq(&row.secret))
        .filter(second_steps::Column::UsedStep.lt(step));
    db.retry(|| async { Ok(used.clone().exec(db.read()).await?.rows_affected == 1) }).await
}

async fn use_recovery_code(db: &Db, user_id: Uuid, code: &str) -> Result<bool> {
    db.transaction(async |tx| {
        let now = tx.now();
        let used = recovery_codes::Entity::update_many()
            .col_expr(recovery_codes::Column::UsedAt, Expr::value(now))
            .filter(recovery_codes::Column::Digest.eq(secret::digest(code)))
            .filter(recovery_codes::Column::UserId.eq(user_id))
            .filter(recovery_codes::Column::UsedAt.is_null())
            .exec(&tx)
            .await?;
        if used.rows_affected != 1 {
            return Ok(false);
        }
        let person = any(&tx, user_id).await?;
        let left = unused(user_id).count(&tx).await?;
        let user = Account::try_from(person.clone())?.user;
        let line = Entry::new(Action::RecoveryCodeUsed).by(user.id, &user.email).on("account", user_id);
        audit::record(&tx, line.with(json!({ "left": left }))).await?;
        mail::tell(&tx, &person, Notice::RecoveryCodeUsed { at: now, left }).await?;
        Ok(true)
    })
    .await
}

/// What somebody has to give to prove again that it is them.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn proof_needed(db: &Db, user_id: Uuid) -> Result<ProofNeeded> {
    let person = any(db.read(), user_id).await?;
    Ok(ProofNeeded { password: person.password_hash.is_some(), code: person.second_step_at.is_some() })
}

/// Whether somebody who is logged in proves again that it is them, with all that their account asks for at a log-in.
///
/// # Errors
/// `Invalid` at the field that was wrong, [`Error::TooMany`], `Conflict` when the account has neither password nor code.
pub async fn prove(db: &Db, vault: &dyn Vault, limits: &Limits, user_id: Uuid, given: Proof<'_>) -> Result<()> {
    let person = active(db.read(), user_id).await?;
    let hash = person.password_hash.clone();
    let account = Account::try_from(person)?;
    if hash.is_none() && !account.second_step {
        return Err(Error::conflict("account.no-password-to-prove"));
    }
    limits.take(Rule::Reauth, &[&user_id.to_string()]).await?;
    if hash.is_some() && !hashing::verify(given.password, hash.as_deref()).await? {
        audit::record(db, Entry::new(Action::PasswordRefused).refused().on("account", user_id)).await?;
        return Err(Error::invalid("password", "password.wrong"));
    }
    if account.second_step && pass(db, vault, limits, &account, given.code, given.device).await?.is_none() {
        return Err(wrong_code());
    }
    audit::record(db, Entry::new(Action::ProofGiven).on("account", user_id)).await
}

/// What somebody gives to prove again that it is them.
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    pub password: &'a str,
    pub code: &'a str,
    /// The cookie of a browser in which they logged in before.
    pub device: Option<&'a str>,
}

/// What is said of a code that opens nothing.
pub fn wrong_code() -> Error {
    Error::invalid("code", "two-factor.wrong-code")
}

fn unused(user_id: Uuid) -> sea_orm::Select<recovery_codes::Entity> {
    recovery_codes::Entity::find()
        .filter(recovery_codes::Column::UserId.eq(user_id))
        .filter(recovery_codes::Column::UsedAt.is_null())
}

async fn set_since(tx: &Tx, user_id: Uuid, since: Option<Timestamp>) -> Result<()> {
    let now = tx.now();
    users::Entity::update_many()
        .col_expr(users::Column::SecondStepAt, Expr::value(since))
        .col_expr(users::Column::UpdatedAt, Expr::value(now))
        .filter(users::Column::Id.eq(user_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What follows from a change: browsers and programs are logged out, the person is told, and so is the audit trail.
async fn changed(tx: &Tx, person: &users::Model, action: Action, notice: Notice) -> Result<()> {
    let sessions = sessions::delete_of_user(tx, person.id).await?;
    let programs = tokens::end_all(tx, person.id).await?;
    let ended = json!({ "sessions": sessions, "programs": programs });
    audit::record(tx, Entry::new(action).on("account", person.id).with(ended)).await?;
    mail::tell(tx, person, notice).await
}

async fn replace_codes(tx: &impl ConnectionTrait, now: Timestamp, user_id: Uuid, seed: &[u8]) -> Result<()> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user_id)).exec(tx).await?;
    let rows = codes(seed).into_iter().map(|code| recovery_codes::ActiveModel {
        digest: Set(secret::digest(&code.replace('-', ""))),
        user_id: Set(user_id),
        created_at: Set(now),
        used_at: Set(None),
    });
    recovery_codes::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

fn new_seed(vault: &dyn Vault, user_id: Uuid) -> Result<String> {
    vault.seal(&codes_name(user_id), &secret::random::<32>())
}

/// The recovery codes of a seed, in groups of four letters.
fn codes(seed: &[u8]) -> Vec<String> {
    let code = |number: u8| {
        let digest = Sha256::new().chain_update(seed).chain_update([number]).finalize();
        grouped(&Secret::from(&digest[..CODE_BYTES]).to_base32(), "-")
    };
    (0..CODES).map(code).collect()
}

fn grouped(text: &str, between: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}

fn totp(vault: &dyn Vault, row: &second_steps::Model, email: &str) -> Result<Totp> {
    let secret = vault.open(&name(row.user_id), &row.secret)?;
    // SHA-1, six digits and thirty seconds are what every app understands; a minute's difference of clocks is forgiven.
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(Secret::from(secret.as_slice()))
        .with_issuer(Some(ISSUER))
        .with_account_name(email);
    totp.build().map_err(|error| Error::Damaged(format!("the second step of {}: {error:?}", row.user_id)))
}

/// The time step whose code this is; `None` when it is none of those that count now.
fn matching_step(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = u64::try_from(now.0 / 1000).ok().filter(|_| digits)?;
    totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

fn setup(totp: &Totp) -> Result<Setup> {
    let damaged = |error: String| Error::Damaged(format!("a second step cannot be shown: {error}"));
    let address = totp.to_url().map_err(|error| damaged(format!("{error:?}")))?;
    let code = QrCode::new(&address).map_err(|error| damaged(error.to_string()))?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // An element of a page has no XML declaration.
    let picture = picture.split_once("?>").map_or(picture.as_str(), |(_, svg)| svg).to_owned();
    Ok(Setup { key: grouped(&totp.secret().to_base32(), " "), address, picture })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_long_and_each_is_another() {
        let (some, others) = (codes(&[1; 32]), codes(&[2; 32]));
        assert_eq!(some.len(), usize::from(CODES));
        assert!(some.iter().all(|code| code.len() == 29 && code.replace('-', "").len() == CODE_LETTERS));
        let all: std::collections::HashSet<_> = some.iter().chain(&others).collect();
        assert_eq!(all.len(), 20);
        assert_eq!(some, codes(&[1; 32]), "the page shows the same codes again");
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of the eight digits.
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(1)
            .with_secret(Secret::from(b"12345678901234567890".as_slice()))
            .with_issuer(Some(ISSUER))
            .with_account_name("ada@example.com")
            .build()
            .unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(matching_step(&totp, code, Timestamp(seconds * 1000)), Some(seconds / 30), "{seconds}");
            assert_eq!(matching_step(&totp, code, Timestamp((seconds + 60) * 1000)), None, "a minute later");
        }
        let strange = ["", "28708", "2870822", "２８７０８２", "+28708", "28708²"];
        assert!(strange.iter().all(|code| matching_step(&totp, code, Timestamp(59_000)).is_none()));
    }

    #[test]
    fn an_app_is_told_all_it_needs() {
        let totp = Builder::new().with_secret(Secret::from([7; 20].as_slice())).with_issuer(Some(ISSUER));
        let shown = setup(&totp.with_account_name("ada+books@example.com").build().unwrap()).unwrap();
        assert!(shown.address.starts_with("otpauth://totp/Lectern:ada"), "{}", shown.address);
        assert!(shown.address.contains("issuer=Lectern") && !shown.key.contains('='), "{}", shown.address);
        assert!(shown.picture.starts_with("<svg") && !shown.picture.contains("style"), "{}", shown.picture);
        assert!(!format!("{shown:?}").contains(&shown.key));
    }
}
