//! The shop window.

use crate::api::catalog::home;
use crate::api::settings::use_shop;
use crate::components::books::{Cover, FeatureCard, Shelf};
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::picture::LARGE;
use crate::components::sample::SampleControls;
use crate::components::skeleton::ShelfSkeleton;
use crate::components::structured_data;
use crate::components::tags::{PageTags, StructuredData};
use crate::components::text::{at_least, names};
use crate::paths;
use domain::catalog::{AudiobookSummary, CategoryCount, Home, Showcase};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    let window = Resource::new(|| (), |()| home());
    let name = use_shop().name_now();
    view! {
        <PageTags
            title=""
            description="An audiobook shop where you hear a sample, buy once, and read along word by word."
            path="/"
            feed=paths::new_titles_feed()
        />
        <StructuredData data=move || structured_data::shop(&name) />
        <div class="page pt-8 pb-16 sm:pt-14 sm:pb-24">
            <div class="grid gap-8 lg:grid-cols-2 lg:items-center lg:gap-14">
                <div>
                    <h1 class="max-w-3xl text-3xl leading-tight sm:text-5xl">"Audiobooks you can read along with"</h1>
                    <p class="mt-4 max-w-2xl text-base text-soft sm:mt-5 sm:text-xl">
                        "Hear a sample, buy once, and the book is yours to stream or download, with each word lit as it is spoken."
                    </p>
                    <p class="mt-6 flex flex-wrap gap-3 sm:mt-8">
                        <a class="button" href="/browse">"Browse all titles"</a>
                        <a class="button button-quiet" href="/discover">"Discover"</a>
                    </p>
                </div>
                <Transition>
                    {move || Suspend::new(async move {
                        let showcase = window.await.ok().and_then(|home| home.showcase);
                        showcase.map(|showcase| view! { <HeardNow showcase /> })
                    })}
                </Transition>
            </div>
            <Transition fallback=|| view! { <div class="mt-16"><ShelfSkeleton books=12 /></div> }>
                {move || Suspend::new(async move { outcome(window.await, |home| view! { <Window home /> }) })}
            </Transition>
        </div>
    }
}

/// A sample that can be heard, and seen word by word, before anything else is looked for.
#[component]
fn HeardNow(showcase: Showcase) -> impl IntoView {
    let Showcase { summary, sample } = showcase;
    let (authors, narrators) = (names(&summary.authors), names(&summary.narrators));
    view! {
        <section class="panel min-w-0 p-4 sm:p-6" aria-labelledby="heard-now" data-testid="showcase">
            <div class="flex items-center gap-4">
                <div class="w-16 shrink-0 sm:w-20">
                    <Cover art=&summary sizes=LARGE main=true />
                </div>
                <div class="min-w-0">
                    <h2 class="text-xl leading-snug" id="heard-now">
                        <a class="link" href=paths::book(&summary.slug)>{summary.title}</a>
                    </h2>
                    <p class="mt-1 text-sm text-soft">
                        "By " {authors} {(!narrators.is_empty()).then(|| format!(", read by {narrators}"))}
                    </p>
                </div>
            </div>
            <SampleControls slug=summary.slug sample />
        </section>
    }
}

#[component]
fn Window(home: Home) -> impl IntoView {
    let Home { featured, newest, best_selling, categories, .. } = home;
    if newest.is_empty() {
        return view! {
            <div class="mt-16">
                <Empty title="The shelves are still empty">
                    <p>"The first titles are on their way. Come back soon."</p>
                </Empty>
            </div>
        }
        .into_any();
    }
    view! {
        <Featured books=featured />
        <ShelfOf heading="New" id="new" books=newest more="/browse?sort=newest" />
        <ShelfOf heading="Best-selling" id="best-selling" books=best_selling more="/browse?sort=best-selling" />
        <Categories categories />
    }
    .into_any()
}

/// Titles that one row of the window holds.
const ROW: usize = 6;

/// Titles that the shop puts forward which are in sight on a phone when the page opens.
const IN_SIGHT: usize = 2;

/// The titles that the shop puts forward; nothing when there are none.
#[component]
fn Featured(books: Vec<AudiobookSummary>) -> impl IntoView {
    (!books.is_empty()).then(|| {
        view! {
            <section class="mt-14" aria-labelledby="featured">
                <h2 class="mb-6 border-b border-line pb-3 text-2xl" id="featured">"Featured"</h2>
                <ul class="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
                    {books
                        .into_iter()
                        .take(ROW)
                        .enumerate()
                        .map(|(place, book)| view! { <li><FeatureCard book first=place < IN_SIGHT /></li> })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

/// A row of titles under a heading; nothing when there are none.
#[component]
fn ShelfOf(heading: &'static str, id: &'static str, books: Vec<AudiobookSummary>, more: &'static str) -> impl IntoView {
    (!books.is_empty()).then(|| {
        view! {
            <section class="mt-16" aria-labelledby=id>
                <div class="mb-6 flex items-baseline justify-between gap-4 border-b border-line pb-3">
                    <h2 class="text-2xl" id=id>{heading}</h2>
                    <a class="link inline-flex min-h-6 items-center text-sm" href=more>
                        "See all"
                        <span class="sr-only">{format!(", {}", heading.to_lowercase())}</span>
                    </a>
                </div>
                <Shelf books=books.into_iter().take(ROW).collect() />
            </section>
        }
    })
}

#[component]
fn Categories(categories: Vec<CategoryCount>) -> impl IntoView {
    (!categories.is_empty()).then(|| {
        view! {
            <section class="mt-16" aria-labelledby="categories">
                <h2 class="mb-6 border-b border-line pb-3 text-2xl" id="categories">"Categories"</h2>
                <ul class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
                    {categories
                        .into_iter()
                        .map(|CategoryCount { category, description, titles }| {
                            view! {
                                <li class="panel group relative p-4 hover:border-accent">
                                    <h3 class="font-serif text-lg font-semibold">
                                        <a
                                            class="after:absolute after:inset-0 after:content-[''] group-hover:underline group-hover:underline-offset-4"
                                            href=paths::category(&category.slug)
                                        >
                                            {category.name}
                                        </a>
                                    </h3>
                                    <p class="mt-1 text-sm text-soft">{description}</p>
                                    <p class="mt-2 text-sm text-soft">{at_least(titles.min(1000), titles > 1000, "title", "titles")}</p>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
