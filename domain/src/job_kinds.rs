//! Every kind of job of the shop, and what is enqueued again and again.

use crate::account::email::mail::{self, MailJob};
use crate::catalog::covers::MakeSizes;
use crate::catalog::reindex::Reindex;
use crate::catalog::scheduled::PublishDue;
use crate::insight::bulk::ChangeMany;
use crate::jobs::Kinds;
use crate::jobs::schedule::Schedule;
use crate::maintenance as upkeep;
use crate::ordering::gifts::mail::SendGift;
use crate::ordering::{attempts, provider_events, refunds};
use crate::pricing::reduced::KeepReduced;
use crate::production::jobs as production;
use crate::rates::keep::FetchRates;
use crate::settings::trials;
use crate::webhooks::sending::SendWebhook;
use std::sync::LazyLock;
use std::time::Duration;

/// Every kind of job. When one is given up that a person must look at, admins are told by mail.
pub fn all() -> &'static Kinds {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
        Kinds::default()
            .with_alarm(|tx, _, kind, reason| Box::pin(mail::alarm(tx, kind, reason)))
            .with::<production::Probe>()
            .with::<production::Prepare>()
            .with::<production::Transcribe>()
            .with::<production::Describe>()
            .with::<production::CutSample>()
            .with::<production::StreamCopy>()
            .with::<production::FinishUpload>()
            .with::<Reindex>()
            .with::<MakeSizes>()
            .with::<PublishDue>()
            .with::<ChangeMany>()
            .with::<MailJob>()
            .with::<trials::TryMail>()
            .with::<trials::TryModels>()
            .with::<attempts::SettlePayment>()
            .with::<refunds::RefundPayment>()
            .with::<provider_events::HearProvider>()
            .with::<SendGift>()
            .with::<KeepReduced>()
            .with::<FetchRates>()
            .with::<SendWebhook>()
            .with::<upkeep::TellOfSales>()
            .with::<upkeep::ForgetWebhookMessages>()
            .with::<upkeep::SettlePayments>()
            .with::<upkeep::DeleteAbandonedCarts>()
            .with::<upkeep::ForgetAnswers>()
            .with::<upkeep::DeleteExpiredSessions>()
            .with::<upkeep::DeleteExpiredTokens>()
            .with::<upkeep::DeleteRetiredKeys>()
            .with::<upkeep::ForgetDevices>()
            .with::<upkeep::ForgetIdTokens>()
            .with::<upkeep::DeleteStaleLinks>()
            .with::<upkeep::DeleteIdleLimits>()
            .with::<upkeep::PruneJobs>()
            .with::<upkeep::CleanUploads>()
            .with::<upkeep::CleanStorage>()
            .with::<upkeep::CatchUpCovers>()
            .with::<upkeep::IndexSpoken>()
            .with::<upkeep::CatchUpCopies>()
    });
    &KINDS
}

/// What is done again and again, and how often.
pub fn schedules() -> Vec<Schedule> {
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(60 * 60);
    vec![
        Schedule::every::<upkeep::SettlePayments>(MINUTE),
        Schedule::every::<KeepReduced>(HOUR),
        Schedule::every::<FetchRates>(6 * HOUR),
        Schedule::every::<upkeep::TellOfSales>(10 * MINUTE),
        Schedule::every::<upkeep::DeleteExpiredSessions>(10 * MINUTE),
        Schedule::every::<upkeep::DeleteExpiredTokens>(10 * MINUTE),
        Schedule::every::<upkeep::DeleteIdleLimits>(10 * MINUTE),
        Schedule::every::<upkeep::ForgetIdTokens>(10 * MINUTE),
        Schedule::every::<upkeep::DeleteStaleLinks>(10 * MINUTE),
        Schedule::every::<upkeep::DeleteRetiredKeys>(HOUR),
        Schedule::every::<upkeep::ForgetDevices>(HOUR),
        Schedule::every::<upkeep::ForgetWebhookMessages>(HOUR),
        Schedule::every::<upkeep::DeleteAbandonedCarts>(HOUR),
        Schedule::every::<upkeep::ForgetAnswers>(HOUR),
        Schedule::every::<upkeep::PruneJobs>(10 * MINUTE),
        Schedule::every::<upkeep::CleanUploads>(HOUR),
        Schedule::every::<upkeep::CleanStorage>(6 * HOUR),
        Schedule::every::<upkeep::CatchUpCovers>(HOUR),
        Schedule::every::<upkeep::IndexSpoken>(HOUR),
        Schedule::every::<upkeep::CatchUpCopies>(HOUR),
    ]
}
