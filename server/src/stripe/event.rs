//! What Stripe tells by itself (docs.stripe.com/api/events), as far as the shop listens. Of an event only what it is about
//! is read: how that stands now is asked.

use super::session::is_name;
use domain::ordering::provider_events::{About, ProviderEvent};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    client_reference_id: Option<String>,
    status: Option<String>,
    /// What was charged, by Stripe's name of it; of a refund, a dispute or a charge.
    payment_intent: Option<String>,
    #[serde(default)]
    metadata: Option<HashMap<String, String>>,
}

/// Reads an event; `None` for one that is of no matter here.
///
/// # Errors
/// When it is not Stripe's form.
pub fn read(body: &[u8]) -> Result<Option<ProviderEvent>, serde_json::Error> {
    /// What every event has, whatever it is about.
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "type")]
        kind: String,
    }
    let head: Head = serde_json::from_slice(body)?;
    let of_payment = matches!(
        head.kind.as_str(),
        "checkout.session.completed"
            | "checkout.session.async_payment_succeeded"
            | "checkout.session.async_payment_failed"
            | "checkout.session.expired"
    );
    let of_refund =
        matches!(head.kind.as_str(), "refund.created" | "refund.failed" | "refund.updated" | "charge.refund.updated");
    let of_charge = matches!(
        head.kind.as_str(),
        "charge.refunded"
            | "charge.dispute.created"
            | "charge.dispute.updated"
            | "charge.dispute.closed"
            | "charge.dispute.funds_withdrawn"
            | "charge.dispute.funds_reinstated"
    );
    if !of_payment && !of_refund && !of_charge {
        return Ok(None);
    }
    let Event { id, kind, data } = serde_json::from_slice(body)?;
    let object = data.object;
    let charge = || object.payment_intent.clone().filter(|name| is_name(name)).map(About::Charge);
    let about = if of_payment {
        named(object.client_reference_id.as_deref()).map(About::Payment)
    } else if of_refund {
        let fails = matches!(object.status.as_deref(), Some("failed" | "canceled"));
        let ours = object.metadata.as_ref().and_then(|metadata| metadata.get("refund"));
        match named(ours.map(String::as_str)) {
            // One that was begun here: only that it came to nothing is not known yet.
            Some(refund) => fails.then_some(About::Refund(refund)),
            None => charge(),
        }
    } else {
        charge()
    };
    Ok(about.map(|about| ProviderEvent { provider: super::NAME, id, kind, about }))
}

/// The shop's own name of something; none of what others made at the same account.
fn named(text: Option<&str>) -> Option<Uuid> {
    text.and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "0190b6f0-0000-7000-8000-000000000001";

    fn about(kind: &str, object: Value) -> Option<About> {
        let event = json!({ "id": "evt_1", "object": "event", "type": kind, "data": { "object": object } });
        read(event.to_string().as_bytes()).unwrap().map(|event| event.about)
    }

    #[test]
    fn an_event_is_about_an_attempt_a_refund_or_a_charge_of_the_shop() {
        let (payment, refund) = (Some(About::Payment(ID.parse().unwrap())), Some(About::Refund(ID.parse().unwrap())));
        for kind in ["completed", "async_payment_succeeded", "async_payment_failed", "expired"] {
            let kind = format!("checkout.session.{kind}");
            assert_eq!(about(&kind, json!({ "client_reference_id": ID })), payment, "{kind}");
            assert_eq!(about(&kind, json!({ "client_reference_id": "of another shop" })), None);
            assert_eq!(about(&kind, json!({ "client_reference_id": null, "metadata": null })), None);
        }
        let of = |status: &str| json!({ "status": status, "metadata": { "refund": ID } });
        assert_eq!(about("refund.failed", of("failed")), refund);
        assert_eq!(about("refund.updated", of("canceled")), refund);
        assert_eq!(about("refund.updated", of("succeeded")), None);
        assert_eq!(about("refund.failed", json!({ "status": "failed", "metadata": {} })), None);
        let charge = Some(About::Charge("pi_1".to_owned()));
        for kind in ["refund.created", "refund.updated", "refund.failed"] {
            let at_stripe = json!({ "status": "succeeded", "metadata": {}, "payment_intent": "pi_1" });
            assert_eq!(about(kind, at_stripe), charge, "{kind} of a refund that was made at Stripe itself");
        }
        for kind in
            ["charge.refunded", "charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_reinstated"]
        {
            assert_eq!(about(kind, json!({ "status": "lost", "payment_intent": "pi_1" })), charge, "{kind}");
            assert_eq!(about(kind, json!({ "payment_intent": null })), None, "{kind} of a charge without an intent");
            assert_eq!(about(kind, json!({ "payment_intent": "../refunds" })), None);
        }
        assert_eq!(about("customer.created", json!("whatever it is")), None);
    }

    #[test]
    fn what_has_not_the_form_of_an_event_is_refused() {
        for body in ["", "{}", "[]", "nothing", r#"{"type":7}"#, r#"{"type":"checkout.session.expired"}"#] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
