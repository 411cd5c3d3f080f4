//! Who does which job.

use super::JobError;
use crate::mail::Mails;
use crate::production::{Workshop, copy, describe, prepare, probe, sample, transcribe, trial};
use crate::{AppState, artwork, mail, maintenance, uploads, webhooks};
use domain::jobs::{Claim, Job};
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a worker does: production. It needs engines, and may run on a machine of its own.
pub fn of_worker(workshop: &Workshop) -> Handlers {
    Registry::over(workshop)
        .job(probe::run)
        .job(prepare::run)
        .job(transcribe::run)
        .job(describe::run)
        .job(sample::run)
        .job(copy::run)
        .job(trial::run)
        .handlers
}

/// What the web side does: mails, uploads, and what the shop looks after by itself.
pub fn of_shop(state: &AppState, mails: &Mails) -> Handlers {
    let mut handlers = Registry::over(mails).job(mail::send).job(mail::send_gift).job(mail::try_out).handlers;
    handlers.extend(Registry::over(&state.uploads).job(uploads::finish_left_over).handlers);
    handlers.extend(
        Registry::over(state)
            .job(maintenance::settle_payments)
            .job(maintenance::settle_payment)
            .job(maintenance::refund_payment)
            .job(maintenance::hear_provider)
            .job(maintenance::delete_abandoned_carts)
            .job(maintenance::forget_answers)
            .job(maintenance::delete_expired_sessions)
            .job(maintenance::delete_expired_tokens)
            .job(maintenance::delete_retired_keys)
            .job(maintenance::forget_devices)
            .job(maintenance::forget_webhook_messages)
            .job(webhooks::send)
            .job(maintenance::forget_id_tokens)
            .job(maintenance::delete_stale_links)
            .job(maintenance::delete_idle_limits)
            .job(maintenance::prune_jobs)
            .job(maintenance::clean_uploads)
            .job(maintenance::clean_storage)
            .job(maintenance::reindex)
            .job(maintenance::catch_up_covers)
            .job(maintenance::index_spoken)
            .job(maintenance::catch_up_copies)
            .job(artwork::make_sizes)
            .job(maintenance::publish_due)
            .job(maintenance::change_many)
            .job(maintenance::keep_reduced)
            .job(maintenance::fetch_rates)
            .job(maintenance::tell_of_sales)
            .handlers,
    );
    handlers
}

/// Does a job that was claimed.
pub type Handler = Arc<dyn Fn(Claim) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;
/// By the names of the kinds.
pub type Handlers = BTreeMap<&'static str, Handler>;

/// Handlers that work with the same things.
pub struct Registry<Context> {
    context: Context,
    pub handlers: Handlers,
}

impl<Context: Clone + Send + Sync + 'static> Registry<Context> {
    pub fn over(context: &Context) -> Self {
        Self { context: context.clone(), handlers: Handlers::new() }
    }

    /// Who does the jobs of a kind. One that cannot be read is given up: trying again cannot help.
    #[must_use]
    pub fn job<J, F>(mut self, run: impl Fn(Context, J, Claim) -> F + Copy + Send + Sync + 'static) -> Self
    where
        J: Job,
        F: Future<Output = Result<(), JobError>> + Send,
    {
        let context = self.context.clone();
        let handler = move |claim: Claim| -> BoxFuture<'static, Result<(), JobError>> {
            let context = context.clone();
            Box::pin(async move {
                match serde_json::from_str::<J>(&claim.payload) {
                    Ok(job) => run(context, job, claim).await,
                    Err(error) => Err(JobError::Fatal(format!("This job cannot be read: {error}."))),
                }
            })
        };
        self.handlers.insert(J::KIND, Arc::new(handler));
        self
    }
}
