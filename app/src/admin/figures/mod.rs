//! What sells: what is asked for stands in the address.

mod chart;
mod counts;
mod lists;
mod money;
mod titles;

use super::frame::Frame;
use crate::api::figures::report;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::insight::report::{Interest, Preset, Range, Report, TitleOrder};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use counts::Counts;
use lists::{Coupons, Searches};
use money::InOneCurrency;
use titles::Titles;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    range: String,
    from: String,
    to: String,
    currency: String,
    order: String,
}

impl Wanted {
    /// The address of `path` with what is asked for; what is the default is left out.
    fn address(&self, path: &str) -> String {
        let parts = [
            ("range", &self.range),
            ("from", &self.from),
            ("to", &self.to),
            ("currency", &self.currency),
            ("order", &self.order),
        ];
        let parts = parts.iter().filter(|(_, text)| !text.is_empty());
        let parts: Vec<_> = parts.map(|(name, text)| format!("{name}={}", Url::escape(text))).collect();
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }

    fn page(&self) -> String {
        self.address("/admin/figures")
    }
}

#[component]
pub fn FiguresPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted {
            range: text("range"),
            from: text("from"),
            to: text("to"),
            currency: text("currency"),
            order: text("order"),
        }
    });
    let read = Resource::new(
        move || wanted.get(),
        |wanted| report(wanted.range, wanted.from, wanted.to, wanted.currency, wanted.order),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |report| view! { <Whole report wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Whole(report: Report, wanted: Wanted) -> impl IntoView {
    let range = report.range;
    let before = range.before();
    let sold = report.sold();
    let several = report.currencies.len() > 1;
    let Report { buckets, currencies, currency, titles, coupons, interest, searches, empty_searches, .. } = report;
    let order = TitleOrder::from_param(&wanted.order);
    let counts = view! { <Counts currencies=currencies.clone() buckets=buckets.clone() /> };
    let codes: Vec<_> = currencies.iter().map(|one| one.currency).collect();
    view! {
        <Title text="What sells" />
        <Frame heading="What sells".to_owned()>
            <Ranges range wanted=wanted.clone() />
            <p class="mt-4 text-soft" data-testid="range">
                {range.from.words()} " to " {range.to.words()} ", beside the " {range.days()} " days before: "
                {before.from.words()} " to " {before.to.words()} ". Days are those of UTC."
            </p>
            {currencies
                .into_iter()
                .map(|one| view! { <InOneCurrency one buckets=buckets.clone() several /> })
                .collect_view()}
            {counts}
            <Funnel interest before=report.interest_before sold />
            <Titles lines=titles order currency codes wanted=wanted.clone() />
            <Coupons lines=coupons />
            <div class="mt-12 grid gap-10 md:grid-cols-2">
                <Searches id="searches" heading="Searched for most" lines=searches empty="Nobody has searched for anything." />
                <Searches
                    id="empty-searches"
                    heading="Searched for in vain"
                    lines=empty_searches
                    empty="Every search found something."
                />
            </div>
            <p class="mt-12 max-w-prose text-sm text-soft">
                "Views, samples and carts are counted in memory and written once a minute; admins are not counted. Searches are kept for a year, without who searched, and never those that look like an address or a number of somebody's."
            </p>
        </Frame>
    }
}

/// The ranges that are often asked for, and one's own.
#[component]
fn Ranges(range: Range, wanted: Wanted) -> impl IntoView {
    let presets =
        Preset::ALL.into_iter().filter(|(preset, ..)| *preset != Preset::Own).map(|(preset, param, words)| {
            let there = Wanted { range: param.to_owned(), from: String::new(), to: String::new(), ..wanted.clone() };
            let current = (preset == range.preset).then_some("page");
            view! { <a class="chip" href=there.page() aria-current=current>{words}</a> }
        });
    let days = Wanted { order: String::new(), ..wanted.clone() }.address("/admin/figures.csv");
    view! {
        <nav class="mt-6 flex flex-wrap gap-2" aria-label="Range">{presets.collect_view()}</nav>
        <Form action="/admin/figures" method="get" attr:class="mt-4 flex flex-wrap items-end gap-3">
            <input type="hidden" name="range" value=Preset::Own.param() />
            <div>
                <label class="text-sm font-semibold" for="from">"From"</label>
                <input class="input mt-1" id="from" type="date" name="from" value=range.from.to_string() />
            </div>
            <div>
                <label class="text-sm font-semibold" for="to">"To"</label>
                <input class="input mt-1" id="to" type="date" name="to" value=range.to.to_string() />
            </div>
            <button class="button button-quiet" type="submit">"Show"</button>
            // The server answers with a file: the router stays out of it.
            <a class="link inline-flex min-h-11 items-center" rel="external" href=days download="figures-by-day.csv">
                "Days as CSV"
            </a>
        </Form>
    }
}

/// From a look to a sale.
#[component]
fn Funnel(interest: Interest, before: Interest, sold: i64) -> impl IntoView {
    let Interest { views, samples, carts, finished } = interest;
    let steps = [("Views", views), ("Samples heard", samples), ("Put into a cart", carts), ("Sold", sold)];
    let most = steps.iter().map(|(_, number)| *number).max().unwrap_or_default().max(1);
    let rows = steps.into_iter().enumerate().map(|(place, (name, number))| {
        let of_views = (place > 0 && views > 0).then(|| format!("{} of the views", share(number, views)));
        // In hundredths of the row. A style of its own the pages' policy does not allow.
        let width = (number.max(0) * 100 / most).max(i64::from(number > 0)).to_string();
        view! {
            <li class="grid grid-cols-[8rem_1fr] items-center gap-3">
                <span class="text-sm font-semibold">{name}</span>
                <div>
                    <svg class="h-3 w-full rounded-sm bg-sunken" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="fill-accent" width=width height="3"></rect>
                    </svg>
                    <p class="mt-1 text-sm tabular-nums">
                        {number} <span class="text-soft">{of_views.map(|words| format!(" – {words}"))}</span>
                    </p>
                </div>
            </li>
        }
    });
    view! {
        <section class="mt-12" aria-labelledby="funnel">
            <h2 class="text-xl" id="funnel">"From a view to a sale"</h2>
            <ol class="mt-4 max-w-2xl space-y-3">{rows.collect_view()}</ol>
            <p class="mt-3 text-sm text-soft">
                "Heard to the end: " {finished} ". In the range before: " {before.views} " views, " {before.samples}
                " samples, " {before.carts} " put into carts, " {before.finished} " heard to the end."
            </p>
        </section>
    }
}

/// A part of a whole, as a reader says it: `12 %`.
fn share(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = i128::from(part) * 1000 / i128::from(whole);
    if tenths < 100 && tenths % 10 != 0 {
        format!("{}.{} %", tenths / 10, tenths % 10)
    } else {
        format!("{} %", tenths / 10)
    }
}

/// What a table may be too wide for: then it is moved by itself, also by the keyboard.
const WIDE: &str = "mt-4 overflow-x-auto";

/// The headings of a table.
fn headings(names: &[&'static str]) -> impl IntoView + use<> {
    let cells = names.iter().enumerate().map(|(place, name)| {
        let class = if place == 0 { "py-2 pr-4 font-semibold" } else { "py-2 pr-4 text-right font-semibold" };
        view! { <th class=class scope="col">{*name}</th> }
    });
    view! { <thead class="border-b border-line-strong"><tr>{cells.collect_view()}</tr></thead> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_no_more() {
        let wanted = Wanted { range: "90".to_owned(), currency: "EUR".to_owned(), ..Wanted::default() };
        assert_eq!(wanted.page(), "/admin/figures?range=90&currency=EUR");
        assert_eq!(Wanted::default().address("/admin/figures.csv"), "/admin/figures.csv");
    }

    #[test]
    fn a_share_is_said_as_people_say_it() {
        assert_eq!(share(1, 8), "12 %");
        assert_eq!(share(1, 40), "2.5 %");
        assert_eq!(share(0, 40), "0 %");
        assert_eq!(share(3, 0), "–");
    }
}
