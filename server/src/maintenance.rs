//! What the shop looks after by itself: how each of its jobs is done.

use crate::jobs::JobError;
use crate::{AppState, storage, uploads};
use domain::account::email::email_tokens;
use domain::account::sessions::{self, devices};
use domain::account::{external_login, machines, tokens};
use domain::catalog::covers;
use domain::catalog::reindex::{self, Reindex};
use domain::catalog::scheduled::PublishDue;
use domain::catalog::scheduling;
use domain::insight::bulk::{self, ChangeMany};
use domain::jobs::{Claim, manage};
use domain::ordering::answers;
use domain::ordering::attempts::{self, SettlePayment};
use domain::ordering::cart;
use domain::ordering::elsewhere;
use domain::ordering::provider_events::{self, HearProvider, Heard};
use domain::ordering::refunds::{RefundPayment, Tried};
use domain::pricing::reduced::{self, KeepReduced};
use domain::production::{copies, orphans};
use domain::rates::keep::{self, FetchRates, Fetched};
use domain::spoken::catch_up;
use domain::{job_kinds, limits, maintenance as upkeep, wishlist};
use futures::TryStreamExt;

type Done = Result<(), JobError>;

/// Says in the log how many there were.
fn told(what: &'static str, number: u64) {
    if number > 0 {
        tracing::info!(number, "{what}");
    }
}

pub async fn settle_payments(state: AppState, _: upkeep::SettlePayments, _: Claim) -> Done {
    told("payments and refunds that were cut off are taken up again", attempts::enqueue_due(&state.db).await?);
    told("events of the payment provider are forgotten", provider_events::forget_old(&state.db).await?);
    Ok(())
}

pub async fn settle_payment(state: AppState, job: SettlePayment, _: Claim) -> Done {
    Ok(attempts::settle(&state.db, &state.payments, &job).await?)
}

pub async fn refund_payment(state: AppState, job: RefundPayment, _: Claim) -> Done {
    match elsewhere::carry_out(&state.db, &state.payments, &job).await? {
        Tried::Done | Tried::Elsewhere { .. } => Ok(()),
        Tried::NotYet(error) => Err(JobError::Again(error.to_string())),
        Tried::Refused(why) => Err(JobError::Fatal(why)),
    }
}

pub async fn hear_provider(state: AppState, job: HearProvider, _: Claim) -> Done {
    match provider_events::hear(&state.db, &state.payments, &job).await? {
        Heard::Done => Ok(()),
        Heard::NotYet(error) => Err(JobError::Again(error.to_string())),
        Heard::NeedsPerson(why) => Err(JobError::Fatal(why)),
    }
}

pub async fn reindex(state: AppState, job: Reindex, _: Claim) -> Done {
    told("titles are found by their new words", reindex::run(&state.db, &job).await?);
    Ok(())
}

pub async fn catch_up_covers(state: AppState, _: upkeep::CatchUpCovers, _: Claim) -> Done {
    told("covers from before there were sizes get theirs", covers::catch_up(&state.db).await?);
    Ok(())
}

pub async fn index_spoken(state: AppState, _: upkeep::IndexSpoken, _: Claim) -> Done {
    told("titles are found by what is said in them", catch_up::catch_up(&state.db).await?);
    Ok(())
}

pub async fn catch_up_copies(state: AppState, _: upkeep::CatchUpCopies, _: Claim) -> Done {
    told("recordings from before there were copies are looked into", copies::catch_up(&state.db).await?);
    Ok(())
}

pub async fn publish_due(state: AppState, job: PublishDue, claim: Claim) -> Done {
    if scheduling::publish_due(&state.db, &claim, &job).await? {
        tracing::info!(title = %job.audiobook_id, "a title is on sale, as it was to be");
    }
    Ok(())
}

pub async fn change_many(state: AppState, job: ChangeMany, _: Claim) -> Done {
    Ok(bulk::run(&state.db, job.bulk_id).await?)
}

pub async fn keep_reduced(state: AppState, _: KeepReduced, _: Claim) -> Done {
    told("prices of lists were brought up to date", reduced::keep_all(&state.db).await?);
    Ok(())
}

pub async fn fetch_rates(state: AppState, _: FetchRates, _: Claim) -> Done {
    match keep::fetch(&state.db, &*state.rate_source).await? {
        Fetched::New(day) => {
            state.rates.forget();
            tracing::info!(%day, "prices are shown by new rates");
            Ok(())
        }
        Fetched::Known => Ok(()),
        Fetched::Nothing(why) => Err(JobError::Again(why.to_string())),
    }
}

pub async fn tell_of_sales(state: AppState, _: upkeep::TellOfSales, _: Claim) -> Done {
    told("people hear that what they wish for is on sale", wishlist::tell::tell(&state.db).await?);
    Ok(())
}

pub async fn delete_abandoned_carts(state: AppState, _: upkeep::DeleteAbandonedCarts, _: Claim) -> Done {
    told("carts that were forgotten are deleted", cart::delete_abandoned(&state.db).await?);
    Ok(())
}

pub async fn forget_answers(state: AppState, _: upkeep::ForgetAnswers, _: Claim) -> Done {
    told("answers to programs that are a day old are forgotten", answers::forget_old(&state.db).await?);
    Ok(())
}

pub async fn delete_expired_sessions(state: AppState, _: upkeep::DeleteExpiredSessions, _: Claim) -> Done {
    told("sessions that are over are deleted", sessions::delete_expired(&state.db).await?);
    Ok(())
}

pub async fn delete_expired_tokens(state: AppState, _: upkeep::DeleteExpiredTokens, _: Claim) -> Done {
    let gone = tokens::delete_expired(&state.db, state.tokens.lifetimes()).await?;
    told("log-ins of programs that are over are deleted", gone);
    let gone = machines::kept::delete_expired(&state.db).await?;
    told("tokens of machines that are long over are deleted", gone);
    Ok(())
}

pub async fn forget_webhook_messages(state: AppState, _: upkeep::ForgetWebhookMessages, _: Claim) -> Done {
    told("messages to programs elsewhere are forgotten", domain::webhooks::deliveries::delete_old(&state.db).await?);
    Ok(())
}

pub async fn delete_retired_keys(state: AppState, _: upkeep::DeleteRetiredKeys, _: Claim) -> Done {
    told("signing keys that were retired are deleted", state.tokens.delete_retired_keys(&state.db).await?);
    Ok(())
}

pub async fn forget_devices(state: AppState, _: upkeep::ForgetDevices, _: Claim) -> Done {
    told("browsers that were not seen for long are forgotten", devices::delete_forgotten(&state.db).await?);
    Ok(())
}

pub async fn forget_id_tokens(state: AppState, _: upkeep::ForgetIdTokens, _: Claim) -> Done {
    told("ID tokens that have expired are forgotten", external_login::id_tokens::delete_expired(&state.db).await?);
    Ok(())
}

pub async fn delete_stale_links(state: AppState, _: upkeep::DeleteStaleLinks, _: Claim) -> Done {
    told("links that are too old are deleted", email_tokens::delete_stale(&state.db).await?);
    Ok(())
}

pub async fn delete_idle_limits(state: AppState, _: upkeep::DeleteIdleLimits, _: Claim) -> Done {
    told("limits that nobody is near are deleted", limits::delete_idle(&state.db).await?);
    Ok(())
}

pub async fn prune_jobs(state: AppState, _: upkeep::PruneJobs, _: Claim) -> Done {
    told("jobs that ended long ago are forgotten", manage::prune(&state.db, job_kinds::all()).await?);
    Ok(())
}

pub async fn clean_uploads(state: AppState, _: upkeep::CleanUploads, _: Claim) -> Done {
    let gone = uploads::clean(&state.uploads).await.map_err(|error| match error {
        uploads::Failure::Storage(error) => JobError::from(error),
        uploads::Failure::Domain(error) => JobError::from(error),
    })?;
    told("uploads that nobody went on with are removed", gone);
    Ok(())
}

/// Files looked at for deletion in one go.
const ORPHANS_AT_ONCE: u64 = 100;

/// Looks through the storage page by page for files that nothing names, and deletes those that nothing has named for a day.
pub async fn clean_storage(state: AppState, _: upkeep::CleanStorage, _: Claim) -> Done {
    for prefix in storage::NAMED {
        let pages = storage::pages(&*state.storage, prefix);
        let mut pages = std::pin::pin!(pages);
        while let Some(page) = pages.try_next().await? {
            let keys: Vec<String> = page.into_iter().map(|stored| stored.key).collect();
            orphans::note(&state.db, &keys).await?;
        }
    }
    let mut gone = 0;
    loop {
        let due = orphans::due(&state.db, ORPHANS_AT_ONCE).await?;
        if due.is_empty() {
            break;
        }
        for key in due {
            if orphans::begin_deleting(&state.db, &key).await? {
                state.storage.delete(&key).await?;
                orphans::gone(&state.db, &key).await?;
                gone += 1;
            }
        }
    }
    told("files that nothing named any more are deleted", gone);
    Ok(())
}
