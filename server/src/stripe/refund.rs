//! Money back through Stripe (docs.stripe.com/api/refunds). What was given back is looked for before it is given, so that
//! it is given once however long ago it was asked for.

use super::Stripe;
use super::amounts::{code, units};
use super::client::{Failure, Fields};
use super::list::{self, Named};
use domain::ordering::payment::{NotRefunded, Refund, Unreachable};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Deserialize)]
struct Given {
    id: String,
    status: Option<String>,
    failure_reason: Option<String>,
    #[serde(default)]
    metadata: Option<HashMap<String, String>>,
}

impl Named for Given {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Given {
    fn is_of(&self, refund: &Refund) -> bool {
        self.metadata.as_ref().and_then(|metadata| metadata.get("refund")) == Some(&refund.id)
    }

    /// Why the money did not reach the buyer.
    fn failed(&self) -> Option<String> {
        matches!(self.status.as_deref(), Some("failed" | "canceled")).then(|| {
            let why = self.failure_reason.as_deref().unwrap_or("no reason given");
            format!("Stripe says that the refund came to nothing ({why}).")
        })
    }
}

/// What was charged, by its name, and the tries to give this back; `None` when nothing was charged.
async fn tries(stripe: &Stripe, refund: &Refund) -> Result<Option<(String, Vec<Given>)>, Failure> {
    let Some(handle) = &refund.handle else { return Ok(None) };
    let session = stripe.session(handle).await?;
    let Some(charged) = session.charged() else { return Ok(None) };
    let all: Vec<Given> = list::all(stripe, "/v1/refunds", charged).await?;
    Ok(Some((charged.to_owned(), all.into_iter().filter(|given| given.is_of(refund)).collect())))
}

/// Gives money back.
pub async fn give_back(stripe: &Stripe, refund: &Refund) -> Result<(), NotRefunded> {
    let found = tries(stripe, refund).await.map_err(Unreachable::from)?;
    let Some((charged, before)) = found else { return Ok(()) };
    if before.iter().any(|given| given.failed().is_none()) {
        return Ok(());
    }
    let amount = units(refund.amount).map_err(|error| NotRefunded::Refused(error.to_string()))?;
    let fields: Fields = [
        ("payment_intent", charged.clone()),
        ("amount", amount.to_string()),
        ("metadata[refund]", refund.id.clone()),
        ("metadata[currency]", code(refund.amount.currency)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    // One that failed at the buyer's bank is asked for anew.
    let once = if before.is_empty() { refund.id.clone() } else { format!("{}-{}", refund.id, before.len()) };
    match stripe.client.post::<Given>("/v1/refunds", &fields, Some(&once)).await {
        Ok(given) => given.failed().map_or(Ok(()), |why| Err(NotRefunded::Refused(why))),
        Err(Failure::Refused { code, .. }) if code == "charge_already_refunded" => Err(NotRefunded::Elsewhere(charged)),
        // The shop's account at Stripe has to be filled first.
        Err(failure @ Failure::Refused { .. }) if too_poor(&failure) => Err(Unreachable::from(failure).into()),
        Err(failure @ Failure::Refused { .. }) => Err(NotRefunded::Refused(failure.to_string())),
        Err(failure) => Err(Unreachable::from(failure).into()),
    }
}

fn too_poor(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused { code, .. } if code == "balance_insufficient" || code == "insufficient_funds")
}

/// Why the money of a refund did not reach the buyer, where that is so.
pub async fn failure(stripe: &Stripe, refund: &Refund) -> Result<Option<String>, Unreachable> {
    let Some((_, tries)) = tries(stripe, refund).await? else { return Ok(None) };
    if tries.iter().any(|given| given.failed().is_none()) {
        return Ok(None);
    }
    Ok(tries.first().and_then(Given::failed))
}
