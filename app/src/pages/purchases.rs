//! What one has bought: item by item, and in all.

use crate::api::orders::purchases;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::price::amount;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::length;
use crate::paths;
use domain::Money;
use domain::insight::purchases::{Purchase, Purchases, Sums};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn PurchasesPage() -> impl IntoView {
    let query = use_query_map();
    let number = Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1));
    let read = Resource::new(move || number.get(), purchases);
    view! {
        <Title text="Purchases" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, |purchases| view! { <Shown purchases /> }) })}
        </Transition>
    }
}

#[component]
fn Shown(purchases: Purchases) -> impl IntoView {
    let Purchases { page, more, all, months, categories, streak } = purchases;
    let (number, count) = (page.number, page.count());
    let body = if page.items.is_empty() {
        view! {
            <Empty title="Nothing bought yet">
                <p>"What you buy is listed here, with what it came to and how much of it you have heard."</p>
                <a class="button" href="/discover">"Discover titles"</a>
            </Empty>
        }
        .into_any()
    } else {
        let months = months.into_iter().map(|line| (line.of.month_words(), None, line.sums)).collect();
        let categories = categories.into_iter().map(|line| match line.of {
            Some(category) => (category.name, Some(paths::category(&category.slug)), line.sums),
            None => ("Without a category".to_owned(), None, line.sums),
        });
        view! {
            <InAll all />
            {more
                .then(|| view! { <p class="notice mt-6">"These are your newest purchases; older ones are under Orders."</p> })}
            <section class="mt-12" aria-labelledby="items">
                <h2 class="text-xl" id="items">"Item by item"</h2>
                <ul class="mt-4 divide-y divide-line border-y border-line" data-testid="purchases">
                    {page.items.into_iter().map(|item| view! { <Item item /> }).collect_view()}
                </ul>
                <Pager number count address=|page| format!("/account/purchases?page={page}") />
            </section>
            <Table id="months" heading="By month" first="Month" rows=months />
            <Table id="by-category" heading="By category" first="Category" rows=categories.collect() />
        }
        .into_any()
    };
    view! {
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Purchases"</h1>
            <p class="mt-3"><a class="link" href="/orders">"Orders and receipts"</a></p>
            {streak.sentence().map(|words| view! { <p class="mt-3 text-sm text-soft" data-testid="streak">{words}</p> })}
            <div class="mt-8">{body}</div>
        </div>
    }
}

#[component]
fn InAll(all: Sums) -> impl IntoView {
    let back = (!all.returned.is_empty()).then(|| view! { <Figure name="Paid back" value=together(&all.returned) /> });
    view! {
        <dl class="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5" data-testid="in-all">
            <Figure name="Titles" value=all.titles.to_string() />
            <Figure name="Spent" value=together(&all.spent) />
            {back}
            <Figure name="Bought" value=length(all.bought_ms) />
            <Figure name="Heard" value=length(all.heard_ms) />
        </dl>
        <p class="mt-3 text-sm text-soft">"What was paid back is not in these sums. Heard is how far you have come in each book."</p>
    }
}

#[component]
fn Figure(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="panel flex flex-col p-4">
            <dt class="text-sm text-soft">{name}</dt>
            <dd class="font-serif text-xl font-semibold break-words tabular-nums">{value}</dd>
        </div>
    }
}

/// Amounts of several currencies; never added up.
fn together(sums: &[Money]) -> String {
    if sums.is_empty() {
        return "–".to_owned();
    }
    sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ")
}

#[component]
fn Item(item: Purchase) -> impl IntoView {
    let back = item.refunded_at.is_some();
    let address = if back || item.gift { paths::book(&item.slug) } else { paths::library_book(&item.slug) };
    let heard = match item.refunded_at {
        Some(at) => format!("paid back on {}", at.date()),
        None if item.refunded.minor > 0 => format!("{} of it paid back", amount(item.refunded)),
        None if item.gift => "a gift".to_owned(),
        None => format!("{} of {} heard", length(item.heard_ms), length(item.duration_ms)),
    };
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3">
            <a class="link font-serif font-semibold" href=address>{item.title}</a>
            <p class="text-right whitespace-nowrap tabular-nums" class=("line-through", back)>{amount(item.price)}</p>
            <p class="text-sm text-soft">
                <time datetime=item.bought_at.rfc3339()>{item.bought_at.date()}</time> ", order "
                <a class="link whitespace-nowrap" href=paths::order(&item.order)>{item.order.clone()}</a> ", "
                <a class="link" rel="external" href=paths::receipt_document(&item.order)>
                    "receipt" <span class="sr-only">{format!(" of order {} as PDF", item.order)}</span>
                </a> ", "
                <a class="link" href=paths::invoice(&item.order)>
                    "invoice" <span class="sr-only">{format!(" of order {}", item.order)}</span>
                </a>
            </p>
            <p class="text-right text-sm text-soft">{heard}</p>
        </li>
    }
}

/// Sums line by line: what each is of, and where that leads.
#[component]
fn Table(
    id: &'static str,
    heading: &'static str,
    first: &'static str,
    rows: Vec<(String, Option<String>, Sums)>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|(name, address, sums)| {
        let name = match address {
            Some(address) => view! { <a class="link" href=address>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        let cells =
            [sums.titles.to_string(), together(&sums.spent), length(sums.bought_ms), length(sums.heard_ms)];
        view! {
            <tr>
                <th class="py-2 pr-4 font-normal" scope="row">{name}</th>
                {cells.map(|cell| view! { <td class="py-2 pr-4 text-right whitespace-nowrap">{cell}</td> }).collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="mt-12" aria-labelledby=id>
            <h2 class="text-xl" id=id>{heading}</h2>
            // It may be wider than the window: then it is moved by itself, also by the keyboard.
            <div class="mt-4 overflow-x-auto" tabindex="0" role="region" aria-label=heading>
                <table class="w-full text-left text-sm tabular-nums">
                    <thead class="border-b border-line-strong">
                        <tr>
                            <th class="py-2 pr-4 font-semibold" scope="col">{first}</th>
                            {["Titles", "Spent", "Bought", "Heard"]
                                .map(|name| view! { <th class="py-2 pr-4 text-right font-semibold" scope="col">{name}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody class="divide-y divide-line">{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
