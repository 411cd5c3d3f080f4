//! All titles: search as you type, category, filters, order and page, all of it in the address.

mod address;
mod filters;

use crate::api::catalog::{browse, categories, named};
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::ShelfSkeleton;
use crate::components::tags::{PageTags, Unlisted};
use crate::components::text::at_least;
use crate::paths;
use address::{address, narrowings, read, unnarrowed};
use domain::catalog::{AudiobookSummary, BrowseForm, CategoryCount, Corrected, Listing};
use filters::{Filters, Shelves};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Titles that are shown where nothing was found.
const NEW: usize = 6;

#[component]
pub fn BrowsePage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| read(&query.read()));
    let found = Resource::new(move || wanted.get(), browse);
    let shelves = Resource::new(|| (), |()| categories());
    view! {
        <Transition>
            {move || {
                let wanted = wanted.get();
                Suspend::new(async move {
                    let known = shelves.await.unwrap_or_default();
                    view! { <Tags wanted known /> }
                })
            }}
        </Transition>
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Browse"</h1>
            <Filters wanted shelves />
            <CategoryChips wanted shelves />
            <Named wanted />
            <p class="mt-8 min-h-6 text-soft" role="status">
                <Transition>{move || Suspend::new(async move { found.await.map(|found| words_for(&found)).unwrap_or_default() })}</Transition>
            </p>
            <div class="mt-4">
                <Transition fallback=|| view! { <ShelfSkeleton books=12 /> }>
                    {move || Suspend::new(async move {
                        let known = shelves.await.unwrap_or_default();
                        outcome(found.await, move |found| view! { <Found found wanted=wanted.get_untracked() known /> })
                    })}
                </Transition>
            </div>
        </div>
    }
}

/// The title of the page and its one address. What somebody searched for or narrowed down is theirs: crawlers follow its
/// links and do not list it.
#[component]
fn Tags(wanted: BrowseForm, known: Vec<CategoryCount>) -> impl IntoView {
    let shelf = known.into_iter().find(|shelf| shelf.category.slug == wanted.category);
    let plain = BrowseForm { category: wanted.category.clone(), page: wanted.page, ..BrowseForm::default() };
    let listed = address(&plain) == address(&wanted);
    let title = match (&shelf, wanted.text.as_str()) {
        (Some(shelf), "") => shelf.category.name.clone(),
        (None, "") => "Browse".to_owned(),
        (_, text) => format!("Search for “{text}”"),
    };
    let about = shelf.as_ref().map(|shelf| shelf.description.clone()).filter(|about| !about.is_empty());
    let description =
        about.unwrap_or_else(|| "Audiobooks to hear a sample of, to buy once and to read along with.".to_owned());
    let feed = shelf.map_or_else(paths::new_titles_feed, |shelf| paths::category_feed(shelf.category.slug));
    view! {
        <PageTags title description path=address(&plain) feed />
        {(!listed).then(|| view! { <Unlisted /> })}
    }
}

fn words_for(found: &Listing) -> String {
    let titles = at_least(found.page.total, found.more, "title", "titles");
    match found.page.total {
        0 => "Nothing found".to_owned(),
        _ if found.page.number > 1 => format!("{titles}, page {} of {}", found.page.number, found.page.count()),
        _ => titles,
    }
}

/// People, series and categories that are called so.
#[component]
fn Named(wanted: Memo<BrowseForm>) -> impl IntoView {
    let text = Memo::new(move |_| wanted.read().text.clone());
    let known = Resource::new(
        move || text.get(),
        |text| async move { if text.is_empty() { Ok(Vec::new()) } else { named(text).await } },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let known = known.await.unwrap_or_default();
                (!known.is_empty())
                    .then(|| {
                        view! {
                            <ul class="mt-4 flex flex-wrap gap-2" aria-label="People, series and categories called so" data-testid="named">
                                {known
                                    .into_iter()
                                    .map(|one| {
                                        let address = paths::suggestion(&one);
                                        view! {
                                            <li>
                                                <a class="chip max-w-full" href=address>
                                                    <span class="text-soft">{one.kind.words()}</span>
                                                    <span class="truncate font-semibold">{one.name}</span>
                                                </a>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        }
                    })
            })}
        </Transition>
    }
}

/// A link for each category, and one for all.
#[component]
fn CategoryChips(wanted: Memo<BrowseForm>, shelves: Shelves) -> impl IntoView {
    let chip = move |slug: String, name: String| {
        let there = {
            let slug = slug.clone();
            move || address(&BrowseForm { category: slug.clone(), page: 1, ..wanted.get() })
        };
        let current = move || (wanted.read().category == slug).then_some("true");
        view! {
            <li>
                <a class="chip" href=there aria-current=current>{name}</a>
            </li>
        }
    };
    view! {
        <nav class="mt-5" aria-label="Categories">
            <Transition>
                {move || Suspend::new(async move {
                    let shelves = shelves.await.unwrap_or_default();
                    view! {
                        <ul class="flex flex-wrap gap-2">
                            {chip(String::new(), "All".to_owned())}
                            {shelves
                                .into_iter()
                                .map(|shelf| chip(shelf.category.slug, shelf.category.name))
                                .collect_view()}
                        </ul>
                    }
                })}
            </Transition>
        </nav>
    }
}

/// What was found, or a way on when that is nothing.
#[component]
fn Found(found: Listing, wanted: BrowseForm, known: Vec<CategoryCount>) -> impl IntoView {
    let Listing { page, correction, .. } = found;
    let correction = correction.map(|correction| view! { <Meant correction wanted=wanted.clone() /> });
    if page.items.is_empty() {
        let beyond = page.total > 0;
        return view! {
            {correction}
            <Nothing wanted known beyond />
        }
        .into_any();
    }
    let (number, count) = (page.number, page.count());
    view! {
        {correction}
        <h2 class="sr-only">"Titles"</h2>
        <Shelf books=page.items />
        <Pager number count address=move |page| address(&BrowseForm { page, ..wanted.clone() }) />
    }
    .into_any()
}

/// Says that other words were searched for than those that were typed, or offers to.
#[component]
fn Meant(correction: Corrected, wanted: BrowseForm) -> impl IntoView {
    let Corrected { text, shown } = correction;
    let exact = address(&BrowseForm { exact: "1".to_owned(), page: 1, ..wanted.clone() });
    let meant = address(&BrowseForm { exact: String::new(), text: text.clone(), page: 1, ..wanted.clone() });
    view! {
        <div class="notice mb-6 break-words" data-testid="correction">
            {if shown {
                view! {
                    <p>"Showing results for " <a class="link font-semibold" href=meant>{text}</a> "."</p>
                    <p class="text-sm">"Search instead for " <a class="link" href=exact>{wanted.text}</a> "."</p>
                }
                    .into_any()
            } else {
                view! { <p>"Did you mean " <a class="link font-semibold" href=meant>{text}</a> "?"</p> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Nothing(wanted: BrowseForm, known: Vec<CategoryCount>, beyond: bool) -> impl IntoView {
    let title = match wanted.text.trim() {
        _ if beyond => "There is no such page".to_owned(),
        "" => "Nothing here yet".to_owned(),
        text => format!("Nothing found for “{text}”"),
    };
    let narrowed = !narrowings(&wanted, &[]).is_empty();
    let empty_shop = !beyond && !narrowed && wanted.text.trim().is_empty() && known.is_empty();
    let advice = match (narrowed, wanted.text.is_empty()) {
        _ if empty_shop => "The first titles are on their way. Come back soon.",
        (true, true) => "No title fits all of the filters. Take some of them off.",
        (true, false) => "Take filters off, check the spelling, or try fewer or shorter words.",
        (false, false) => "Check the spelling, try fewer or shorter words, or look through a category.",
        (false, true) => "Look through a category instead.",
    };
    let everywhere = narrowed.then(|| {
        view! { <a class="button button-quiet" href=address(&unnarrowed(&wanted))>"Search without filters"</a> }
    });
    view! {
        <Empty title>
            <p>{advice}</p>
            <div class="flex flex-wrap justify-center gap-3">
                {everywhere} {(!empty_shop).then(|| view! { <a class="button" href="/browse">"Show all titles"</a> })}
            </div>
            <ul class="flex flex-wrap justify-center gap-2 text-ink">
                {known
                    .into_iter()
                    .map(|shelf| {
                        let address = paths::category(&shelf.category.slug);
                        view! {
                            <li>
                                <a class="chip" href=address>{shelf.category.name}</a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Empty>
        <NewTitles />
    }
}

/// The newest titles, for those who did not find what they came for.
#[component]
fn NewTitles() -> impl IntoView {
    let all = Resource::new(|| (), |()| browse(BrowseForm { page: 1, ..BrowseForm::default() }));
    let newest = move |books: Vec<AudiobookSummary>| {
        (!books.is_empty()).then(|| {
            view! {
                <section class="mt-12" aria-labelledby="new-titles">
                    <h2 class="mb-6 border-b border-line pb-3 text-2xl" id="new-titles">"New in the shop"</h2>
                    <Shelf books=books.into_iter().take(NEW).collect() />
                </section>
            }
        })
    };
    view! {
        <Transition>
            {move || Suspend::new(async move { all.await.ok().and_then(|all| newest(all.page.items)) })}
        </Transition>
    }
}
