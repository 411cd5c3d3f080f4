//! What the shop looks after by itself: jobs that the schedule enqueues again and again.

use crate::jobs::{Job, Queue, Unique};
use serde::{Deserialize, Serialize};
use std::time::Duration;

macro_rules! maintenance {
    ($($(#[$about:meta])* $name:ident $kind:literal in $queue:ident;)*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name {}

            impl Job for $name {
                const KIND: &'static str = $kind;
                const QUEUE: Queue = Queue::$queue;
                /// It comes again by itself.
                const MAX_ATTEMPTS: i32 = 3;
                const TIME_LIMIT: Duration = Duration::from_secs(60 * 60);
                const FINISH_ON_STOP: bool = false;
                const KEEP_DONE_MS: i64 = 60 * 60 * 1000;

                fn unique(&self) -> Unique {
                    Unique::Unfinished($kind.to_owned())
                }
            }
        )*
    };
}

maintenance! {
    /// Asks for the sizes of covers that have none: those of a shop from before there were sizes.
    CatchUpCovers "catalog.covers-catch-up" in Maintenance;
    /// Puts what is said in titles into the index that is searched, where it is not: in a shop from before there was one.
    IndexSpoken "spoken.index" in Maintenance;
    /// Asks for the copies for players of recordings from before there were copies.
    CatchUpCopies "production.copies-catch-up" in Maintenance;
    /// Asks for what became of payments that a crash or a lost line cut off, and for refunds that are still to be made.
    SettlePayments "ordering.settle-payments" in Maintenance;
    /// Deletes the carts of guests who have not come back.
    DeleteAbandonedCarts "ordering.delete-abandoned-carts" in Maintenance;
    /// Forgets what programs were answered that bought something, once it is a day old.
    ForgetAnswers "ordering.forget-answers" in Maintenance;
    /// Tells people that what they wish for is on sale.
    TellOfSales "wishlist.tell-of-sales" in Maintenance;
    /// Deletes sessions that are over.
    DeleteExpiredSessions "account.delete-expired-sessions" in Maintenance;
    /// Deletes log-ins of programs that are over.
    DeleteExpiredTokens "account.delete-expired-tokens" in Maintenance;
    /// Deletes signing keys that nothing is signed by any more.
    DeleteRetiredKeys "account.delete-retired-keys" in Maintenance;
    /// Forgets browsers that nobody has logged in with for long.
    ForgetDevices "account.forget-devices" in Maintenance;
    /// Forgets ID tokens that would not be taken a second time anyway.
    ForgetIdTokens "account.forget-id-tokens" in Maintenance;
    /// Forgets messages to programs elsewhere that nobody looks at any more.
    ForgetWebhookMessages "webhooks.forget-messages" in Maintenance;
    /// Deletes links of mails that are too old.
    DeleteStaleLinks "account.delete-stale-links" in Maintenance;
    /// Deletes limits that nobody is near.
    DeleteIdleLimits "limits.delete-idle" in Maintenance;
    /// Forgets jobs that ended long enough ago.
    PruneJobs "jobs.prune" in Maintenance;
    /// Gives up uploads that nobody goes on with, and removes what they left.
    CleanUploads "uploads.clean" in Storage;
    /// Removes files that nothing names any more.
    CleanStorage "storage.clean" in Storage;
}
