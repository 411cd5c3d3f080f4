//! Sales, bundles and coupons: what their pages have in common.

mod bundles;
mod coupons;
mod sales;

pub use bundles::{BundlePage, BundlesPage};
pub use coupons::CouponsPage;
pub use sales::{SalePage, SalesPage};

use crate::components::field::{Field, FormState};
use crate::components::moment::Moment;
use crate::components::text::count;
use domain::Timestamp;
use domain::catalog::Link;
use domain::promotions::{Chosen, Covers, Phase, Takes};
use leptos::prelude::*;

/// What a sale or coupon is for, as a form asks for it.
#[component]
fn Choose<T: Send + Sync + 'static>(chosen: Chosen, categories: Vec<Link>, answer: FormState<T>) -> impl IntoView {
    let Chosen { everything, titles, categories: ticked } = chosen;
    let shelf = move |Link { slug, name }: Link| {
        let id = format!("category-{slug}");
        let checked = ticked.contains(&slug);
        view! { <Tick id name="form[chosen][categories][]" value=slug words=name checked /> }
    };
    view! {
        <fieldset class="flex flex-col gap-4">
            <legend class="mb-2 font-semibold">"What it is for"</legend>
            <Tick id="everything" name="form[chosen][everything]" value="true" words="All titles" checked=everything />
            <Field
                name="titles"
                within="form[chosen]"
                label="Or these titles"
                lines="3"
                may_be_empty=true
                hint="Their addresses, or what stands behind /books/ in them, one a line."
                value=titles
                error=answer.on_field("titles")
            />
            <div>
                <p class="font-semibold">"Or all titles of these categories"</p>
                <div class="mt-2 flex flex-wrap gap-x-6 gap-y-2">{categories.into_iter().map(shelf).collect_view()}</div>
            </div>
        </fieldset>
    }
}

/// From when until when, as a form asks for it.
#[component]
fn Times<T: Send + Sync + 'static>(
    #[prop(optional)] starts: String,
    #[prop(optional)] ends: String,
    answer: FormState<T>,
) -> impl IntoView {
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <Field
                name="starts"
                within="form"
                label="From"
                kind="datetime-local"
                may_be_empty=true
                hint="In UTC. Empty for at once."
                value=starts
                error=answer.on_field("starts")
            />
            <Field
                name="ends"
                within="form"
                label="Until"
                kind="datetime-local"
                may_be_empty=true
                hint="In UTC. Empty for as long as nobody ends it."
                value=ends
                error=answer.on_field("ends")
            />
        </div>
    }
}

/// A box to tick, with its words.
#[component]
fn Tick(
    #[prop(into)] id: String,
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] words: String,
    checked: bool,
) -> impl IntoView {
    view! {
        <span class="flex min-h-6 items-center gap-2">
            <input class="size-5 shrink-0 accent-accent" type="checkbox" id=id.clone() name=name value=value checked=checked />
            <label for=id>{words}</label>
        </span>
    }
}

fn takes_words(takes: Takes) -> String {
    match takes {
        Takes::Percent(percent) => format!("{percent} % off"),
        Takes::Amount(amount) => format!("{amount} off"),
        Takes::Price(price) => format!("{price} each"),
    }
}

fn covers_words(covers: Covers) -> String {
    if covers.everything {
        return "all titles".to_owned();
    }
    let titles = (covers.titles > 0).then(|| count(covers.titles, "title", "titles"));
    let categories = (covers.categories > 0).then(|| count(covers.categories, "category", "categories"));
    let words: Vec<String> = titles.into_iter().chain(categories).collect();
    if words.is_empty() { "nothing that is left".to_owned() } else { words.join(" and ") }
}

fn phase_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Coming => "to come",
        Phase::Running => "running",
        Phase::Over => "over",
    }
}

#[component]
fn Span(starts_at: Timestamp, ends_at: Option<Timestamp>) -> impl IntoView {
    let until = ends_at.map(|at| view! { " until " <Moment at /> });
    view! { "from " <Moment at=starts_at /> {until} }
}
