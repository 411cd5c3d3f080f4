//! What happened to an order: attempts to pay it, refunds, and everything else.

use crate::admin::labels;
use crate::components::moment::Moment;
use crate::components::price::amount;
use domain::ordering::{
    Attempt, Dispute, DisputeStatus, EventActor, OrderEvent, PaymentStatus, RefundStatus, RefundView,
};
use leptos::prelude::*;

#[component]
pub(super) fn Refunds(refunds: Vec<RefundView>) -> impl IntoView {
    let row = |refund: RefundView| {
        let at = refund.done_at.unwrap_or(refund.created_at);
        let said = match refund.status {
            RefundStatus::Asked => "asked for",
            RefundStatus::Done if refund.elsewhere => "paid back at the payment provider",
            RefundStatus::Done => "paid back",
            RefundStatus::Elsewhere => "asked for, and not given",
            RefundStatus::Refused => "refused: look at it, then put its job back into the queue;",
        };
        view! {
            <li class="py-3">
                <p>
                    <span class="whitespace-nowrap tabular-nums">{amount(refund.amount)}</span> " " {said} " on "
                    <time datetime=at.rfc3339()>{at.date()}</time>
                </p>
                {refund.reason.map(|reason| view! { <p class="text-sm text-soft break-words">{reason}</p> })}
                {refund.last_error.map(|why| view! { <p class="text-sm text-danger break-words">{why}</p> })}
            </li>
        }
    };
    (!refunds.is_empty()).then(|| {
        view! {
            <section class="mt-8" aria-labelledby="refunds">
                <h2 class="text-xl" id="refunds">"Refunds"</h2>
                <ul class="mt-3 divide-y divide-line border-y border-line" data-testid="refunds">
                    {refunds.into_iter().map(row).collect_view()}
                </ul>
            </section>
        }
    })
}

/// What a buyer's bank wants back, or wanted.
#[component]
pub(super) fn Disputes(disputes: Vec<Dispute>) -> impl IntoView {
    let row = |dispute: Dispute| {
        let at = dispute.closed_at.unwrap_or(dispute.opened_at);
        let said = match dispute.status {
            DisputeStatus::Open => "wanted back by the bank: answer it at the payment provider; since",
            DisputeStatus::Won => "wanted back by the bank, decided for the shop on",
            DisputeStatus::Lost => "taken back by the bank on",
        };
        view! {
            <li class="py-3">
                <p>
                    <span class="whitespace-nowrap tabular-nums">{amount(dispute.amount)}</span> " " {said} " "
                    <time datetime=at.rfc3339()>{at.date()}</time>
                </p>
                <p class="text-sm text-soft break-all">
                    {dispute.reason.map(|reason| format!("{reason}, "))} {dispute.handle}
                </p>
            </li>
        }
    };
    (!disputes.is_empty()).then(|| {
        view! {
            <section class="mt-8" aria-labelledby="disputes">
                <h2 class="text-xl" id="disputes">"Disputes"</h2>
                <ul class="mt-3 divide-y divide-line border-y border-line" data-testid="disputes">
                    {disputes.into_iter().map(row).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
pub(super) fn Attempts(attempts: Vec<Attempt>) -> impl IntoView {
    let row = |attempt: Attempt| {
        let said = match attempt.status {
            PaymentStatus::Started => "not known yet",
            PaymentStatus::Succeeded => "paid",
            PaymentStatus::Declined => "declined",
            PaymentStatus::Unseen => "never seen by the bank",
            PaymentStatus::Abandoned => "left unpaid",
        };
        let card = attempt.card_last4.map(|last4| format!(", card ending in {last4}"));
        view! {
            <li class="py-3">
                <p>
                    <span class="whitespace-nowrap tabular-nums">{amount(attempt.amount)}</span> ", " {said} {card} ", "
                    <time datetime=attempt.created_at.rfc3339()>{attempt.created_at.date()}</time>
                </p>
                <p class="text-sm text-soft break-all">
                    {attempt.provider} ", " {attempt.reference} {attempt.handle.map(|handle| format!(", {handle}"))}
                </p>
                {attempt.failure.map(|why| view! { <p class="text-sm text-soft">{why}</p> })}
                {attempt
                    .ask_at
                    .map(|at| {
                        view! {
                            <p class="text-sm text-soft">
                                "The bank is asked again: " <Moment at />
                            </p>
                        }
                    })}
            </li>
        }
    };
    (!attempts.is_empty()).then(|| {
        view! {
            <section class="mt-8" aria-labelledby="attempts">
                <h2 class="text-xl" id="attempts">"Payments"</h2>
                <ul class="mt-3 divide-y divide-line border-y border-line">
                    {attempts.into_iter().map(row).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
pub(super) fn Events(events: Vec<OrderEvent>) -> impl IntoView {
    let row = |event: OrderEvent| {
        let by = match event.by {
            EventActor::Shop => "the shop".to_owned(),
            EventActor::Buyer => "the buyer".to_owned(),
            EventActor::Recipient => "whoever got the gift".to_owned(),
            EventActor::Admin(who) => who,
        };
        view! {
            <li class="py-3">
                <p>
                    <span class="font-semibold">{labels::order_event(event.kind)}</span> ", " {by} ", "
                    <span class="text-sm text-soft"><Moment at=event.at /></span>
                </p>
                {event.cause.map(|cause| view! { <p class="text-sm text-soft break-words">{cause}</p> })}
            </li>
        }
    };
    (!events.is_empty()).then(|| {
        view! {
            <section class="mt-8" aria-labelledby="events">
                <h2 class="text-xl" id="events">"What happened"</h2>
                <ol class="mt-3 divide-y divide-line border-y border-line" data-testid="order-events">
                    {events.into_iter().map(row).collect_view()}
                </ol>
            </section>
        }
    })
}
