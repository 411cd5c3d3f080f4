//! All titles: search as you type, category, order and page, all of it in the address.

use crate::api::catalog::{browse, categories};
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::ShelfSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::Page;
use domain::catalog::{AudiobookSummary, CategoryCount, Sort};
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Form;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::location::Url;
use std::time::Duration;

/// How long typing has to pause before the shop searches.
const PAUSE: Duration = Duration::from_millis(250);

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    category: String,
    sort: Sort,
    page: u32,
}

impl Wanted {
    /// The address of this page; what is the default is left out.
    fn address(&self) -> String {
        let mut parts = Vec::new();
        if !self.text.trim().is_empty() {
            parts.push(format!("q={}", Url::escape(self.text.trim())));
        }
        if !self.category.is_empty() {
            parts.push(format!("category={}", Url::escape(&self.category)));
        }
        if self.sort != Sort::default() {
            parts.push(format!("sort={}", self.sort.param()));
        }
        if self.page > 1 {
            parts.push(format!("page={}", self.page));
        }
        if parts.is_empty() { "/browse".to_owned() } else { format!("/browse?{}", parts.join("&")) }
    }

    fn narrowed(&self) -> bool {
        !self.text.trim().is_empty() || !self.category.is_empty()
    }
}

#[component]
pub fn BrowsePage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        Wanted {
            text: query.get_str("q").unwrap_or_default().to_owned(),
            category: query.get_str("category").unwrap_or_default().to_owned(),
            sort: Sort::from_param(query.get_str("sort").unwrap_or_default()),
            page: query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    });
    let found = Resource::new(
        move || wanted.get(),
        |wanted| browse(wanted.text, wanted.category, wanted.sort.param().to_owned(), wanted.page),
    );
    let shelves = Resource::new(|| (), |()| categories());
    let title = move || {
        let wanted = wanted.read();
        if wanted.text.is_empty() { "Browse".to_owned() } else { format!("Search for “{}”", wanted.text) }
    };
    view! {
        <Title text=title />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Browse"</h1>
            <Filters wanted />
            <CategoryChips wanted shelves />
            <p class="mt-8 min-h-6 text-soft" role="status">
                <Transition>{move || Suspend::new(async move { found.await.map(|page| words_for(&page)).unwrap_or_default() })}</Transition>
            </p>
            <div class="mt-4">
                <Transition fallback=|| view! { <ShelfSkeleton books=12 /> }>
                    {move || Suspend::new(async move {
                        let known = shelves.await.unwrap_or_default();
                        outcome(found.await, move |page| view! { <Found page wanted=wanted.get_untracked() known /> })
                    })}
                </Transition>
            </div>
        </div>
    }
}

fn words_for(page: &Page<AudiobookSummary>) -> String {
    match page.total {
        0 => "Nothing found".to_owned(),
        total if page.number > 1 => {
            format!("{}, page {} of {}", count(total, "title", "titles"), page.number, page.count())
        }
        total => count(total, "title", "titles"),
    }
}

/// The search field and the order. A plain form to `/browse`; with JavaScript it answers while one types.
#[component]
fn Filters(wanted: Memo<Wanted>) -> impl IntoView {
    let navigate = use_navigate();
    let field = NodeRef::<html::Input>::new();
    // The text that this field last brought into the address: another one there came from elsewhere, such as Back.
    let sent = StoredValue::new(wanted.with_untracked(|wanted| wanted.text.clone()));
    let go = move |wanted: Wanted| {
        sent.set_value(wanted.text.clone());
        let quietly = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&wanted.address(), quietly);
    };
    let search = {
        let go = go.clone();
        move |text: String| {
            let mut next = wanted.get_untracked();
            if next.text.trim() != text.trim() {
                (next.text, next.page) = (text.trim().to_owned(), 1);
                go(next);
            }
        }
    };
    let typed = {
        let search = search.clone();
        debounce(PAUSE, move |event: ev::Event| {
            if let Some(field) = field.try_get_untracked().flatten() {
                search(field.value());
            }
            drop(event);
        })
    };
    Effect::new(move |before: Option<()>| {
        let text = wanted.read().text.clone();
        let Some(field) = field.get_untracked() else { return };
        if before.is_none() {
            // Typed before the page came to life: nothing of it is lost.
            search(field.value());
        } else if sent.with_value(|sent| *sent != text) {
            field.set_value(&text);
            sent.set_value(text);
        }
    });
    let sorted = move |event: ev::Event| {
        let mut next = wanted.get_untracked();
        (next.sort, next.page) = (Sort::from_param(&event_target_value(&event)), 1);
        go(next);
    };
    let text = wanted.with_untracked(|wanted| wanted.text.clone());
    view! {
        <Form action="/browse" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1 basis-72">
                <label class="text-sm font-semibold" for="search">"Search"</label>
                <input
                    class="input mt-1"
                    id="search"
                    type="search"
                    name="q"
                    value=text
                    placeholder="Title, author, narrator or series"
                    autocomplete="off"
                    maxlength="200"
                    node_ref=field
                    on:input=typed
                />
            </div>
            <input type="hidden" name="category" value=move || wanted.read().category.clone() />
            <div>
                <label class="text-sm font-semibold" for="sort">"Order"</label>
                <select class="input mt-1" id="sort" name="sort" on:change=sorted>
                    {Sort::ALL
                        .into_iter()
                        .map(|(sort, param, words)| {
                            view! { <option value=param selected=move || wanted.read().sort == sort>{words}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            <button class="button button-quiet" type="submit">"Search"</button>
        </Form>
    }
}

/// A link for each category, and one for all.
#[component]
fn CategoryChips(
    wanted: Memo<Wanted>,
    shelves: Resource<Result<Vec<CategoryCount>, crate::AppError>>,
) -> impl IntoView {
    let chip = move |slug: String, name: String| {
        let address = {
            let slug = slug.clone();
            move || Wanted { category: slug.clone(), page: 1, ..wanted.get() }.address()
        };
        let current = move || (wanted.read().category == slug).then_some("true");
        view! {
            <li>
                <a class="chip" href=address aria-current=current>{name}</a>
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
fn Found(page: Page<AudiobookSummary>, wanted: Wanted, known: Vec<CategoryCount>) -> impl IntoView {
    if page.items.is_empty() {
        let beyond = page.total > 0;
        return view! { <Nothing wanted known beyond /> }.into_any();
    }
    let (number, count) = (page.number, page.count());
    view! {
        <h2 class="sr-only">"Titles"</h2>
        <Shelf books=page.items />
        <Pager number count address=move |page| Wanted { page, ..wanted.clone() }.address() />
    }
    .into_any()
}

#[component]
fn Nothing(wanted: Wanted, known: Vec<CategoryCount>, beyond: bool) -> impl IntoView {
    let title = match wanted.text.trim() {
        _ if beyond => "There is no such page".to_owned(),
        "" => "Nothing here yet".to_owned(),
        text => format!("Nothing found for “{text}”"),
    };
    let without_category = (!wanted.category.is_empty() && !wanted.text.trim().is_empty()).then(|| {
        let everywhere = Wanted { category: String::new(), page: 1, ..wanted.clone() };
        view! { <a class="button button-quiet" href=everywhere.address()>"Search in all categories"</a> }
    });
    view! {
        <Empty title>
            <p>
                {if wanted.narrowed() {
                    "Check the spelling, try fewer or shorter words, or look through a category."
                } else {
                    "Look through a category instead."
                }}
            </p>
            <div class="flex flex-wrap justify-center gap-3">
                {without_category} <a class="button" href="/browse">"Show all titles"</a>
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_was_asked_for_and_nothing_else() {
        assert_eq!(Wanted::default().address(), "/browse");
        let wanted =
            Wanted { text: " sea & sky ".to_owned(), category: "nature".to_owned(), sort: Sort::Title, page: 2 };
        assert_eq!(wanted.address(), "/browse?q=sea%20%26%20sky&category=nature&sort=title&page=2");
    }
}
