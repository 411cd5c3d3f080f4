//! Mails on a real database, in a real folder and through a real SMTP server.

mod gift;
mod post;
mod purchase;
mod runner;
mod smtp;
mod trial;

use super::{Folder, Mail, MailRenderer, Mailer, Mails};
use crate::Config;
use crate::jobs::{Registry, Rooms, Runner};
use crate::vault::SealedVault;
use domain::account::{Email, Password, User, registration};
use domain::job_kinds;
use domain::jobs::Queue;
use domain::settings::ShopSettings;
use domain::settings::live::LiveSettings;
use domain::{Clock, Db, FixedClock, SharedVault, SystemClock};
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const BASE: &str = "https://shop.example";
pub const LEASE_MS: i64 = 60_000;
pub const PASSWORD: &str = "a long walk home";

/// A shop with nothing but a database, a clock and a folder for mails.
struct Desk {
    db: Db,
    clock: Arc<FixedClock>,
    mails: Folder,
    settings: LiveSettings,
    folder: TempDir,
}

async fn desk() -> Desk {
    let folder = TempDir::new().unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let mails = Folder::open(&folder.path().join("mail")).unwrap();
    let db = db.with_clock(clock.clone());
    let settings = LiveSettings::new(&db, ShopSettings::default());
    Desk { db, clock, mails, settings, folder }
}

fn renderer() -> MailRenderer {
    MailRenderer::new(&Config::load(None).unwrap(), BASE.into()).unwrap()
}

fn vault() -> SharedVault {
    Arc::new(SealedVault::new(&Config::load(None).unwrap()).unwrap())
}

fn address(name: &str) -> Email {
    format!("{name}@example.com").parse().unwrap()
}

impl Desk {
    /// A runner that puts mails into the folder.
    fn runner(&self) -> Runner {
        self.runner_by(Arc::new(self.mails.clone()))
    }

    fn runner_by(&self, mailer: Arc<dyn Mailer>) -> Runner {
        let mails = Mails::with(self.db.clone(), mailer, renderer(), self.settings.clone(), vault());
        let handlers = Registry::over(&mails).job(super::send).job(super::send_gift).job(super::try_out).handlers;
        let name = format!("mail-{}", Uuid::now_v7().simple());
        let rooms = Rooms::from([(Queue::Mail, 1)]);
        Runner::new(name, self.db.clone(), job_kinds::all(), handlers, rooms, LEASE_MS)
    }

    /// Sends every mail that is due.
    async fn send_all(&self, runner: &Runner) {
        while send_next(runner).await {}
    }

    async fn register(&self, name: &str) -> User {
        let password = Password::parse(PASSWORD).unwrap();
        registration::register(&self.db, &address(name), name, &password).await.unwrap()
    }

    /// The mails in the folder, newest first.
    async fn delivered(&self) -> Vec<Mail> {
        self.mails.newest(100).await.unwrap().into_iter().map(|(_, mail)| mail).collect()
    }
}

/// Sends the next mail; `false` when none is due.
async fn send_next(runner: &Runner) -> bool {
    runner.work_once(Queue::Mail, &CancellationToken::new()).await.unwrap()
}

/// The secret of the link to `page` in a mail.
fn token<'a>(mail: &'a Mail, page: &str) -> &'a str {
    let begin = format!("{BASE}/{page}?token=");
    let (_, rest) = mail.text.split_once(&begin).unwrap_or_else(|| panic!("no link to {page} in {:?}", mail.subject));
    let token = rest.split_whitespace().next().unwrap();
    assert!(mail.html.contains(&format!("href=\"{begin}{token}\"")), "the HTML has the same link");
    token
}
