//! Titles, one under the other, each leading to its page.

use super::super::frame::{StatusBadge, StepBadge};
use super::super::labels;
use crate::components::books::Cover;
use crate::components::moment::Moment;
use crate::components::price::amount;
use crate::components::text::length;
use crate::paths;
use domain::insight::TitleRow;
use leptos::prelude::*;

#[component]
pub fn TitleRows(
    rows: Vec<TitleRow>,
    /// Each has a box to tick, for the form around the list.
    #[prop(optional)]
    ticks: bool,
) -> impl IntoView {
    view! {
        <ul class="divide-y divide-line border-y border-line" data-testid="titles">
            // Keyed, so that a box that was ticked stays with its title when the page is turned.
            <For each=move || rows.clone() key=|row| row.id children=move |row| view! { <Row row ticks /> } />
        </ul>
    }
}

#[component]
fn Row(row: TitleRow, ticks: bool) -> impl IntoView {
    let cover = paths::drawn_cover(&row.slug, row.updated_at.0);
    let authors = if row.authors.is_empty() { "No author yet".to_owned() } else { row.authors.join(", ") };
    let price = match (row.price, row.sale) {
        (None, _) => "no price".to_owned(),
        (Some(price), None) => amount(price),
        (Some(price), Some(sale)) => format!("{} instead of {}", amount(sale), amount(price)),
    };
    let long = if row.duration_ms > 0 { length(row.duration_ms) } else { "no audio".to_owned() };
    let sold = u64::try_from(row.sold).unwrap_or(0);
    let step = match row.step {
        Some((step, status)) => view! {
            <span class="text-sm text-soft">{labels::step(step)} ": "</span>
            <StepBadge status=Signal::stored(status) />
        }
        .into_any(),
        None => view! { <span class="text-sm text-soft">"Not begun"</span> }.into_any(),
    };
    let due = row.publish_at.map(|at| {
        let words = if row.publish_failed { "Could not go on sale on " } else { "On sale from " };
        view! {
            <p class="text-sm" class=("text-danger", row.publish_failed) data-testid="due">
                {words}
                <Moment at />
            </p>
        }
    });
    let tick = ticks.then(|| {
        view! {
            <input
                class="relative z-10 mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                name="ids[]"
                value=row.id.to_string()
                aria-label=format!("Choose {}", row.title)
            />
        }
    });
    view! {
        <li class="relative flex gap-3 py-4 hover:bg-sunken">
            {tick}
            <div class="grid min-w-0 flex-1 grid-cols-[4rem_minmax(0,1fr)] gap-x-4 gap-y-1 sm:grid-cols-[4rem_minmax(0,1fr)_17rem]">
                <div class="row-span-2 w-16 sm:row-span-1"><Cover art=cover /></div>
                <div class="min-w-0">
                    <h3 class="font-serif text-base leading-snug font-semibold">
                        <a class="link after:absolute after:inset-0 after:content-['']" href=paths::admin_title(row.id)>
                            <span class="line-clamp-2">{row.title}</span>
                        </a>
                    </h3>
                    <p class="truncate text-sm text-soft">{authors}</p>
                    <p class="text-sm text-soft tabular-nums">{price} " · " {long} " · " {format!("{sold} sold")}</p>
                    {due}
                </div>
                <div class="col-start-2 flex flex-wrap items-center gap-x-4 gap-y-1 sm:col-start-3 sm:flex-col sm:items-end sm:justify-center">
                    <StatusBadge status=Signal::stored(row.status) />
                    <p class="flex items-center gap-1">{step}</p>
                </div>
            </div>
        </li>
    }
}
