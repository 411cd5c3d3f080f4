//! What somebody wants to give, as it was typed.

use super::code::{self, NewCode};
use super::{GiftForm, LONGEST_MESSAGE, LONGEST_NAME, MOST_DAYS};
use crate::account::{Email, InvalidEmail};
use crate::catalog::form::{optional_line, paragraphs, required_line};
use crate::{Day, Error, Result, Timestamp, Vault};
use uuid::Uuid;

/// The hour of its day at which the mail of a gift goes, in UTC: by then it is that day from California to Japan.
const HOUR_MS: i64 = 9 * 60 * 60_000;

/// A gift that is about to be bought.
#[derive(Clone, Debug)]
pub(in crate::ordering) struct Wish {
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub coupon_id: Option<Uuid>,
    pub code: NewCode,
    pub words: Words,
}

/// Whom it is for and what is said.
#[derive(Clone, Debug)]
pub(in crate::ordering) struct Words {
    pub recipient: Email,
    pub recipient_name: Option<String>,
    pub sender: String,
    pub message: Option<String>,
    pub send_on: Day,
}

impl Wish {
    pub fn new(vault: &dyn Vault, audiobook_id: Uuid, coupon_id: Option<Uuid>, words: Words) -> Result<Self> {
        let id = Uuid::now_v7();
        Ok(Self { id, audiobook_id, coupon_id, code: code::make(vault, id)?, words })
    }
}

impl Words {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `Invalid` on the field that is to be mended.
    pub fn read(form: &GiftForm, now: Timestamp) -> Result<Self> {
        let message = paragraphs("message", &form.message, LONGEST_MESSAGE)?;
        Ok(Self {
            recipient: address(&form.recipient)?,
            recipient_name: optional_line("recipient_name", &form.recipient_name, LONGEST_NAME)?,
            sender: required_line("sender", &form.sender, LONGEST_NAME, "gift.no-sender")?,
            message: Some(message).filter(|message| !message.is_empty()),
            send_on: day(&form.send_on, now)?,
        })
    }
}

/// The address that a mail goes to.
pub(super) fn address(typed: &str) -> Result<Email> {
    typed.parse().map_err(|error: InvalidEmail| Error::invalid("recipient", error))
}

fn day(typed: &str, now: Timestamp) -> Result<Day> {
    let today = Day::of(now);
    if typed.trim().is_empty() {
        return Ok(today);
    }
    let day = Day::parse(typed).ok_or_else(|| Error::invalid("send_on", "day.malformed"))?;
    if (today..=today.plus(MOST_DAYS)).contains(&day) {
        return Ok(day);
    }
    Err(Error::invalid("send_on", "gift.day").with("today", today).with("last", today.plus(MOST_DAYS)))
}

/// When a mail goes that is for a day: at once on that day and after it.
pub(super) fn goes_at(day: Day, now: Timestamp) -> Timestamp {
    if day <= Day::of(now) { now } else { day.starts_at().plus_ms(HOUR_MS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 November 2026, 9:00.
    const NOW: Timestamp = Timestamp(1_795_165_200_000);

    fn form() -> GiftForm {
        GiftForm { recipient: " Bea@Example.com ".into(), sender: "Ada".into(), ..GiftForm::default() }
    }

    fn refused(form: &GiftForm) -> &'static str {
        Words::read(form, NOW).unwrap_err().code()
    }

    #[test]
    fn what_may_be_left_empty_may_be_left_empty() {
        let words = Words::read(&form(), NOW).unwrap();
        assert_eq!((words.recipient.as_str(), words.sender.as_str()), ("bea@example.com", "Ada"));
        assert_eq!((words.recipient_name, words.message, words.send_on), (None, None, Day::of(NOW)));
    }

    #[test]
    fn a_mail_goes_today_or_within_a_year() {
        let on = |day: &str| GiftForm { send_on: day.to_owned(), ..form() };
        let read = |day| Words::read(&on(day), NOW).unwrap().send_on.to_string();
        assert_eq!(["2026-11-20", "2026-12-24", "2027-11-21"].map(read), ["2026-11-20", "2026-12-24", "2027-11-21"]);
        for day in ["2026-11-19", "2027-11-22"] {
            assert_eq!(refused(&on(day)), "gift.day", "{day}");
        }
        assert_eq!(refused(&on("Christmas")), "day.malformed");
    }

    #[test]
    fn a_mail_for_today_goes_at_once_and_another_on_its_day() {
        let today = Day::of(NOW);
        assert_eq!(goes_at(today, NOW), NOW);
        assert_eq!(goes_at(today.plus(-3), NOW), NOW);
        assert_eq!(Day::of(goes_at(today.plus(3), NOW)), today.plus(3));
    }

    #[test]
    fn a_message_is_bounded_and_has_nothing_that_cannot_be_printed() {
        let said = |message: &str| GiftForm { message: message.to_owned(), ..form() };
        assert!(Words::read(&said(&"é".repeat(LONGEST_MESSAGE)), NOW).is_ok());
        assert_eq!(refused(&said(&"é".repeat(LONGEST_MESSAGE + 1))), "form.too-long");
        assert_eq!(refused(&said("a\u{7}")), "form.unprintable");
        assert_eq!(refused(&GiftForm { sender: " ".into(), ..form() }), "gift.no-sender");
        assert_eq!(refused(&GiftForm { recipient: "Bea".into(), ..form() }), "email.malformed");
    }
}
