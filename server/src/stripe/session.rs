//! A Checkout Session: Stripe's page for one attempt to pay (docs.stripe.com/api/checkout/sessions), asked for and read.

use super::amounts::{Unfit, code, units};
use super::client::Fields;
use domain::ordering::payment::{Charge, Outcome};
use serde::Deserialize;

/// How long a buyer may take, in milliseconds. Stripe wants half an hour at least from when it hears of it, so that one
/// whose answer was lost can be asked for again for as long.
pub const OPEN_MS: i64 = 60 * 60_000;
/// Most lines that a page shows.
const LINES_MAX: usize = 100;
/// Longest name of a line, in characters.
const NAME_MAX: usize = 250;
/// Longest reason that is kept of a refusal, in characters.
const REASON_MAX: usize = 200;

/// What a page is asked for with. `site` is where the shop stands, without a slash at the end.
///
/// # Errors
/// When Stripe cannot be asked for exactly this amount.
pub fn wanted(charge: &Charge, site: &str) -> Result<Fields, Unfit> {
    let (number, currency) = (&charge.bill.number, code(charge.amount.currency));
    let mut fields: Fields = Vec::new();
    let mut say = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    say("mode", "payment");
    say("client_reference_id", &charge.reference);
    for to in ["metadata", "payment_intent_data[metadata]"] {
        say(&format!("{to}[order]"), number);
        say(&format!("{to}[attempt]"), &charge.reference);
    }
    say("payment_intent_data[description]", &format!("Order {number}"));
    match (&charge.bill.customer, &charge.bill.email) {
        (Some(customer), _) if is_name(customer) => say("customer", customer),
        (_, email) => {
            // Stripe keeps the buyer, so that the next payment is theirs too.
            say("customer_creation", "always");
            if let Some(email) = email {
                say("customer_email", email);
            }
        }
    }
    say("success_url", &format!("{site}/orders/{number}?paid=1"));
    say("cancel_url", &format!("{site}/orders/{number}"));
    say("expires_at", &(charge.begun_at.plus_ms(OPEN_MS).0 / 1000).to_string());
    for (place, (name, amount)) in lines(charge)?.into_iter().enumerate() {
        let line = format!("line_items[{place}]");
        say(&format!("{line}[quantity]"), "1");
        say(&format!("{line}[price_data][currency]"), &currency);
        say(&format!("{line}[price_data][unit_amount]"), &amount.to_string());
        say(&format!("{line}[price_data][product_data][name]"), &name);
    }
    Ok(fields)
}

/// The titles, or one line for all where Stripe could not show them or they would come to something else.
fn lines(charge: &Charge) -> Result<Vec<(String, i64)>, Unfit> {
    let total = units(charge.amount)?;
    let named = |(name, price): &(String, _)| {
        let name: String = name.chars().take(NAME_MAX).collect();
        Ok((if name.trim().is_empty() { "A title".to_owned() } else { name }, units(*price)?))
    };
    let each: Result<Vec<(String, i64)>, Unfit> = charge.bill.lines.iter().map(named).collect();
    let fits = |lines: &Vec<(String, i64)>| {
        lines.len() <= LINES_MAX && lines.iter().map(|(_, units)| units).sum::<i64>() == total
    };
    Ok(each.ok().filter(fits).unwrap_or_else(|| vec![(format!("Order {}", charge.bill.number), total)]))
}

/// As much of a session as the shop reads.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub id: String,
    status: Option<String>,
    payment_status: String,
    url: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    client_reference_id: Option<String>,
    customer: Option<OrName<Named>>,
    payment_intent: Option<OrName<Intent>>,
}

/// Something, or only its name where it was not asked for whole.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OrName<T> {
    Name(String),
    Whole(T),
}

#[derive(Debug, Deserialize)]
struct Intent {
    id: String,
    status: String,
    last_payment_error: Option<PaymentError>,
    latest_charge: Option<OrName<LatestCharge>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

#[derive(Debug, Deserialize)]
struct PaymentError {
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LatestCharge {
    payment_method_details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Card {
    last4: Option<String>,
}

impl Session {
    /// What became of the attempt. `pages` is where Stripe's pages are: a buyer is sent nowhere else.
    ///
    /// # Errors
    /// In words, when it is not what was asked for.
    pub fn outcome(&self, charge: &Charge, pages: &str) -> Result<Outcome, String> {
        if self.client_reference_id.as_deref() != Some(charge.reference.as_str()) {
            return Err(format!("the session {} is not of this attempt", self.id));
        }
        if !is_name(&self.id) {
            return Err("a session has a name that cannot be one".to_owned());
        }
        let waits = |address| Outcome::Waits { handle: self.id.clone(), address };
        match (self.payment_status.as_str(), self.status.as_deref()) {
            ("paid" | "no_payment_required", _) => {
                let asked = units(charge.amount).map_err(|error| error.to_string())?;
                let is_asked = self.amount_total == Some(asked)
                    && self.currency.as_deref() == Some(code(charge.amount.currency).as_str());
                if !is_asked {
                    return Err(format!("the session {} was paid with another amount", self.id));
                }
                Ok(Outcome::Paid { card_last4: self.card_last4(), customer: self.customer() })
            }
            (_, Some("expired")) => Ok(Outcome::Abandoned { reason: "The payment was not made in time.".to_owned() }),
            (_, Some("open")) => match &self.url {
                Some(url) if is_below(url, pages) => Ok(waits(Some(url.clone()))),
                _ => Err("a session leads elsewhere than to stripe.pages".to_owned()),
            },
            (_, Some("complete")) => Ok(match self.failed() {
                Some(reason) => Outcome::Declined { card_last4: self.card_last4(), reason },
                // The bank takes days, as with a direct debit.
                None => waits(None),
            }),
            (paid, status) => Err(format!("the session {} is {status:?} and {paid}", self.id)),
        }
    }

    /// The name of what was charged, if anything was.
    pub fn charged(&self) -> Option<&str> {
        let name = match self.payment_intent.as_ref()? {
            OrName::Name(name) => name,
            OrName::Whole(intent) => &intent.id,
        };
        Some(name.as_str()).filter(|_| self.payment_status == "paid")
    }

    /// What Stripe calls the buyer.
    fn customer(&self) -> Option<String> {
        let name = match self.customer.as_ref()? {
            OrName::Name(name) => name,
            OrName::Whole(customer) => &customer.id,
        };
        Some(name.clone()).filter(|name| is_name(name))
    }

    fn intent(&self) -> Option<&Intent> {
        match self.payment_intent.as_ref()? {
            OrName::Whole(intent) => Some(intent),
            OrName::Name(_) => None,
        }
    }

    /// Why a payment that was begun came to nothing.
    fn failed(&self) -> Option<String> {
        let intent = self.intent().filter(|it| matches!(it.status.as_str(), "requires_payment_method" | "canceled"))?;
        let said = intent.last_payment_error.as_ref().and_then(|error| error.message.as_deref());
        Some(said.unwrap_or("The payment did not go through.").chars().take(REASON_MAX).collect())
    }

    fn card_last4(&self) -> Option<String> {
        let Some(OrName::Whole(charge)) = self.intent()?.latest_charge.as_ref() else { return None };
        let last4 = charge.payment_method_details.as_ref()?.card.as_ref()?.last4.clone()?;
        Some(last4).filter(|last4| last4.len() == 4 && last4.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// Whether a text can be a name of Stripe's, and so stand in an address.
pub fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_below(address: &str, pages: &str) -> bool {
    address.strip_prefix(pages).is_some_and(|rest| rest.starts_with('/'))
}
