//! The invoice of an order, and the form that asks for one.

use crate::api::invoices::{MakeInvoice, invoice};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::price::BillLine;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::use_hydrated;
use crate::paths;
use domain::Money;
use domain::invoices::{Invoice, InvoicePage as Shown};
use domain::ordering::OrderLine;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn InvoicePage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get_str("number").unwrap_or_default().to_owned());
    let make = ServerAction::<MakeInvoice>::new();
    let answer = FormState::of(make);
    answer.focus_refused();
    // A form that was refused stays as it was typed.
    let made = Memo::new(move |before: Option<&usize>| {
        let version = make.version().get();
        if matches!(&*make.value().read(), Some(Ok(_))) { version } else { before.copied().unwrap_or_default() }
    });
    let read = Resource::new(move || (number.get(), made.get()), |(number, _)| invoice(number));
    view! {
        <Title text="Invoice" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| match page.invoice {
                    Some(invoice) => view! { <Made invoice /> }.into_any(),
                    None => view! { <Ask page make answer /> }.into_any(),
                })
            })}
        </Transition>
    }
}

/// Asks whom the invoice is for.
#[component]
fn Ask(page: Shown, make: ServerAction<MakeInvoice>, answer: FormState<Invoice>) -> impl IntoView {
    let Shown { order, can_be_made, name, .. } = page;
    let back = paths::order(&order);
    let body = if can_be_made {
        view! {
            <p class="mt-3 max-w-prose text-soft">
                "Write whom it is for. An invoice is made once, and does not change afterwards."
            </p>
            <ActionForm action=make attr:class="panel mt-6 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
                <FormError message=answer.on_form(&["name", "address", "tax_number"]) />
                <input type="hidden" name="number" value=order />
                <Field
                    name="name"
                    within="form"
                    label="Name"
                    hint="A person or company."
                    autocomplete="name"
                    maxlength="200"
                    value=name
                    error=answer.on_field("name")
                />
                <Field
                    name="address"
                    within="form"
                    label="Address"
                    hint="In lines, as on a letter. May be empty."
                    lines="4"
                    may_be_empty=true
                    maxlength="500"
                    error=answer.on_field("address")
                />
                <Field
                    name="tax_number"
                    within="form"
                    label="Tax number"
                    hint="Such as a VAT number. May be empty."
                    may_be_empty=true
                    maxlength="40"
                    error=answer.on_field("tax_number")
                />
                <button class="button w-fit" type="submit" disabled=move || make.pending().get()>"Make the invoice"</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <p class="notice mt-6 max-w-prose">
                "There is no invoice of this order yet: it has to be paid, and the shop has to say who sells."
            </p>
        }
        .into_any()
    };
    view! {
        <div class="page max-w-3xl py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"I need an invoice"</h1>
            {body}
            <p class="mt-8"><a class="link" href=back>"The receipt of this order"</a></p>
        </div>
    }
}

#[component]
fn Made(invoice: Invoice) -> impl IntoView {
    let hydrated = use_hydrated();
    let Invoice { number, issued_at, seller, billing, order } = invoice;
    let back = order.paid_back();
    let taxes = order.taxes();
    let taxed = !taxes.is_empty();
    let net = Money::new(order.total.minor - order.tax.minor, order.total.currency);
    let document = paths::invoice_document(&order.number);
    let paid = order.paid_at.map(|at| {
        view! {
            <div>
                <dt class="text-sm text-soft">"Paid and delivered"</dt>
                <dd><time datetime=at.rfc3339()>{at.date()}</time></dd>
            </div>
        }
    });
    let lives = order.country.map(|country| {
        view! {
            <div>
                <dt class="text-sm text-soft">"Country of the buyer"</dt>
                <dd>{country.name()}</dd>
            </div>
        }
    });
    let bundles = order.bundles().into_iter().map(|bundle| {
        let words = format!("Together as “{}”, taken off in these prices", bundle.name);
        view! { <BillLine words amount=bundle.off.to_string() /> }
    });
    let bundles = bundles.collect_view();
    let coupon = order.coupon.clone().map(|code| {
        let words = format!("Coupon {code}, taken off in these prices");
        view! { <BillLine words amount=order.discount.to_string() /> }
    });
    let sums = taxed.then(|| {
        view! {
            <BillLine words="Net" amount=net.to_string() />
            {taxes.into_iter().map(|tax| view! { <BillLine words=tax.words() amount=tax.amount.to_string() /> }).collect_view()}
        }
    });
    let refunds = (!back.is_empty()).then(|| {
        let rows = back.into_iter().map(|line| (line.paid_back_words(), line)).collect();
        view! {
            <section class="mt-8" aria-labelledby="paid-back" data-testid="invoice-paid-back">
                <h2 class="text-xl" id="paid-back">"Paid back"</h2>
                <Lines rows taxed caption="What was paid back" />
                <BillLine words="Paid back in all" amount=format!("−{}", order.refunded) />
            </section>
        }
    });
    let lines = order.lines.iter().map(|line| (line.title.clone(), line.clone())).collect();
    view! {
        <article class="page max-w-3xl py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">{format!("Invoice {number}")}</h1>
            <div class="mt-8 grid gap-6 sm:grid-cols-2">
                <section aria-labelledby="from">
                    <h2 class="text-lg" id="from">"From"</h2>
                    <p class="mt-1 break-words whitespace-pre-line" data-testid="invoice-from">{seller.lines().join("\n")}</p>
                </section>
                <section aria-labelledby="to">
                    <h2 class="text-lg" id="to">"To"</h2>
                    <p class="mt-1 break-words whitespace-pre-line" data-testid="invoice-to">{billing.lines().join("\n")}</p>
                </section>
            </div>
            <dl class="mt-8 grid gap-4 border-y border-line py-5 sm:grid-cols-2">
                <div>
                    <dt class="text-sm text-soft">"Date of the invoice"</dt>
                    <dd><time datetime=issued_at.rfc3339()>{issued_at.date()}</time></dd>
                </div>
                <div>
                    <dt class="text-sm text-soft">"Order"</dt>
                    <dd class="whitespace-nowrap">{order.number.clone()}</dd>
                </div>
                {paid}
                {lives}
            </dl>
            <Lines rows=lines taxed caption="What was bought" />
            <div class="mt-4" data-testid="invoice-sums">
                {bundles}
                {coupon}
                {sums}
                <p class="mt-4 flex items-baseline justify-between gap-4 text-xl font-semibold">
                    <span>"Total"</span>
                    <span class="whitespace-nowrap tabular-nums">{order.total.to_string()}</span>
                </p>
            </div>
            {refunds}
            <div class="mt-8 flex flex-wrap gap-3 print:hidden">
                <a class="button" rel="external" href=document>"Download as PDF"</a>
                <a class="button button-quiet" href=paths::order(&order.number)>"The receipt of this order"</a>
                <button
                    class="button button-quiet"
                    class:hidden=move || !hydrated.get()
                    type="button"
                    on:click=|_| {
                        // A browser that cannot print says so itself.
                        window().print().ok();
                    }
                >
                    "Print this invoice"
                </button>
            </div>
        </article>
    }
}

/// Titles with net, tax and gross, or with their prices where there is no tax.
#[component]
fn Lines(rows: Vec<(String, OrderLine)>, taxed: bool, caption: &'static str) -> impl IntoView {
    let heads: &[&str] = if taxed { &["Net", "Tax", "Gross"] } else { &["Price"] };
    let row = move |(title, line): (String, OrderLine)| {
        let tax = line
            .tax
            .as_ref()
            .map_or_else(|| "none".to_owned(), |tax| format!("{} {}: {}", tax.name, tax.rate, tax.amount));
        let cells = if taxed {
            vec![line.net().to_string(), tax, line.price.to_string()]
        } else {
            vec![line.price.to_string()]
        };
        view! {
            <tr>
                <th class="py-2 pr-4 font-normal" scope="row">{title}</th>
                {cells.into_iter().map(|cell| view! { <td class="py-2 pl-4 text-right">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        // It may be wider than the window: then it is moved by itself, also by the keyboard.
        <div class="mt-6 overflow-x-auto" tabindex="0" role="region" aria-label=caption>
            <table class="w-full text-left tabular-nums">
                <caption class="sr-only">{caption}</caption>
                <thead class="border-b border-line-strong">
                    <tr>
                        <th class="py-2 pr-4 font-semibold" scope="col">"Title"</th>
                        {heads
                            .iter()
                            .map(|head| view! { <th class="py-2 pl-4 text-right font-semibold" scope="col">{*head}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody class="divide-y divide-line border-b border-line">{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
