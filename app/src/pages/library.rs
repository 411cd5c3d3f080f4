//! One's own books: which of them, how far one is in each, and the way on.

use crate::AppError;
use crate::api::library::library;
use crate::components::books::Cover;
use crate::components::empty::Empty;
use crate::components::failure::{and_back, outcome};
use crate::components::pager::Pager;
use crate::components::picture::SMALL;
use crate::components::skeleton::ShelfSkeleton;
use crate::components::tags::Title;
use crate::components::text::{count, length, names};
use crate::pages::said::FindEverywhere;
use crate::paths;
use crate::player::playback_rate::Speed;
use domain::Page;
use domain::listening::{LibraryFilter, LibraryItem};
use leptos::prelude::*;
use leptos_router::components::{Form, Redirect};
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    filter: LibraryFilter,
    page: u32,
}

impl Wanted {
    /// The address of this page; what is the default is left out.
    fn address(&self) -> String {
        let mut parts = Vec::new();
        if !self.text.trim().is_empty() {
            parts.push(format!("q={}", Url::escape(self.text.trim())));
        }
        if self.filter != LibraryFilter::default() {
            parts.push(format!("filter={}", param(self.filter)));
        }
        if self.page > 1 {
            parts.push(format!("page={}", self.page));
        }
        if parts.is_empty() { "/library".to_owned() } else { format!("/library?{}", parts.join("&")) }
    }
}

fn param(filter: LibraryFilter) -> &'static str {
    LibraryFilter::ALL.into_iter().find(|(one, ..)| *one == filter).map_or("", |(_, param, _)| param)
}

#[component]
pub fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        Wanted {
            text: query.get_str("q").unwrap_or_default().to_owned(),
            filter: LibraryFilter::from_param(query.get_str("filter").unwrap_or_default()),
            page: query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    });
    let found = Resource::new(
        move || wanted.get(),
        |wanted| library(param(wanted.filter).to_owned(), wanted.text, wanted.page),
    );
    view! {
        <Title text="Library" />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Your library"</h1>
            <FindEverywhere />
            <Search wanted />
            <Filters wanted />
            <div class="mt-8">
                <Transition fallback=|| view! { <ShelfSkeleton books=6 /> }>
                    {move || Suspend::new(async move {
                        match found.await {
                            Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                            found => outcome(found, move |page| view! { <Books page wanted=wanted.get_untracked() /> }),
                        }
                    })}
                </Transition>
            </div>
        </div>
    }
}

/// Searches among one's own books; a plain form.
#[component]
fn Search(wanted: Memo<Wanted>) -> impl IntoView {
    view! {
        <Form action="/library" method="get" attr:class="mt-6 flex max-w-xl items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1">
                <label class="text-sm font-semibold" for="search">"Search your books"</label>
                <input
                    class="input mt-1"
                    id="search"
                    type="search"
                    name="q"
                    prop:value=move || wanted.read().text.clone()
                    value=wanted.with_untracked(|wanted| wanted.text.clone())
                    placeholder="Title, author or narrator"
                    autocomplete="off"
                    maxlength="200"
                />
            </div>
            <input type="hidden" name="filter" value=move || param(wanted.read().filter) />
            <button class="button button-quiet" type="submit">"Search"</button>
        </Form>
    }
}

#[component]
fn Filters(wanted: Memo<Wanted>) -> impl IntoView {
    let chip = move |(filter, _, words): (LibraryFilter, &'static str, &'static str)| {
        let address = move || Wanted { filter, page: 1, ..wanted.get() }.address();
        let current = move || (wanted.read().filter == filter).then_some("true");
        view! {
            <li>
                <a class="chip" href=address aria-current=current>{words}</a>
            </li>
        }
    };
    view! {
        <nav class="mt-5" aria-label="Which books">
            <ul class="flex flex-wrap gap-2">{LibraryFilter::ALL.map(chip)}</ul>
        </nav>
    }
}

#[component]
fn Books(page: Page<LibraryItem>, wanted: Wanted) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <Nothing wanted beyond={page.total > 0} /> }.into_any();
    }
    let (number, pages) = (page.number, page.count());
    view! {
        <p class="text-soft" role="status">{count(page.total, "book", "books")}</p>
        <ul class="mt-4 grid gap-x-8 md:grid-cols-2">
            {page.items.into_iter().map(|item| view! { <li class="border-b border-line"><Item item /></li> }).collect_view()}
        </ul>
        <Pager number count=pages address=move |page| Wanted { page, ..wanted.clone() }.address() />
    }
    .into_any()
}

/// How far one is in a book.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Progress {
    heard_ms: i64,
    /// What the way on is called.
    action: &'static str,
    words: String,
}

fn progress(item: &LibraryItem) -> Progress {
    let whole_ms = item.summary.duration_ms;
    let position = item.position.unwrap_or_default();
    if position.finished {
        return Progress { heard_ms: whole_ms, action: "Listen again", words: "Finished".to_owned() };
    }
    if position.position_ms <= 0 {
        return Progress { heard_ms: 0, action: "Start", words: length(whole_ms) };
    }
    let left_ms = Speed::nearest(position.speed_percent).takes_ms(whole_ms - position.position_ms);
    Progress {
        heard_ms: position.position_ms.min(whole_ms),
        action: "Go on",
        words: format!("{} left", length(left_ms)),
    }
}

#[component]
fn Item(item: LibraryItem) -> impl IntoView {
    let progress = progress(&item);
    let summary = item.summary;
    let page = paths::library_book(&summary.slug);
    let title = summary.title.clone();
    view! {
        <article class="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-4 py-5 sm:grid-cols-[6.5rem_minmax(0,1fr)]" data-testid="library-item">
            <div><Cover art=&summary sizes=SMALL /></div>
            <div class="flex min-w-0 flex-col">
                <h2 class="text-lg leading-snug">
                    <a class="hover:underline hover:underline-offset-4" href=page.clone()>{summary.title}</a>
                </h2>
                <p class="text-sm text-soft">{names(&summary.authors)}</p>
                <progress
                    class="bar mt-3"
                    max=summary.duration_ms.max(1)
                    value=progress.heard_ms
                    aria-label=format!("Heard of {title}")
                ></progress>
                <div class="mt-2 flex items-center justify-between gap-3">
                    <p class="text-sm text-soft">{progress.words}</p>
                    <a class="button button-quiet button-small" href=page>
                        {progress.action}
                        <span class="sr-only">{format!(" {title}")}</span>
                    </a>
                </div>
            </div>
        </article>
    }
}

/// Why nothing is shown, and a way on.
#[component]
fn Nothing(wanted: Wanted, beyond: bool) -> impl IntoView {
    let text = wanted.text.trim();
    let (title, words) = if beyond {
        ("There is no such page".to_owned(), "Your books end before this page.")
    } else if !text.is_empty() {
        (format!("Nothing found for “{text}”"), "Check the spelling, or search among all of your books.")
    } else {
        match wanted.filter {
            LibraryFilter::All => ("No books yet".to_owned(), "What you buy is kept here, to hear and to read along."),
            LibraryFilter::Unheard => ("Nothing unheard".to_owned(), "You have begun every one of your books."),
            LibraryFilter::InProgress => {
                ("Nothing in progress".to_owned(), "A book that you have begun and not finished is shown here.")
            }
            LibraryFilter::Finished => {
                ("Nothing finished yet".to_owned(), "A book is shown here once you have heard it to its end.")
            }
        }
    };
    let everything = (beyond || wanted.filter != LibraryFilter::All || !text.is_empty()).then(|| {
        view! { <a class="button button-quiet" href="/library">"Show all of your books"</a> }
    });
    view! {
        <Empty title>
            <p>{words}</p>
            <div class="flex flex-wrap justify-center gap-3">
                {everything} <a class="button" href="/browse">"Browse the shop"</a>
            </div>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::{AudiobookSummary, Price};
    use domain::listening::Position;
    use domain::{Money, Timestamp};

    fn item(position: Option<Position>) -> LibraryItem {
        let money: Money = serde_json::from_str(r#"{"minor":0,"currency":"EUR"}"#).unwrap();
        let summary = AudiobookSummary {
            id: uuid::Uuid::nil(),
            slug: "a-book".to_owned(),
            title: "A book".to_owned(),
            subtitle: None,
            authors: Vec::new(),
            narrators: Vec::new(),
            categories: Vec::new(),
            series: None,
            price: Price { list: money, now: money, until: None },
            duration_ms: 7_200_000,
            language: "en".to_owned(),
            published_at: None,
            cover: domain::catalog::Cover { uploaded: false, version: Timestamp(0) },
            licences_left: None,
            rating: None,
        };
        LibraryItem { summary, position, bought_at: Timestamp(0) }
    }

    #[test]
    fn a_book_begun_goes_on_and_a_book_finished_starts_again() {
        assert_eq!(progress(&item(None)).action, "Start");
        let begun = Position { position_ms: 3_600_000, speed_percent: 200, ..Position::default() };
        let begun = progress(&item(Some(begun)));
        assert_eq!((begun.action, begun.words.as_str()), ("Go on", "30 min left"), "at twice the speed");
        let finished = Position { position_ms: 7_200_000, finished: true, ..Position::default() };
        assert_eq!(progress(&item(Some(finished))).action, "Listen again");
    }

    #[test]
    fn an_address_holds_what_was_asked_for_and_nothing_else() {
        assert_eq!(Wanted::default().address(), "/library");
        let wanted = Wanted { text: " bell & rock".to_owned(), filter: LibraryFilter::InProgress, page: 2 };
        assert_eq!(wanted.address(), "/library?q=bell%20%26%20rock&filter=in-progress&page=2");
    }
}
