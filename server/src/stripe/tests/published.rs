//! What the shop says to Stripe, and what the stand-in says for it, against the types that Stripe publishes.

use super::super::client::VERSION;
use super::super::fake::{Exchange, Fake, Mood};
use super::super::{PaymentProvider, Stripe};
use super::{back, begun, charge, config, open};
use domain::ordering::payment::{Bill, Charge};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is asked: its method, where it begins and ends, and the types of its fields and of its answer.
const ASKED: [(&str, &str, &str, &str, &str); 7] = [
    ("POST", "/v1/checkout/sessions", "", "Checkout.SessionCreateParams", "Checkout.Session"),
    ("POST", "/v1/checkout/sessions/", "/expire", "Checkout.SessionExpireParams", "Checkout.Session"),
    ("GET", "/v1/checkout/sessions/", "", "Checkout.SessionRetrieveParams", "Checkout.Session"),
    ("POST", "/v1/refunds", "", "RefundCreateParams", "Refund"),
    ("GET", "/v1/refunds", "", "RefundListParams", "ApiList<Stripe.Refund>"),
    ("GET", "/v1/payment_intents/", "", "PaymentIntentRetrieveParams", "PaymentIntent"),
    ("GET", "/v1/disputes", "", "DisputeListParams", "ApiList<Stripe.Dispute>"),
];

/// Events by what they are about, with their types. What failed of a refund has a type of its own in later versions only.
const OF_SESSIONS: [(&str, &str); 4] = [
    ("checkout.session.completed", "CheckoutSessionCompletedEvent"),
    ("checkout.session.async_payment_succeeded", "CheckoutSessionAsyncPaymentSucceededEvent"),
    ("checkout.session.async_payment_failed", "CheckoutSessionAsyncPaymentFailedEvent"),
    ("checkout.session.expired", "CheckoutSessionExpiredEvent"),
];
const OF_REFUNDS: [(&str, &str); 3] = [
    ("refund.created", "RefundCreatedEvent"),
    ("refund.updated", "RefundUpdatedEvent"),
    ("charge.refund.updated", "ChargeRefundUpdatedEvent"),
];
const OF_DISPUTES: [(&str, &str); 5] = [
    ("charge.dispute.created", "ChargeDisputeCreatedEvent"),
    ("charge.dispute.updated", "ChargeDisputeUpdatedEvent"),
    ("charge.dispute.closed", "ChargeDisputeClosedEvent"),
    ("charge.dispute.funds_withdrawn", "ChargeDisputeFundsWithdrawnEvent"),
    ("charge.dispute.funds_reinstated", "ChargeDisputeFundsReinstatedEvent"),
];

/// Buys, pays, gives up, gives back and asks, until each kind of question was put and most kinds of answer came.
async fn talk(fake: &Fake, stripe: &Stripe) -> String {
    let (named, _) = begun(stripe).await;
    let page = named.handle.clone().unwrap();
    for (status, intent) in
        [("open", None), ("complete", Some("processing")), ("complete", Some("requires_payment_method"))]
    {
        fake.change(&page, |page| (page.status, page.intent) = (status, intent));
        stripe.outcome(&named).await.unwrap();
    }
    fake.pay(&page);
    stripe.outcome(&named).await.unwrap();
    let bill = Bill { customer: Some("cus_1".to_owned()), ..charge().bill };
    let again = Charge { reference: "again".to_owned(), bill, ..charge() };
    stripe.charge(&again).await.unwrap();
    stripe.abandon(&again).await.unwrap();
    stripe.refund(&back(&named, "r1", 800)).await.unwrap();
    fake.give_back(&page, 100);
    fake.dispute(&page, 200);
    let of = stripe.charge_of(&back(&named, "r1", 800)).await.unwrap().unwrap();
    stripe.taken_back(&of).await.unwrap().unwrap();
    fake.desk().refunds[0].status = "failed";
    assert!(stripe.refund_failure(&back(&named, "r1", 800)).await.unwrap().is_some());
    assert!(stripe.refund(&back(&named, "r2", 800)).await.is_err(), "disputed");
    assert!(stripe.outcome(&Charge { handle: Some("cs_test_99".to_owned()), ..named.clone() }).await.is_err());
    fake.desk().mood = Mood::Away;
    assert!(stripe.outcome(&named).await.is_err());
    fake.desk().mood = Mood::Well;
    let mut strange = config(fake);
    strange.stripe.secret_key = "sk_test_of_somebody_else".to_owned();
    assert!(Stripe::new(&strange).unwrap().unwrap().charge(&charge()).await.is_err());
    page
}

fn said(exchange: &Exchange) -> [Value; 2] {
    let Exchange { method, path, form, status, answer } = exchange;
    // The longest first: an address that ends so is not one that only begins so.
    let asked =
        ASKED.iter().filter(|(verb, from, to, ..)| verb == method && path.starts_with(from) && path.ends_with(to));
    let (.., fields, object) = asked.max_by_key(|(_, from, to, ..)| from.len() + to.len()).unwrap();
    let what = format!("{method} {path}, {status}");
    let answered = if *status < 400 {
        json!({ "type": format!("Stripe.{object}"), "what": what, "value": answer })
    } else {
        json!({ "type": "Stripe.StripeRawError", "what": what, "value": answer["error"] })
    };
    [json!({ "type": format!("Stripe.{fields}"), "what": what, "form": form }), answered]
}

/// What does not fit, in words.
fn faults(said: &[Value]) -> Vec<String> {
    let missing = "this test needs node and the npm packages: make setup";
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/support/stripe-types.mjs");
    let mut node =
        Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect(missing);
    let words = json!({ "version": VERSION, "said": said }).to_string();
    node.stdin.take().unwrap().write_all(words.as_bytes()).expect(missing);
    let output = node.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).expect(missing)
}

#[tokio::test]
async fn what_is_said_to_stripe_and_by_its_stand_in_fits_what_stripe_publishes() {
    let (fake, stripe) = open().await;
    fake.desk().exchanges = Some(Vec::new());
    let page = talk(&fake, &stripe).await;
    let exchanges = fake.desk().exchanges.take().unwrap();
    let mut all: Vec<Value> = exchanges.iter().flat_map(said).collect();
    let asked: BTreeSet<&str> = all.iter().filter_map(|one| one["type"].as_str()).collect();
    for (_, _, _, fields, object) in ASKED {
        assert!(asked.contains(format!("Stripe.{fields}").as_str()), "nobody asked with {fields}");
        assert!(asked.contains(format!("Stripe.{object}").as_str()), "nobody answered with {object}");
    }
    let statuses: BTreeSet<u16> = exchanges.iter().map(|exchange| exchange.status).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 400, 401, 404, 503]);

    let event = |kind: &str, of: &str, bytes: &[u8]| json!({ "type": format!("Stripe.{of}"), "what": kind, "value": serde_json::from_slice::<Value>(bytes).unwrap() });
    all.extend(OF_SESSIONS.map(|(kind, of)| event(kind, of, &fake.event(kind, &page))));
    all.extend(OF_REFUNDS.map(|(kind, of)| event(kind, of, &fake.refund_event(kind))));
    all.extend(OF_DISPUTES.map(|(kind, of)| event(kind, of, &fake.dispute_event(kind, &page))));
    all.push(event("charge.refunded", "ChargeRefundedEvent", &fake.charge_event("charge.refunded", &page)));
    let wrong = faults(&all);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let mut broken = all.iter().find(|one| one["type"] == "Stripe.Refund").unwrap().clone();
    broken["value"]["charge"].take();
    broken["value"]["colour"] = json!("green");
    broken["value"]["amount"] = json!("12");
    assert_eq!(faults(&[broken]).len(), 2, "what does not fit is found; a charge may be null");
}
