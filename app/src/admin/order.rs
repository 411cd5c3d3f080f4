//! One order, with all that happened to it, and what can be done about it.

use super::frame::Frame;
use super::labels;
use crate::api::office::{NoteOrder, RefundLines, ResendReceipt, any_order};
use crate::components::failure::{FormError, ReauthFirst, outcome};
use crate::components::field::FormState;
use crate::components::moment::Moment;
use crate::components::price::{Discount, TaxLines, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::order_status;
use crate::pages::gift_words;
use crate::paths;
use domain::ordering::{
    Attempt, EventActor, Gift, GiftState, OrderDetails, OrderEvent, OrderLine, PaymentStatus, RefundStatus, RefundView,
    WithdrawalConsent,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::collections::HashSet;
use uuid::Uuid;

/// What can be done, and what it came back with.
#[derive(Clone, Copy)]
struct Deeds {
    refund: ServerAction<RefundLines>,
    refunded: FormState<()>,
    note: ServerAction<NoteOrder>,
    noted: FormState<()>,
    resend: ServerAction<ResendReceipt>,
    resent: FormState<()>,
}

#[component]
pub fn AnyOrderPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get_str("number").unwrap_or_default().to_owned());
    let (refund, note, resend) =
        (ServerAction::<RefundLines>::new(), ServerAction::<NoteOrder>::new(), ServerAction::<ResendReceipt>::new());
    let read = Resource::new(
        move || (number.get(), refund.version().get(), note.version().get(), resend.version().get()),
        |(number, ..)| any_order(number),
    );
    // Here, because what is below is made anew when the order is read again.
    let deeds = Deeds {
        refund,
        refunded: FormState::of(refund),
        note,
        noted: FormState::of(note),
        resend,
        resent: FormState::of(resend),
    };
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |details| view! { <Details details deeds /> })
            })}
        </Transition>
    }
}

#[component]
fn Details(details: OrderDetails, deeds: Deeds) -> impl IntoView {
    let OrderDetails { order, email, attempts, refunds, events } = details;
    let number = order.number.clone();
    let asked: HashSet<Uuid> = refunds.iter().flat_map(|refund| refund.lines.iter().copied()).collect();
    let refundable: Vec<OrderLine> = order
        .lines
        .iter()
        .filter(|line| order.status.is_paid() && line.refunded_at.is_none() && !asked.contains(&line.id))
        .cloned()
        .collect();
    let at = order.created_at;
    let gone = order.refunded;
    let bill = view! {
        <Discount order=order.clone() />
        <TaxLines taxes=order.taxes() added=true />
    };
    let inside = view! { <TaxLines taxes=order.taxes() added=false /> };
    let lives = order.country.map(
        |country| view! { <p class="mt-1 text-sm text-soft">{format!("Lives in {country}, by their own word")}</p> },
    );
    let withdrawal = order.withdrawal.map(|WithdrawalConsent { agreed_at: at, wording }| {
        view! {
            <section class="mt-8" aria-labelledby="withdrawal" data-testid="withdrawal">
                <h2 class="text-xl" id="withdrawal">"Right of withdrawal"</h2>
                <p class="mt-3">
                    "On " <time datetime=at.rfc3339()>{at.date()}</time> " the buyer agreed: “" {wording.sentence()} "”"
                </p>
            </section>
        }
    });
    let invoice = order.paid_at.map(|_| {
        view! { <p class="mt-8"><a class="link" href=paths::invoice(&number)>"The invoice of this order"</a></p> }
    });
    let gift = order.gift.clone().map(|gift| {
        let state = gift.state(order.status);
        view! { <GiftSection gift state /> }
    });
    let has_receipt = order.status.is_paid() && email.is_some();
    view! {
        <Title text=format!("Order {number}") />
        <Frame heading=format!("Order {number}")>
            <p class="mt-2 break-all">{email.unwrap_or_else(|| "A deleted account".to_owned())}</p>
            <p class="mt-1 text-sm text-soft">
                <span data-testid="order-status">{order_status(order.status)}</span> ", ordered on "
                <time datetime=at.rfc3339()>{at.date()}</time>
            </p>
            <section class="mt-8" aria-labelledby="lines">
                <h2 class="text-xl" id="lines">"Titles"</h2>
                <ul class="mt-3 divide-y divide-line border-y border-line">
                    {order.lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
                </ul>
                {bill}
                <p class="mt-3 flex justify-between gap-4 font-semibold">
                    <span>"Total"</span>
                    <span class="tabular-nums">{amount(order.total)}</span>
                </p>
                {inside}
                {lives}
                {(gone.minor > 0)
                    .then(|| {
                        view! {
                            <p class="mt-1 flex justify-between gap-4">
                                <span>"Paid back"</span>
                                <span class="tabular-nums">{amount(gone)}</span>
                            </p>
                        }
                    })}
            </section>
            {gift}
            {withdrawal}
            {invoice}
            <Refund number=number.clone() lines=refundable deeds />
            <Refunds refunds />
            <Attempts attempts />
            <Events events />
            <Note number=number.clone() deeds />
            {has_receipt.then(|| view! { <Receipt number deeds /> })}
        </Frame>
    }
}

/// Whom a gift is for and how it stands. What was said is between those two.
#[component]
fn GiftSection(gift: Gift, state: GiftState) -> impl IntoView {
    let words = gift_words(&gift, state);
    view! {
        <section class="mt-8" aria-labelledby="gift" data-testid="gift">
            <h2 class="text-xl" id="gift">"Gift"</h2>
            <p class="mt-3 break-words">{words}</p>
            {gift.sender.map(|sender| view! { <p class="text-sm text-soft break-words">{format!("From {sender}")}</p> })}
        </section>
    }
}

#[component]
fn Line(line: OrderLine) -> impl IntoView {
    let (list, paid) = (line.list_price, line.sale_price());
    let less = (line.price.minor < paid.minor).then(|| match (line.bundle, line.discount.minor) {
        (None, _) => format!("{} after the coupon", amount(line.price)),
        (Some(bundle), 0) => format!("{} in “{}”", amount(line.price), bundle.name),
        (Some(bundle), _) => format!("{} in “{}” and after the coupon", amount(line.price), bundle.name),
    });
    let back = line.refunded_at.map(|at| {
        view! {
            <span class="text-sm text-soft">
                "paid back on " <time datetime=at.rfc3339()>{at.date()}</time>
            </span>
        }
    });
    view! {
        <li class="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
            <span class="font-serif font-semibold">{line.title}</span>
            {back}
            <span class="whitespace-nowrap tabular-nums">
                {(paid.minor < list.minor)
                    .then(|| {
                        view! {
                            <span class="sr-only">"Regular price "</span>
                            <s class="text-sm text-soft">{amount(list)}</s>
                            <span class="sr-only">", sold for "</span>
                            " "
                        }
                    })} {amount(paid)}
                {less.map(|less| view! { <span class="block text-right text-sm text-soft">{less}</span> })}
            </span>
        </li>
    }
}

/// Paying back by ticking lines.
#[component]
fn Refund(number: String, lines: Vec<OrderLine>, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.refund, deeds.refunded);
    let done = move || answer.done().get() || query.read().get_str("refund").is_some();
    let form = (!lines.is_empty()).then(|| {
        view! {
            <ActionForm action attr:class="space-y-4">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <input type="hidden" name="number" value=number />
                <fieldset>
                    <legend class="font-semibold">"What to pay back"</legend>
                    {lines.into_iter().map(|line| view! { <Tick line /> }).collect_view()}
                </fieldset>
                <div>
                    <label class="font-semibold" for="reason">"Reason"</label>
                    <p class="text-sm text-soft" id="reason-hint">"The buyer finds it in what they download about themselves."</p>
                    <input
                        class="input mt-1"
                        id="reason"
                        name="reason"
                        maxlength="500"
                        required
                        autocomplete="off"
                        aria-describedby="reason-hint"
                    />
                </div>
                <button class="button" type="submit" disabled=move || action.pending().get() data-testid="refund">
                    "Pay back"
                </button>
            </ActionForm>
        }
    });
    let shown = form.is_some();
    view! {
        <section class="panel mt-8 max-w-xl space-y-4 p-5" aria-labelledby="pay-back">
            <h2 class="text-lg font-semibold" id="pay-back">"Pay back"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>
                "It is on its way: once the bank has said yes, the titles leave the library and the buyer gets a mail."
            </p>
            {form}
            {(!shown).then(|| view! { <p class="text-soft">"There is nothing left to pay back."</p> })}
        </section>
    }
}

#[component]
fn Tick(line: OrderLine) -> impl IntoView {
    let id = format!("line-{}", line.id);
    view! {
        <div class="mt-3 flex gap-3">
            <input
                class="mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                id=id.clone()
                name="lines[]"
                value=line.id.to_string()
            />
            <label for=id>{format!("{}, {}", line.title, line.price)}</label>
        </div>
    }
}

#[component]
fn Refunds(refunds: Vec<RefundView>) -> impl IntoView {
    let row = |refund: RefundView| {
        let at = refund.done_at.unwrap_or(refund.created_at);
        let said = match refund.status {
            RefundStatus::Asked => "asked for",
            RefundStatus::Done => "paid back",
            RefundStatus::Refused => "refused: look at it, then put its job back into the queue;",
        };
        view! {
            <li class="py-3">
                <p>
                    <span class="tabular-nums">{amount(refund.amount)}</span> " " {said} " on "
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

#[component]
fn Attempts(attempts: Vec<Attempt>) -> impl IntoView {
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
                    <span class="tabular-nums">{amount(attempt.amount)}</span> ", " {said} {card} ", "
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
fn Events(events: Vec<OrderEvent>) -> impl IntoView {
    let row = |event: OrderEvent| {
        let by = match event.by {
            EventActor::Shop => "the shop".to_owned(),
            EventActor::Buyer => "the buyer".to_owned(),
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

#[component]
fn Note(number: String, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.note, deeds.noted);
    let done = move || answer.done().get() || query.read().get_str("noted").is_some();
    view! {
        <section class="panel mt-8 max-w-xl space-y-4 p-5" aria-labelledby="note-heading">
            <h2 class="text-lg font-semibold" id="note-heading">"Note"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>"It is written down."</p>
            <ActionForm action attr:class="space-y-4">
                <FormError message=answer.refused() />
                <input type="hidden" name="number" value=number />
                <div>
                    <label class="font-semibold" for="note">"A note for those who look after orders"</label>
                    <p class="text-sm text-soft" id="note-hint">"The buyer finds it in what they download about themselves."</p>
                    <textarea
                        class="input mt-1"
                        id="note"
                        name="note"
                        rows="3"
                        maxlength="500"
                        aria-describedby="note-hint"
                        required
                    ></textarea>
                </div>
                <button class="button button-quiet" type="submit" disabled=move || action.pending().get()>
                    "Write it down"
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Receipt(number: String, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.resend, deeds.resent);
    let done = move || answer.done().get() || query.read().get_str("sent").is_some();
    view! {
        <section class="panel mt-6 max-w-xl space-y-4 p-5" aria-labelledby="receipt-heading">
            <h2 class="text-lg font-semibold" id="receipt-heading">"Receipt"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>"It is on its way to the buyer."</p>
            <ActionForm action>
                <FormError message=answer.refused() />
                <input type="hidden" name="number" value=number />
                <button class="button button-quiet" type="submit" disabled=move || action.pending().get()>
                    "Send it again"
                </button>
            </ActionForm>
        </section>
    }
}
