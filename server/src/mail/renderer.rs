//! What the mails say.

use super::Mail;
use super::layout::{self, Piece};
use super::{dispute, gift, purchase, wishes};
use crate::Config;
use anyhow::Context;
use domain::account::Language;
use domain::account::email::mail::{Content, Letter, Notice};
use domain::settings::ShopSettings;
use domain::settings::legal::Seller;
use domain::{Timestamp, secret};
use lettre::Address;
use lettre::message::Mailbox;

/// Whom mails say they are from.
#[derive(Clone, Debug)]
enum From {
    Configured(Mailbox),
    /// The shop, by its name, at this address.
    Shop(Address),
}

impl From {
    fn of(&self, shop: &ShopSettings) -> Mailbox {
        match self {
            Self::Configured(mailbox) => mailbox.clone(),
            Self::Shop(address) => Mailbox::new(Some(shop.name.clone()), address.clone()),
        }
    }
}

/// Who mails are from, and where their links lead.
#[derive(Clone, Debug)]
pub struct MailRenderer {
    from: From,
    /// Without a slash at the end.
    base: String,
}

impl MailRenderer {
    /// `base` is the address of the shop, without a slash at the end.
    ///
    /// # Errors
    /// When `mail.from` is no address.
    pub fn new(config: &Config, base: String) -> anyhow::Result<Self> {
        let configured = &config.mail.from;
        let from = if configured.is_empty() {
            let host = url::Url::parse(&base).ok().and_then(|url| url.domain().map(str::to_owned));
            let address = format!("no-reply@{}", host.as_deref().unwrap_or("localhost"));
            From::Shop(address.parse().with_context(|| format!("no mail can be from {address}"))?)
        } else {
            let from = configured.parse().with_context(|| format!("mail.from is no address: {configured:?}"))?;
            From::Configured(from)
        };
        Ok(Self { from, base })
    }

    /// Writes a letter.
    pub fn write(&self, letter: &Letter, shop: &ShopSettings, seller: &Seller, now: Timestamp) -> Mail {
        let (subject, about) = self.words(shop, seller, &letter.content, letter.language);
        let from = self.from.of(shop);
        let greeting = letter.name.as_ref().map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
        let mut pieces = vec![Piece::Words(greeting)];
        pieces.extend(about);
        pieces.push(Piece::Words(foot(shop, &self.base)));
        Mail {
            // New with each try: a mail program may hide the second of two mails that have the same one, and of two
            // mails with a link only the second holds the one that works.
            message_id: format!("{}@{}", secret::token(), from.email.domain()),
            date: now,
            from: from.to_string(),
            to: letter.to.to_string(),
            subject: subject.to_owned(),
            text: layout::text(&pieces),
            html: layout::html(letter.language, subject, &pieces),
        }
    }

    fn words(
        &self,
        shop: &ShopSettings,
        seller: &Seller,
        content: &Content,
        language: Language,
    ) -> (&'static str, Vec<Piece>) {
        let name = &shop.name;
        match content {
            Content::Reset(token) => (
                "Choose a new password",
                vec![
                    words(&format!(
                        "Somebody, most likely you, asked to choose a new password for your account at {name}."
                    )),
                    self.button("Choose a new password", &format!("/reset-password?token={}", token.expose())),
                    words("The link works once, for 30 minutes."),
                    words("If it was not you, do nothing: your password stays as it is."),
                ],
            ),
            Content::Verify(token) => (
                "Confirm your address",
                vec![
                    words(&format!("Welcome to {name}. Please confirm that this address is yours.")),
                    self.button("Confirm the address", &format!("/verify-email?token={}", token.expose())),
                    words("The link works once, for 24 hours."),
                    words(&format!(
                        "If you have not registered at {name}, somebody wrote your address by mistake: do nothing."
                    )),
                ],
            ),
            Content::Move(token) => (
                "Confirm your new address",
                vec![
                    words(&format!(
                        "Somebody, most likely you, asked to move their account at {name} to this address. It moves when you confirm the address.",
                    )),
                    self.button("Confirm the address", &format!("/verify-email?token={}", token.expose())),
                    words("The link works once, for 24 hours."),
                    words("If it was not you, do nothing: nothing changes."),
                ],
            ),
            Content::AddressTaken => (
                "This address has an account already",
                vec![
                    words(&format!(
                        "Somebody asked to move their account at {name} to this address. It has an account already, so nothing was changed.",
                    )),
                    words("If it was you, log in with this address; a forgotten password is replaced there."),
                    self.button("Log in", "/login"),
                ],
            ),
            Content::JobDied { kind, reason } => (
                "Work in the background was given up",
                vec![
                    words(&format!(
                        "{name} has given up a job of the kind “{kind}”. Why the last try failed: {reason}"
                    )),
                    words("Somebody has to look at it. It can be put back from the page of the jobs."),
                    self.button("Look at the jobs", "/admin/jobs?status=dead"),
                ],
            ),
            Content::Disputed { number, amount, news } => dispute::words_of(self, name, number, *amount, *news),
            Content::WebhookOff { address, gone } => (
                "A program is told nothing any more",
                vec![
                    words(&if *gone {
                        format!("{address} answered that it is gone for good, so {name} tells it nothing any more.")
                    } else {
                        format!("For days no message to {address} arrived, so {name} tells it nothing any more.")
                    }),
                    words("When it is there again, switch it on. What happened in the meantime it is not told."),
                    self.button("Look at the webhooks", "/admin/webhooks"),
                ],
            ),
            Content::Trial => (
                "Mails from your shop arrive",
                vec![
                    words(&format!("This is the trial that you asked for. Mails from {name} reach you.")),
                    self.button("Back to the settings", "/admin/settings"),
                ],
            ),
            Content::OnSale(titles) => wishes::words_of(self, shop, titles, language),
            Content::Gift(about) => gift::words_of(self, shop, about),
            Content::Purchase(about) => purchase::words_of(self, shop, seller, about, language),
            Content::Notice(notice) => self.notice(shop, notice, language),
        }
    }

    fn notice(&self, shop: &ShopSettings, notice: &Notice, language: Language) -> (&'static str, Vec<Piece>) {
        let name = &shop.name;
        let not_you = words("If it was not you, choose a new password at once.");
        let rescue = self.button("Choose a new password", "/forgot-password");
        match notice {
            Notice::PasswordChanged { at } => (
                "Your password was changed",
                vec![
                    words(&format!(
                        "The password of your account at {name} was changed on {}. You are logged out everywhere.",
                        language.date(*at)
                    )),
                    not_you,
                    rescue,
                ],
            ),
            Notice::MoveAsked { to } => (
                "A new address for your account",
                vec![
                    words(&format!(
                        "Somebody, most likely you, asked to move your account at {name} to the address {to}. It moves when that address is confirmed."
                    )),
                    words("If it was not you, choose a new password at once: that calls the move off."),
                    rescue,
                ],
            ),
            Notice::GoogleLinked { at } => (
                "Your account is linked to Google",
                vec![
                    words(&format!(
                        "Since {} your account at {name} opens by logging in with Google, besides its other ways in.",
                        language.date(*at)
                    )),
                    words(
                        "If it was not you, choose a new password at once, and unlink Google on the page of your account.",
                    ),
                    rescue,
                ],
            ),
            Notice::MachineTokenMade { name: token, at, ends_at } => (
                "A token for a machine",
                vec![
                    words(&format!(
                        "On {} a token called “{token}” was made. With it a program reaches your account at {name} without \
                         your password, until {}.",
                        language.date(*at),
                        language.date(ends_at.plus_ms(-1))
                    )),
                    words(
                        "If it was not you, take the token back and choose a new password at once. A new password alone does \
                         not end it.",
                    ),
                    self.button("Look at the tokens", "/account/tokens"),
                ],
            ),
            Notice::GoogleUnlinked { at } => (
                "Your account is not linked to Google any more",
                vec![
                    words(&format!(
                        "The link between your account at {name} and Google was taken away on {}. Logging in with Google \
                         does not open it any more.",
                        language.date(*at)
                    )),
                    not_you,
                    rescue,
                ],
            ),
            Notice::TwoFactorOn { at } => (
                "A second step at log-in",
                vec![
                    words(&format!(
                        "Since {} logging in to your account at {name} asks for a code of your app as well. You are \
                         logged out everywhere else.",
                        language.date(*at)
                    )),
                    not_you,
                    rescue,
                ],
            ),
            Notice::TwoFactorOff { at } => (
                "No second step at log-in any more",
                vec![
                    words(&format!(
                        "The second step of your account at {name} was turned off on {}: logging in asks for no code any more.",
                        language.date(*at)
                    )),
                    not_you,
                    rescue,
                ],
            ),
            Notice::RecoveryCodeUsed { at, left } => (
                "A recovery code was used",
                vec![
                    words(&format!(
                        "Somebody, most likely you, logged in to your account at {name} on {} with a recovery code. {}",
                        language.date(*at),
                        match left {
                            0 => "None is left.".to_owned(),
                            1 => "One is left.".to_owned(),
                            left => format!("{left} are left."),
                        }
                    )),
                    self.button("Make new ones", "/account/two-factor"),
                    not_you,
                ],
            ),
            Notice::AccountDeleted { at } => (
                "Your account is deleted",
                vec![
                    words(&format!(
                        "Your account at {name} was deleted on {}, as you asked: your library, your places in the books \
                         and everything by which you could log in. Your orders are kept without your name, as the law asks.",
                        language.date(*at)
                    )),
                    words("This is the last mail from us. You can register again at any time, and begin anew."),
                    write_to_us(shop),
                ],
            ),
            Notice::Moved { to } => (
                "Your account has a new address",
                vec![
                    words(&format!(
                        "Your account at {name} has moved to the address {to}. This one does not open it any more."
                    )),
                    write_to_us(shop),
                ],
            ),
        }
    }

    pub(super) fn link(&self, words: &'static str, path: &str) -> Piece {
        Piece::Link { words, address: format!("{}{path}", self.base) }
    }

    pub(super) fn button(&self, words: &'static str, path: &str) -> Piece {
        Piece::Button { words, address: format!("{}{path}", self.base) }
    }
}

/// Who wrote, and how they are reached.
fn foot(shop: &ShopSettings, base: &str) -> String {
    match &shop.contact {
        Some(contact) => format!("{}, {base}, {contact}", shop.name),
        None => format!("{}, {base}", shop.name),
    }
}

fn write_to_us(shop: &ShopSettings) -> Piece {
    match &shop.contact {
        Some(contact) => words(&format!("If it was not you, write to {contact}.")),
        None => words("If it was not you, write to the people who run the shop."),
    }
}

pub(super) fn words(text: &str) -> Piece {
    Piece::Words(text.to_owned())
}
