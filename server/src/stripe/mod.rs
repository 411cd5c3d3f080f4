//! Stripe as the shop's payment provider: buyers pay on its own page, and no number of a card comes here.

mod amounts;
mod charge;
mod client;
mod event;
#[cfg(test)]
pub mod fake;
mod list;
mod refund;
mod session;
mod signature;
#[cfg(test)]
pub mod signer;
#[cfg(test)]
mod tests;

pub use event::read as read_event;
#[cfg(test)]
pub use signature::sign;
pub use signature::{HEADER as SIGNATURE, NotSigned};

use crate::Config;
use crate::config::PaymentKind;
use crate::google::is_safe;
use anyhow::{Context, ensure};
use async_trait::async_trait;
use client::{ANSWERING, Client, Failure};
use domain::Timestamp;
use domain::ordering::payment::{
    Bill, Charge, NotRefunded, Outcome, PaymentPage, PaymentProvider, Refund, TakenBack, Unreachable,
};
use session::{Session, is_name, wanted};
use signature::Secrets;
use std::time::Duration;
use url::Url;

/// Its name in the books.
pub const NAME: &str = "stripe";
/// Makes Stripe show what was charged together with a session.
const WHOLE: [(&str, &str); 1] = [("expand[]", "payment_intent.latest_charge")];

#[derive(Debug)]
pub struct Stripe {
    client: Client,
    secrets: Secrets,
    /// Where its pages are; no slash at the end.
    pages: String,
    /// Where the shop stands; no slash at the end.
    site: String,
}

impl From<Failure> for Unreachable {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl Stripe {
    /// As configured; `None` for a shop without. A shop that has come to take other payments still has its keys, for what
    /// was paid there.
    ///
    /// # Errors
    /// When something is missing; the sentence names the key.
    pub fn new(config: &Config) -> anyhow::Result<Option<Self>> {
        Self::patient(config, ANSWERING)
    }

    /// As [`Stripe::new`]; `answering` is how long an answer may take.
    fn patient(config: &Config, answering: Duration) -> anyhow::Result<Option<Self>> {
        let keys = &config.stripe;
        if config.payments.provider != PaymentKind::Stripe && keys.secret_key.is_empty() {
            return Ok(None);
        }
        let site = config.public_url.trim_end_matches('/');
        ensure!(
            Url::parse(site).is_ok_and(|site| matches!(site.scheme(), "http" | "https")),
            "Stripe is set up without a public_url: set it to the address of the shop, such as \
             https://shop.example, to which Stripe sends buyers back"
        );
        let fits =
            |key: &str| ["sk_", "rk_"].iter().any(|kind| key.starts_with(kind)) && !key.contains(char::is_control);
        ensure!(fits(&keys.secret_key), "stripe.secret_key is missing, or does not begin with sk_ or rk_");
        ensure!(
            keys.secrets().next().is_some(),
            "stripe.webhook_secrets is empty: set it to the signing secret (whsec_…) of the webhook endpoint"
        );
        for (key, address) in [("stripe.api", &keys.api), ("stripe.pages", &keys.pages)] {
            let url = Url::parse(address).with_context(|| format!("{key} is no address"))?;
            let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            ensure!(is_safe(&url) && plain, "{key} must be an https address without a path, and is {address:?}");
        }
        Ok(Some(Self {
            client: Client::new(keys.api.trim_end_matches('/'), &keys.secret_key, answering)?,
            secrets: Secrets::new(keys.secrets()),
            pages: keys.pages.trim_end_matches('/').to_owned(),
            site: site.to_owned(),
        }))
    }

    /// Whether an event comes from Stripe.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn believe(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<(), NotSigned> {
        self.secrets.check(signature, body, now)
    }

    /// The page for an attempt: made, or found again when it was made before.
    async fn open(&self, charge: &Charge) -> Result<Session, Failure> {
        let refused = |error: amounts::Unfit| {
            tracing::error!(%error, "an amount");
            Failure::Refused { code: "amount".to_owned(), message: error.to_string() }
        };
        let fields = wanted(charge, &self.site).map_err(refused)?;
        let opened = self.client.post("/v1/checkout/sessions", &fields, Some(&charge.reference)).await;
        match opened {
            // Somebody deleted the buyer at Stripe: they are a new one.
            Err(Failure::Refused { code, .. }) if code == "resource_missing" && charge.bill.customer.is_some() => {
                let bill = Bill { customer: None, ..charge.bill.clone() };
                let fields = wanted(&Charge { bill, ..charge.clone() }, &self.site).map_err(refused)?;
                let key = format!("{}-as-another", charge.reference);
                self.client.post("/v1/checkout/sessions", &fields, Some(&key)).await
            }
            opened => opened,
        }
    }

    /// How the page of a name stands.
    async fn session(&self, name: &str) -> Result<Session, Failure> {
        if !is_name(name) {
            return Err(Failure::Away("a session has a name that cannot be one".to_owned()));
        }
        self.client.get(&format!("/v1/checkout/sessions/{name}"), &WHOLE).await
    }

    fn read(&self, session: &Session, charge: &Charge) -> Result<Outcome, Unreachable> {
        session.outcome(charge, &self.pages).map_err(|why| {
            tracing::error!(attempt = charge.reference, why, "what Stripe says does not fit the books");
            Unreachable(why)
        })
    }
}

#[async_trait]
impl PaymentProvider for Stripe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn page(&self) -> Option<PaymentPage> {
        Some(PaymentPage { name: "Stripe", origin: self.pages.clone() })
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        match self.open(charge).await {
            Ok(session) => self.read(&session, charge),
            Err(Failure::Refused { .. }) => {
                Ok(Outcome::Declined { card_last4: None, reason: "Stripe does not take this payment.".to_owned() })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        let Some(name) = &charge.handle else {
            // Whether it was made is found out by asking for it again: its first answer comes, or it is made now.
            return match self.open(charge).await {
                Ok(session) => {
                    let address = match self.read(&session, charge)? {
                        Outcome::Waits { address, .. } => address,
                        _ => None,
                    };
                    Ok(Some(Outcome::Waits { handle: session.id, address }))
                }
                // It is too late to make it, and it was not made before.
                Err(Failure::Refused { .. }) => Ok(None),
                Err(failure) => Err(failure.into()),
            };
        };
        self.read(&self.session(name).await?, charge).map(Some)
    }

    async fn abandon(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        let name = match &charge.handle {
            Some(name) => name.clone(),
            None => match self.open(charge).await {
                Ok(session) => session.id,
                Err(Failure::Refused { .. }) => return Ok(None),
                Err(failure) => return Err(failure.into()),
            },
        };
        if !is_name(&name) {
            return Err(Unreachable("a session has a name that cannot be one".to_owned()));
        }
        let ended = self.client.post(&format!("/v1/checkout/sessions/{name}/expire"), &Vec::new(), None).await;
        match ended {
            Ok::<Session, _>(_) => {}
            // Only an open one can be ended: what became of it is asked.
            Err(Failure::Refused { .. }) => {}
            Err(failure) => return Err(failure.into()),
        }
        let named = Charge { handle: Some(name.clone()), ..charge.clone() };
        let outcome = self.read(&self.session(&name).await?, &named)?;
        Ok(Some(match outcome {
            Outcome::Abandoned { .. } => Outcome::Abandoned { reason: "You did not pay this order.".to_owned() },
            other => other,
        }))
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        refund::give_back(self, refund).await
    }

    async fn refund_failure(&self, refund: &Refund) -> Result<Option<String>, Unreachable> {
        refund::failure(self, refund).await
    }

    async fn charge_of(&self, refund: &Refund) -> Result<Option<String>, Unreachable> {
        let Some(handle) = &refund.handle else { return Ok(None) };
        Ok(self.session(handle).await?.charged().map(str::to_owned))
    }

    async fn taken_back(&self, charge: &str) -> Result<Option<TakenBack>, Unreachable> {
        charge::taken_back(self, charge).await
    }
}
