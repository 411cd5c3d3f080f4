//! What is worth a look, for visitors who do not know yet what they want.

use crate::api::account::use_viewer;
use crate::api::catalog::discover;
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::{and_back, outcome};
use crate::components::skeleton::ShelfSkeleton;
use crate::components::tags::PageTags;
use crate::paths;
use domain::catalog::discover::Discover;
use domain::catalog::{AudiobookSummary, CategoryCount, Link};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn DiscoverPage() -> impl IntoView {
    let query = use_query_map();
    let category = Memo::new(move |_| query.read().get_str("category").unwrap_or_default().trim().to_owned());
    let read = Resource::new_blocking(move || category.get(), discover);
    view! {
        <div class="page py-10 sm:py-14">
            <Transition fallback=|| view! { <div class="mt-8"><ShelfSkeleton books=12 /></div> }>
                {move || Suspend::new(async move { outcome(read.await, |found| view! { <Lists found /> }) })}
            </Transition>
            <Invitation />
        </div>
    }
}

#[component]
fn Lists(found: Discover) -> impl IntoView {
    let Discover { category, of_the_week, of_all_time, newest, on_sale, most_finished, categories } = found;
    let chosen = category.as_ref().map(|category| category.slug.clone());
    let heading = category.as_ref().map_or_else(|| "Discover".to_owned(), |one| format!("Discover: {}", one.name));
    let more = |query: &str| match &chosen {
        Some(slug) => format!("/browse?category={slug}&{query}"),
        None => format!("/browse?{query}"),
    };
    let shelves = if newest.is_empty() {
        view! {
            <Empty title="The shelves are still empty">
                <p>"The first titles are on their way. Come back soon."</p>
            </Empty>
        }
        .into_any()
    } else {
        let more_on_sale = more("on_sale=1");
        let (more_sold, more_new) = (more("sort=best-selling"), more("sort=newest"));
        view! {
            <List id="week" heading="Best-sellers of the week" books=of_the_week />
            <List id="all-time" heading="Best-sellers of all time" books=of_all_time more=more_sold />
            <List id="new" heading="New" books=newest more=more_new />
            <List id="on-sale" heading="On sale" books=on_sale more=more_on_sale />
            <List id="finished" heading="Heard to the end most" books=most_finished />
        }
        .into_any()
    };
    view! {
        <Tags category />
        <h1 class="text-3xl sm:text-4xl">{heading}</h1>
        <p class="mt-3 max-w-prose text-soft">
            "What others buy, what is new and what costs less right now. Every title has a sample."
        </p>
        <Categories categories chosen />
        {shelves}
    }
}

#[component]
fn Tags(category: Option<Link>) -> impl IntoView {
    let (title, description, path) = match category {
        None => (
            "Discover".to_owned(),
            "Best-sellers of the week and of all time, new audiobooks, and what is on sale.".to_owned(),
            "/discover".to_owned(),
        ),
        Some(Link { slug, name }) => (
            format!("Discover: {name}"),
            format!("Best-sellers of the week and of all time, new audiobooks and sales: {name}."),
            paths::discover(&slug),
        ),
    };
    view! { <PageTags title description path /> }
}

/// The same lists of one category.
#[component]
fn Categories(categories: Vec<CategoryCount>, chosen: Option<String>) -> impl IntoView {
    let all = chosen.is_none().then_some("page");
    let chips = categories.into_iter().map(|CategoryCount { category, .. }| {
        let current = (chosen.as_ref() == Some(&category.slug)).then_some("page");
        view! { <a class="chip" href=paths::discover(&category.slug) aria-current=current>{category.name}</a> }
    });
    let chips = chips.collect_view();
    view! {
        <nav class="mt-6 flex flex-wrap gap-2" aria-label="Categories">
            <a class="chip" href="/discover" aria-current=all>"Everything"</a>
            {chips}
        </nav>
    }
}

/// A list under its heading; nothing when it is empty.
#[component]
fn List(
    id: &'static str,
    heading: &'static str,
    books: Vec<AudiobookSummary>,
    #[prop(optional, into)] more: Option<String>,
) -> impl IntoView {
    (!books.is_empty()).then(|| {
        let more = more.map(|more| {
            view! {
                <a class="link inline-flex min-h-6 items-center text-sm" href=more>
                    "See all"
                    <span class="sr-only">{format!(", {}", heading.to_lowercase())}</span>
                </a>
            }
        });
        view! {
            <section class="mt-14" aria-labelledby=id>
                <div class="mb-6 flex items-baseline justify-between gap-4 border-b border-line pb-3">
                    <h2 class="text-2xl" id=id>{heading}</h2>
                    {more}
                </div>
                <Shelf books />
            </section>
        }
    })
}

/// For those who have no account yet.
#[component]
fn Invitation() -> impl IntoView {
    let viewer = use_viewer();
    view! {
        <Transition>
            {move || Suspend::new(async move {
                viewer
                    .user
                    .await
                    .ok()
                    .flatten()
                    .is_none()
                    .then(|| {
                        view! {
                            <section class="panel mt-16 max-w-2xl p-5 sm:p-6" aria-labelledby="invitation">
                                <h2 class="text-xl" id="invitation">"Keep what you find"</h2>
                                <p class="mt-2 text-soft">
                                    "With an account you have a wishlist that tells you of sales, a library that remembers where you are, and your books on every device."
                                </p>
                                <p class="mt-4 flex flex-wrap gap-3">
                                    <a class="button" href=and_back("/register")>"Register"</a>
                                    <a class="button button-quiet" href=and_back("/login")>"Log in"</a>
                                </p>
                            </section>
                        }
                    })
            })}
        </Transition>
    }
}
