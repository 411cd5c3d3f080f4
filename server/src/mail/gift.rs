//! The mail of a gift.

use super::layout::Piece;
use super::renderer::words;
use super::{MailRenderer, Mails};
use crate::jobs::JobError;
use domain::account::email::mail::GiftWords;
use domain::jobs::Claim;
use domain::ordering::gifts::mail::{self, SendGift};
use domain::settings::ShopSettings;

/// Writes the mail of a gift and sends it, unless by now there is nothing to give, and notes that it has left.
pub async fn send(mails: Mails, job: SendGift, claim: Claim) -> Result<(), JobError> {
    if let Some(letter) = mail::prepare(&mails.db, mails.vault.as_ref(), &claim, &job).await? {
        mails.post(&letter).await?;
        mail::left(&mails.db, &job).await?;
    }
    Ok(())
}

/// The subject of the mail, and what it says.
pub(super) fn words_of(renderer: &MailRenderer, shop: &ShopSettings, gift: &GiftWords) -> (&'static str, Vec<Piece>) {
    let sender = gift.sender.as_deref().unwrap_or("Somebody");
    let mut pieces = vec![words(&format!("{sender} has given you an audiobook: “{}”.", gift.title))];
    if let Some(message) = &gift.message {
        pieces.push(words(&format!("{sender} writes:")));
        pieces.push(Piece::Lines(message.lines().map(str::to_owned).collect()));
    }
    pieces.push(renderer.button("Open your gift", &format!("/gift/{}", gift.code.expose())));
    pieces.push(words(&format!(
        "You accept it at {}, where it is yours to keep and to hear. You need an account there, which costs nothing. The \
         link works once, for whoever uses it first: do not pass this mail on, unless you pass on the gift.",
        shop.name
    )));
    pieces.push(words(&format!(
        "You get this mail because {sender} wrote your address. If you do not want the gift, do nothing: there will be no \
         other mail."
    )));
    ("You have been given an audiobook", pieces)
}
