//! What went back of a charge at Stripe, however that was begun: refunds (docs.stripe.com/api/refunds) and disputes
//! (docs.stripe.com/api/disputes).

use super::Stripe;
use super::amounts;
use super::client::Failure;
use super::list::{self, Named};
use super::session::is_name;
use domain::ordering::DisputeStatus;
use domain::ordering::payment::{Disputed, GivenBack, TakenBack, Unreachable};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Intent {
    #[serde(default)]
    metadata: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Refund {
    id: String,
    amount: i64,
    currency: String,
    status: Option<String>,
    failure_reason: Option<String>,
    #[serde(default)]
    metadata: Option<HashMap<String, String>>,
}

#[derive(Deserialize)]
struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    status: String,
    reason: Option<String>,
}

impl From<amounts::Unread> for Unreachable {
    fn from(error: amounts::Unread) -> Self {
        Self(error.to_string())
    }
}

/// All that went back of a charge, by the name of its intent; `None` of one that no shop made.
pub async fn taken_back(stripe: &Stripe, intent: &str) -> Result<Option<TakenBack>, Unreachable> {
    if !is_name(intent) {
        return Ok(None);
    }
    let asked: Result<Intent, Failure> = stripe.client.get(&format!("/v1/payment_intents/{intent}"), &[]).await;
    let Some(reference) = asked?.metadata.remove("attempt") else { return Ok(None) };
    let refunds: Vec<Refund> = list::all(stripe, "/v1/refunds", intent).await?;
    let disputes: Vec<Dispute> = list::all(stripe, "/v1/disputes", intent).await?;
    // Stripe names the newest first.
    let refunds = refunds.into_iter().rev().map(Refund::read).collect::<Result<_, _>>()?;
    let disputes = disputes.into_iter().rev().map(Dispute::read).collect::<Result<_, _>>()?;
    Ok(Some(TakenBack { reference, refunds, disputes }))
}

impl Named for Refund {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Named for Dispute {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Refund {
    fn read(self) -> Result<GivenBack, Unreachable> {
        let ours = self.metadata.as_ref().and_then(|metadata| metadata.get("refund"));
        let failed = matches!(self.status.as_deref(), Some("failed" | "canceled")).then(|| {
            let why = self.failure_reason.as_deref().unwrap_or("no reason given");
            format!("Stripe says that the refund came to nothing ({why}).")
        });
        Ok(GivenBack {
            ours: ours.and_then(|id| id.parse().ok()),
            amount: amounts::read(self.amount, &self.currency)?,
            failed,
            name: self.id,
        })
    }
}

impl Dispute {
    fn read(self) -> Result<Disputed, Unreachable> {
        let status = match self.status.as_str() {
            "lost" => DisputeStatus::Lost,
            // A warning that came to nothing, one that the shop had paid back before, and one that Stripe kept away.
            "won" | "warning_closed" | "charge_refunded" | "prevented" => DisputeStatus::Won,
            _ => DisputeStatus::Open,
        };
        Ok(Disputed { amount: amounts::read(self.amount, &self.currency)?, name: self.id, reason: self.reason, status })
    }
}
