//! One's orders, and the receipt of one.

use super::gift_order::GiftOfOrder;
use crate::api::gifts::ResendGift;
use crate::api::legal::sold_by;
use crate::api::orders::{GiveUpOrder, order, orders};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::pager::Pager;
use crate::components::price::{Discount, TaxLines, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::order_status;
use crate::components::use_hydrated;
use crate::paths;
use domain::Page;
use domain::ordering::{Order, OrderLine, OrderStatus, WithdrawalConsent};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn OrdersPage() -> impl IntoView {
    let query = use_query_map();
    let number = Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1));
    let read = Resource::new(move || number.get(), orders);
    view! {
        <Title text="Orders" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, |page| view! { <List page /> }) })}
        </Transition>
    }
}

#[component]
fn List(page: Page<Order>) -> impl IntoView {
    let (number, count) = (page.number, page.count());
    let body = if page.items.is_empty() {
        view! {
            <Empty title="No orders yet">
                <p>"What you buy is listed here, each order with its receipt."</p>
                <a class="button" href="/browse">"Browse all titles"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <ul class="divide-y divide-line border-y border-line">
                {page.items.into_iter().map(|order| view! { <Row order /> }).collect_view()}
            </ul>
            <Pager number count address=|page| format!("/orders?page={page}") />
        }
        .into_any()
    };
    view! {
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Orders"</h1>
            <p class="mt-3"><a class="link" href="/account/purchases">"Purchases item by item, and in all"</a></p>
            <div class="mt-8">{body}</div>
        </div>
    }
}

#[component]
fn Row(order: Order) -> impl IntoView {
    let titles = order.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>().join(", ");
    view! {
        <li class="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-4 hover:bg-sunken">
            <h2 class="font-sans text-base font-semibold">
                <a class="link whitespace-nowrap after:absolute after:inset-0 after:content-['']" href=paths::order(&order.number)>
                    {order.number.clone()}
                </a>
            </h2>
            <p class="text-right font-semibold whitespace-nowrap tabular-nums">{amount(order.total)}</p>
            <p class="line-clamp-2">{titles}</p>
            <p class="text-right text-sm text-soft">{order_status(order.status)}</p>
            <p class="text-sm text-soft"><time datetime=order.created_at.rfc3339()>{order.created_at.date()}</time></p>
        </li>
    }
}

#[component]
pub fn ReceiptPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let number = Memo::new(move |_| params.read().get_str("number").unwrap_or_default().to_owned());
    let back = Memo::new(move |_| query.read().get_str("paid").is_some());
    let give_up = ServerAction::<GiveUpOrder>::new();
    let answer = FormState::of(give_up);
    let resend = ServerAction::<ResendGift>::new();
    let gifts = FormState::of(resend);
    let resent = Signal::derive(move || gifts.done().get() || query.read().get_str("sent").is_some());
    let read = Resource::new(
        move || (number.get(), back.get(), give_up.version().get(), resend.version().get()),
        |(number, back, ..)| order(number, back),
    );
    let seller = Resource::new(|| (), |()| sold_by());
    view! {
        // A text, not a closure: the server reads it when what the closure reads may be gone already.
        {move || view! { <Title text=format!("Order {}", number.get()) /> }}
        <Transition fallback=PageSkeleton>
            {move || {
                let back = back.get();
                Suspend::new(async move {
                    let (order, seller) = (read.await, seller.await.unwrap_or_default());
                    outcome(order, |order| {
                        let gift = order.gift.clone().map(|gift| {
                            let (number, state) = (order.number.clone(), gift.state(order.status));
                            view! { <GiftOfOrder number gift state resend answer=gifts resent /> }.into_any()
                        });
                        view! { <Receipt order seller gift back give_up answer /> }
                    })
                })
            }}
        </Transition>
    }
}

#[component]
fn Receipt(
    order: Order,
    /// Who sold, in lines.
    seller: Vec<String>,
    /// How it stands, where it is a gift.
    gift: Option<AnyView>,
    back: bool,
    give_up: ServerAction<GiveUpOrder>,
    answer: FormState<Order>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let is_gift = gift.is_some();
    let (heading, words) = match order.status {
        OrderStatus::Paid if is_gift => ("Thank you", "Your order is complete, and your gift is on its way."),
        OrderStatus::Fulfilled if is_gift => ("Thank you", "Your order is complete, and your gift was accepted."),
        OrderStatus::Refunded if is_gift => ("Paid back", "This order was paid back, and the gift was taken back."),
        OrderStatus::Declined if is_gift => ("Payment declined", "Nothing was charged, and nothing is sent."),
        OrderStatus::Cancelled if is_gift => ("Not paid", "The payment was interrupted, and the order is over."),
        OrderStatus::Paid => ("Thank you", "Your order is paid, and the books are on their way to your library."),
        OrderStatus::Fulfilled => ("Thank you", "Your order is complete, and the books are in your library."),
        OrderStatus::Pending if order.goes_on && !back => {
            ("Not paid yet", "This order waits for its payment. You can go on paying, or leave it.")
        }
        OrderStatus::Pending => ("One moment", "The payment is being confirmed. Reload this page in a minute."),
        OrderStatus::Declined => ("Payment declined", "Nothing was charged. Your cart is as it was."),
        OrderStatus::Cancelled => {
            ("Not paid", "The payment was interrupted, and the order is over. Your cart is as it was.")
        }
        OrderStatus::PartlyRefunded => (
            "Partly paid back",
            "Some of this order was paid back. Titles that were paid back whole are no longer in your library.",
        ),
        OrderStatus::Refunded => {
            ("Paid back", "This order was paid back, and its books are no longer in your library.")
        }
    };
    let (paid, gone) = (order.status.is_paid(), order.refunded);
    let actions = match order.status {
        OrderStatus::Declined | OrderStatus::Cancelled if is_gift => {
            let slug = order.lines.first().map(|line| line.slug.clone()).unwrap_or_default();
            view! { <a class="button" href=paths::give(slug)>"Try again"</a> }.into_any()
        }
        OrderStatus::Declined | OrderStatus::Cancelled => {
            view! { <a class="button" href="/checkout">"Pay again"</a> }.into_any()
        }
        OrderStatus::Pending if order.goes_on => {
            view! { <GoOn number=order.number.clone() back give_up answer /> }.into_any()
        }
        _ if is_gift => ().into_any(),
        _ => view! { <a class="button" href="/library">"Go to your library"</a> }.into_any(),
    };
    let invoice = order.paid_at.map(|_| {
        view! {
            <a class="button button-quiet" rel="external" href=paths::receipt_document(&order.number)>
                "This receipt as PDF"
            </a>
            <a class="button button-quiet" href=paths::invoice(&order.number)>"I need an invoice"</a>
        }
    });
    let card = match (&order.card_last4, order.total.minor, order.provider.as_deref()) {
        (Some(last4), _, Some("simulated")) => format!("Card ending in {last4} (simulated payment)"),
        (Some(last4), ..) => format!("Card ending in {last4}"),
        (None, 0, _) => "Free".to_owned(),
        (None, ..) if order.paid_at.is_some() => "Paid".to_owned(),
        (None, ..) => "Not paid".to_owned(),
    };
    let fact = |term: &'static str, words: AnyView| {
        view! {
            <div>
                <dt class="text-sm text-soft">{term}</dt>
                <dd>{words}</dd>
            </div>
        }
    };
    let at = order.paid_at.unwrap_or(order.created_at);
    let bill = view! {
        <Discount order=order.clone() />
        <TaxLines taxes=order.taxes() added=true />
    };
    let inside = view! { <TaxLines taxes=order.taxes() added=false /> };
    let withdrawal = order.withdrawal.map(|consent| view! { <Withdrawal consent /> });
    view! {
        <article class="page max-w-3xl py-10 sm:py-14">
            <p class="hidden font-serif text-2xl font-semibold print:block">{crate::api::settings::use_shop().name_now()}</p>
            <h1 class="text-3xl sm:text-4xl">{heading}</h1>
            <p class="mt-3 text-lg text-soft">{words}</p>
            {order.failure.clone().map(|why| view! { <p class="alert mt-4">{why}</p> })}
            <dl class="mt-8 grid gap-4 border-y border-line py-5 sm:grid-cols-2">
                {fact("Order", order.number.clone().into_any())}
                {fact("Date", view! { <time datetime=at.rfc3339()>{at.date()}</time> }.into_any())}
                {fact("Payment", card.into_any())}
                {fact("Status", order_status(order.status).into_any())}
            </dl>
            <h2 class="mt-8 text-xl">"What you bought"</h2>
            <ul class="mt-3 divide-y divide-line border-y border-line">
                {order.lines.into_iter().map(|line| view! { <Line line owned=paid && !is_gift /> }).collect_view()}
            </ul>
            {bill}
            <p class="mt-4 flex items-baseline justify-between gap-4 text-xl font-semibold">
                <span>"Total"</span>
                <span class="whitespace-nowrap tabular-nums">{amount(order.total)}</span>
            </p>
            {inside}
            {(gone.minor > 0)
                .then(|| {
                    view! {
                        <p class="mt-1 flex items-baseline justify-between gap-4" data-testid="paid-back">
                            <span>"Paid back"</span>
                            <span class="whitespace-nowrap tabular-nums">{amount(gone)}</span>
                        </p>
                    }
                })}
            {gift}
            {withdrawal}
            {(!seller.is_empty())
                .then(|| {
                    view! {
                        <section class="mt-8" aria-labelledby="seller" data-testid="sold-by">
                            <h2 class="text-xl" id="seller">"Sold by"</h2>
                            <p class="mt-3 break-words whitespace-pre-line">{seller.join("\n")}</p>
                        </section>
                    }
                })}
            <div class="mt-8 flex flex-wrap gap-3 print:hidden">
                {actions}
                {invoice}
                <button
                    class="button button-quiet"
                    class:hidden=move || !hydrated.get()
                    type="button"
                    on:click=|_| {
                        // A browser that cannot print says so itself.
                        window().print().ok();
                    }
                >
                    "Print this receipt"
                </button>
            </div>
        </article>
    }
}

/// What the buyer agreed to, and the way to withdraw before it counts.
#[component]
fn Withdrawal(consent: WithdrawalConsent) -> impl IntoView {
    let WithdrawalConsent { agreed_at: at, wording } = consent;
    view! {
        <section class="mt-8" aria-labelledby="withdrawal" data-testid="withdrawal">
            <h2 class="text-xl" id="withdrawal">"Right of withdrawal"</h2>
            <p class="mt-3">
                "On " <time datetime=at.rfc3339()>{at.date()}</time> " you agreed: “" {wording.sentence()} "”"
            </p>
            <p class="mt-2">
                <a class="link" href="/withdrawal">"How to withdraw before the first play"</a>
            </p>
        </section>
    }
}

/// What the buyer of an order that waits for its payment can do.
#[component]
fn GoOn(number: String, back: bool, give_up: ServerAction<GiveUpOrder>, answer: FormState<Order>) -> impl IntoView {
    let pending = give_up.pending();
    let look = back.then(|| {
        view! { <a class="button" rel="external" href=format!("{}?paid=1", paths::order(&number))>"Look again"</a> }
    });
    let quiet = if back { "button button-quiet" } else { "button" };
    view! {
        {look}
        <a class=quiet rel="external" href=paths::order_payment(&number)>"Go on paying"</a>
        <ActionForm action=give_up>
            <FormError message=answer.refused() />
            <input type="hidden" name="number" value=number />
            <button class="button button-quiet" type="submit" disabled=move || pending.get()>"Do not pay"</button>
        </ActionForm>
    }
}

/// What of a line was paid back, as far as anything was.
pub fn paid_back(line: &OrderLine) -> Option<AnyView> {
    let words = match line.refunded_at {
        Some(at) => view! { "paid back on " <time datetime=at.rfc3339()>{at.date()}</time> }.into_any(),
        None if line.refunded.minor > 0 => format!("{} of it paid back", amount(line.refunded)).into_any(),
        None => return None,
    };
    Some(view! { <span class="text-sm text-soft">{words}</span> }.into_any())
}

#[component]
fn Line(
    line: OrderLine,
    /// It is in the buyer's library, as long as it is not paid back.
    owned: bool,
) -> impl IntoView {
    let price = line.sale_price();
    let saved = (price.minor < line.list_price.minor).then(|| {
        view! {
            <span class="sr-only">"Regular price "</span>
            <s class="text-sm text-soft">{amount(line.list_price)}</s>
            <span class="sr-only">", paid "</span>
            " "
        }
    });
    let back = paid_back(&line);
    let address =
        if owned && line.refunded_at.is_none() { paths::library_book(&line.slug) } else { paths::book(&line.slug) };
    view! {
        <li class="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
            <a class="link font-serif font-semibold" href=address>{line.title}</a>
            {back}
            <span class="whitespace-nowrap tabular-nums">{saved} {amount(price)}</span>
        </li>
    }
}
