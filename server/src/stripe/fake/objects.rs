//! What Stripe keeps: sessions and refunds, and how it shows them.

use super::Form;
use super::shapes::whole;
use serde_json::{Value, json};

/// A session.
#[derive(Clone, Debug)]
pub struct Page {
    pub id: String,
    pub form: Form,
    pub status: &'static str,
    pub paid: bool,
    /// How its payment stands, once there is one.
    pub intent: Option<&'static str>,
    pub amount: i64,
    /// Who pays.
    pub customer: Option<String>,
}

/// Money given back.
#[derive(Clone, Debug)]
pub struct Given {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    /// The refund of the shop; none of one that somebody made at Stripe itself.
    pub refund: Option<String>,
    pub status: &'static str,
}

impl Page {
    pub fn currency(&self) -> String {
        self.form["line_items[0][price_data][currency]"].clone()
    }

    /// As Stripe shows it; with its payment if `whole_payment`, or else the name of that.
    pub fn json(&self, base: &str, whole_payment: bool) -> Value {
        let intent = self.intent.map(|_| if whole_payment { self.payment(true) } else { json!(self.payment_name()) });
        whole(
            "session",
            json!({
                "id": self.id, "status": self.status, "payment_status": if self.paid { "paid" } else { "unpaid" },
                "url": (self.status == "open").then(|| format!("{base}/c/pay/{}#fid", self.id)),
                "amount_subtotal": self.amount, "amount_total": self.amount, "currency": self.currency(),
                "client_reference_id": self.form["client_reference_id"], "payment_intent": intent,
                "customer": self.customer, "expires_at": self.form["expires_at"].parse::<i64>().unwrap(),
                "success_url": self.form["success_url"], "cancel_url": self.form["cancel_url"],
                "metadata": { "order": self.form["metadata[order]"], "attempt": self.form["metadata[attempt]"] },
            }),
        )
    }

    fn payment_name(&self) -> String {
        format!("pi_{}", self.id)
    }

    /// Its payment as Stripe shows it; with its charge if `with_charge`.
    pub fn payment(&self, with_charge: bool) -> Value {
        let name = self.payment_name();
        let said_no = self.intent == Some("requires_payment_method");
        let error = said_no.then(|| json!({ "type": "card_error", "message": "Your bank said no." }));
        let charge = if with_charge { self.charge(0) } else { json!(format!("ch_{name}")) };
        whole(
            "payment_intent",
            json!({
                "id": name, "status": self.intent, "amount": self.amount, "currency": self.currency(),
                "amount_received": if self.paid { self.amount } else { 0 }, "customer": self.customer,
                "latest_charge": charge, "last_payment_error": error, "metadata": self.payment_metadata(),
            }),
        )
    }

    /// Its charge, of which so much went back.
    pub fn charge(&self, back: i64) -> Value {
        let name = self.payment_name();
        whole(
            "charge",
            json!({
                "id": format!("ch_{name}"), "amount": self.amount, "amount_captured": self.amount,
                "amount_refunded": back, "refunded": back == self.amount, "currency": self.currency(),
                "payment_intent": name, "customer": self.customer, "metadata": self.payment_metadata(),
            }),
        )
    }

    fn payment_metadata(&self) -> Value {
        let of = |name: &str| self.form[&format!("payment_intent_data[metadata][{name}]")].clone();
        json!({ "order": of("order"), "attempt": of("attempt") })
    }
}

impl Given {
    pub fn json(&self) -> Value {
        let why = matches!(self.status, "failed" | "canceled").then_some("expired_or_canceled_card");
        let metadata = self.refund.as_ref().map_or_else(|| json!({}), |refund| json!({ "refund": refund }));
        let mut said = json!({
            "id": self.id, "amount": self.amount, "currency": self.currency, "charge": format!("ch_{}", self.intent),
            "payment_intent": self.intent, "status": self.status, "metadata": metadata,
        });
        if let Some(why) = why {
            said["failure_reason"] = json!(why);
        }
        whole("refund", said)
    }
}
