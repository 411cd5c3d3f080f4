//! A mail that only shows whether mails arrive.

use super::Mails;
use crate::jobs::JobError;
use domain::jobs::Claim;
use domain::settings::Finding;
use domain::settings::trials::{self, TryMail};

/// Sends it, and keeps what became of it: where it lies, or what the mail server answered.
pub async fn try_out(mails: Mails, job: TryMail, claim: Claim) -> Result<(), JobError> {
    let Some(letter) = trials::letter(&mails.db, &job).await? else { return Ok(()) };
    let written = mails.write(&letter).await?;
    let finding = match mails.mailer.send(&written).await {
        Ok(where_it_is) => Finding { good: true, words: format!("A mail to {} was sent. {where_it_is}", letter.to) },
        Err(reason) => Finding { good: false, words: format!("A mail to {} did not leave. {reason}", letter.to) },
    };
    Ok(trials::mail_tried(&mails.db, &claim, finding).await?)
}
