//! Coupons and searches.

use super::{WIDE, headings};
use domain::insight::report::{CouponLine, SearchLine};
use leptos::prelude::*;
use leptos_router::location::Url;

/// The coupons that orders were made with; nothing when there were none.
#[component]
pub fn Coupons(lines: Vec<CouponLine>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let rows = lines.into_iter().map(|line| {
            let cells = [line.orders.to_string(), line.discount.to_string(), line.revenue.to_string()];
            view! {
                <tr>
                    <th class="py-2 pr-4 font-mono font-normal" scope="row">
                        {line.code.unwrap_or_else(|| "gone".to_owned())}
                    </th>
                    {cells
                        .map(|cell| view! { <td class="py-2 pr-4 text-right whitespace-nowrap">{cell}</td> })
                        .collect_view()}
                </tr>
            }
        });
        view! {
            <section class="mt-12" aria-labelledby="coupons">
                <h2 class="text-xl" id="coupons">"Coupons"</h2>
                <div class=WIDE tabindex="0" role="region" aria-label="Coupons">
                    <table class="w-full text-left text-sm tabular-nums">
                        {headings(&["Code", "Orders", "Taken off", "Paid"])}
                        <tbody class="divide-y divide-line">{rows.collect_view()}</tbody>
                    </table>
                </div>
                <p class="mt-3 text-sm"><a class="link" href="/admin/coupons">"All coupons"</a></p>
            </section>
        }
    })
}

/// What people searched for.
#[component]
pub fn Searches(id: &'static str, heading: &'static str, lines: Vec<SearchLine>, empty: &'static str) -> impl IntoView {
    let found = if lines.is_empty() {
        view! { <p class="mt-4 text-soft">{empty}</p> }.into_any()
    } else {
        let rows = lines.into_iter().map(|line| {
            let there = format!("/browse?q={}", Url::escape(&line.text));
            view! {
                <li class="flex items-baseline justify-between gap-4 py-2">
                    <a class="link min-w-0 break-words" href=there>{line.text}</a>
                    <span class="tabular-nums">{line.times} <span class="sr-only">" times"</span></span>
                </li>
            }
        });
        view! { <ol class="mt-4 divide-y divide-line border-y border-line text-sm">{rows.collect_view()}</ol> }
            .into_any()
    };
    view! {
        <section aria-labelledby=id>
            <h2 class="text-xl" id=id>{heading}</h2>
            {found}
        </section>
    }
}
