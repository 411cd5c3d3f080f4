//! The pages of people and series: who they are, and their titles.

use crate::AppError;
use crate::api::catalog::{person, series};
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::{beginning, count, paragraphs};
use domain::catalog::Collection;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;

#[component]
pub fn PersonPage() -> impl IntoView {
    let slug = slug();
    let read = Resource::new(move || slug.get(), person);
    view! { <CollectionPage read kind="Person" /> }
}

#[component]
pub fn SeriesPage() -> impl IntoView {
    let slug = slug();
    let read = Resource::new(move || slug.get(), series);
    view! { <CollectionPage read kind="Series" /> }
}

/// The last part of the address.
fn slug() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned())
}

#[component]
fn CollectionPage(read: Resource<Result<Collection, AppError>>, kind: &'static str) -> impl IntoView {
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, |collection| view! { <Shown collection kind /> })
            })}
        </Transition>
    }
}

#[component]
fn Shown(collection: Collection, kind: &'static str) -> impl IntoView {
    let Collection { name, about, titles } = collection;
    let described = if about.is_empty() { format!("Audiobooks: {name}") } else { beginning(&about, 160) };
    let number = count(titles.len() as u64, "title", "titles");
    view! {
        <Title text=name.clone() />
        <Meta name="description" content=described.clone() />
        <Meta property="og:title" content=name.clone() />
        <Meta property="og:description" content=described />
        <div class="page py-10 sm:py-14">
            <p class="text-sm text-soft">{kind}</p>
            <h1 class="mt-1 text-3xl sm:text-4xl">{name}</h1>
            <div class="mt-5 flex max-w-prose flex-col gap-4 text-lg">
                {paragraphs(&about).into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
            </div>
            <div class="mt-12 mb-6 flex items-baseline justify-between gap-4 border-b border-line pb-3">
                <h2 class="text-2xl">"Titles"</h2>
                <p class="text-sm text-soft">{number}</p>
            </div>
            {if titles.is_empty() {
                view! {
                    <Empty title="Nothing for sale at the moment">
                        <a class="button" href="/browse">"Browse all titles"</a>
                    </Empty>
                }
                .into_any()
            } else {
                view! { <Shelf books=titles /> }.into_any()
            }}
        </div>
    }
}
