//! One order, with all that happened to it, and what can be done about it.

mod deeds;
mod happened;

use super::frame::Frame;
use crate::api::office::{NoteOrder, RefundLines, ResendReceipt, any_order};
use crate::components::failure::outcome;
use crate::components::field::FormState;
use crate::components::price::{Discount, TaxLines, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::order_status;
use crate::pages::{gift_words, paid_back};
use crate::paths;
use deeds::{Deeds, Note, Receipt, Refund};
use domain::ordering::{Gift, GiftState, OrderDetails, OrderLine, WithdrawalConsent};
use happened::{Attempts, Disputes, Events, Refunds};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::HashSet;
use uuid::Uuid;

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
    let OrderDetails { order, email, attempts, refunds, disputes, events } = details;
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
        view! {
            <p class="mt-8 flex flex-wrap gap-x-6 gap-y-2">
                <a class="link" href=paths::invoice(&number)>"The invoice of this order"</a>
                <a class="link" rel="external" href=paths::receipt_document(&number)>"Its receipt as PDF"</a>
            </p>
        }
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
                    <span class="whitespace-nowrap tabular-nums">{amount(order.total)}</span>
                </p>
                {inside}
                {lives}
                {(gone.minor > 0)
                    .then(|| {
                        view! {
                            <p class="mt-1 flex justify-between gap-4">
                                <span>"Paid back"</span>
                                <span class="whitespace-nowrap tabular-nums">{amount(gone)}</span>
                            </p>
                        }
                    })}
            </section>
            {gift}
            {withdrawal}
            {invoice}
            <Refund number=number.clone() lines=refundable deeds />
            <Disputes disputes />
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
    let (list, paid, back) = (line.list_price, line.sale_price(), paid_back(&line));
    let less = (line.price.minor < paid.minor).then(|| match (line.bundle, line.discount.minor) {
        (None, _) => format!("{} after the coupon", amount(line.price)),
        (Some(bundle), 0) => format!("{} in “{}”", amount(line.price), bundle.name),
        (Some(bundle), _) => format!("{} in “{}” and after the coupon", amount(line.price), bundle.name),
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
