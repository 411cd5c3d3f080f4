//! The codes of an app on the person's phone: TOTP, RFC 6238.

use crate::account::TotpEnrollment;
use crate::entities::second_steps;
use crate::vault::Vault;
use crate::{Db, Error, Result, Timestamp, secret};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

fn name(user_id: Uuid) -> String {
    format!("second step of {user_id}")
}

/// A new secret of an app, sealed.
pub(super) fn new_secret(vault: &dyn Vault, user_id: Uuid) -> Result<String> {
    vault.seal(&name(user_id), &secret::random::<20>())
}

/// `issuer` is what the app calls the shop; what the codes are does not hang on it.
pub(super) fn totp(vault: &dyn Vault, row: &second_steps::Model, issuer: &str, email: &str) -> Result<Totp> {
    let secret = vault.open(&name(row.user_id), &row.secret)?;
    // SHA-1, six digits and thirty seconds are what every app understands; a minute's difference of clocks is forgiven.
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(Secret::from(secret.as_slice()))
        .with_issuer(Some(issuer).filter(|issuer| !issuer.is_empty()))
        .with_account_name(email);
    totp.build().map_err(|error| Error::Damaged(format!("the second step of {}: {error:?}", row.user_id)))
}

/// The time step whose code this is; `None` when it is none of those that count now.
pub(super) fn matching_step(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = u64::try_from(now.0 / 1000).ok().filter(|_| digits)?;
    totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// Whether it is a code that counts now and did not open before. It never opens again.
pub(super) async fn use_code(db: &Db, vault: &dyn Vault, user_id: Uuid, code: &str) -> Result<bool> {
    let Some(row) = second_steps::Entity::find_by_id(user_id).one(db.read()).await? else { return Ok(false) };
    let Some(step) = matching_step(&totp(vault, &row, "", "")?, code, db.now()) else { return Ok(false) };
    // Of two who come with one code at the same time one finds it used.
    let used = second_steps::Entity::update_many()
        .col_expr(second_steps::Column::UsedStep, Expr::value(step))
        .filter(second_steps::Column::UserId.eq(user_id))
        .filter(second_steps::Column::Secret.eq(&row.secret))
        .filter(second_steps::Column::UsedStep.lt(step));
    db.retry(|| async { Ok(used.clone().exec(db.read()).await?.rows_affected == 1) }).await
}

/// What an app is told.
pub(super) fn enrollment(totp: &Totp) -> Result<TotpEnrollment> {
    let address = totp.to_url();
    let address = address.map_err(|error| Error::Damaged(format!("a second step cannot be shown: {error:?}")))?;
    Ok(TotpEnrollment { key: secret::grouped(&totp.secret().to_base32(), " "), address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of the eight digits.
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_skew(1)
            .with_secret(Secret::from(b"12345678901234567890".as_slice()))
            .with_issuer(Some("Lectern"))
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
        let totp = Builder::new().with_secret(Secret::from([7; 20].as_slice())).with_issuer(Some("Lectern"));
        let shown = enrollment(&totp.with_account_name("ada+books@example.com").build().unwrap()).unwrap();
        assert!(shown.address.starts_with("otpauth://totp/Lectern:ada"), "{}", shown.address);
        assert!(shown.address.contains("issuer=Lectern") && !shown.key.contains('='), "{}", shown.address);
        assert!(!format!("{shown:?}").contains(&shown.key));
    }
}
