//! Title by title, with the ways to what could be changed about each.

use super::{WIDE, Wanted, headings};
use crate::components::empty::Empty;
use crate::paths;
use domain::Currency;
use domain::insight::report::{TitleLine, TitleOrder};
use leptos::prelude::*;

const HEADINGS: [&str; 9] = ["Title", "Revenue", "Kept", "Sold", "Paid back", "Views", "Samples", "Carts", "Finished"];

#[component]
pub fn Titles(
    lines: Vec<TitleLine>,
    order: TitleOrder,
    /// The one that they are told in.
    currency: Currency,
    /// Those that there are.
    codes: Vec<Currency>,
    wanted: Wanted,
) -> impl IntoView {
    let orders = TitleOrder::ALL.into_iter().map(|(known, param, words)| {
        let there = Wanted { order: param.to_owned(), ..wanted.clone() };
        let current = (known == order).then_some("true");
        view! { <a class="chip" href=there.page() + "#titles" aria-current=current>{words}</a> }
    });
    let orders = orders.collect_view();
    let currencies = (codes.len() > 1).then(|| {
        let chips = codes.iter().map(|code| {
            let there = Wanted { currency: code.to_string(), ..wanted.clone() };
            let current = (*code == currency).then_some("true");
            view! { <a class="chip" href=there.page() + "#titles" aria-current=current>{code.to_string()}</a> }
        });
        view! { <nav class="flex flex-wrap gap-2" aria-label="Currency">{chips.collect_view()}</nav> }
    });
    let csv = Wanted { currency: currency.to_string(), order: String::new(), ..wanted.clone() };
    let csv = csv.address("/admin/figures/titles.csv");
    let found = if lines.is_empty() {
        view! {
            <Empty title="Nothing was sold">
                <p>"No title was sold, paid back or looked at in these days."</p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <div class=WIDE tabindex="0" role="region" aria-label="Titles">
                <table class="w-full text-left text-sm tabular-nums">
                    {headings(&HEADINGS)}
                    <tbody class="divide-y divide-line align-top">
                        {lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="mt-3 text-sm">
                <a class="link" rel="external" href=csv download="figures-by-title.csv">"All titles as CSV"</a>
            </p>
        }
        .into_any()
    };
    view! {
        <section class="mt-12" id="titles" aria-labelledby="titles-heading" data-testid="figures-titles">
            <h2 class="text-xl" id="titles-heading">"Title by title"</h2>
            <div class="mt-4 flex flex-wrap gap-x-6 gap-y-2">
                <nav class="flex flex-wrap gap-2" aria-label="Order">{orders}</nav>
                {currencies}
            </div>
            <div class="mt-4">{found}</div>
        </section>
    }
}

#[component]
fn Line(line: TitleLine) -> impl IntoView {
    let kept = line.kept().to_string();
    let back = if line.returned == 0 { "0".to_owned() } else { format!("{} ({})", line.returned, line.returned_money) };
    let interest = line.interest;
    let cells = [
        line.revenue.to_string(),
        kept,
        line.sold.to_string(),
        back,
        interest.views.to_string(),
        interest.samples.to_string(),
        interest.carts.to_string(),
        interest.finished.to_string(),
    ];
    let form = paths::admin_title(line.id);
    let name = line.title;
    let to = |words: &'static str, href: String| {
        let said = format!("{words} of {name}");
        view! { <a class="link inline-flex min-h-6 items-center" href=href aria-label=said>{words}</a> }
    };
    let ways = [
        to("Price", format!("{form}#price")),
        to("Description", format!("{form}#description")),
        to("Sale", paths::admin_new_sale(&line.slug)),
        to("Text", paths::admin_text(line.id, "all", 1)),
    ];
    view! {
        <tr>
            <th class="min-w-48 py-2 pr-4 font-normal" scope="row">
                <a class="link font-semibold" href=format!("{form}#edit")>{name.clone()}</a>
                <span class="mt-1 flex flex-wrap gap-x-3 text-sm text-soft">{ways.collect_view()}</span>
            </th>
            {cells.map(|cell| view! { <td class="py-2 pr-4 text-right whitespace-nowrap">{cell}</td> }).collect_view()}
        </tr>
    }
}
