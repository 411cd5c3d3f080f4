//! What was said in all of one's books.

use super::{WordsField, at_least, chapter, further, heading, play_words, refused, sentence};
use crate::AppError;
use crate::api::library::find_everywhere;
use crate::components::text::{count, names};
use crate::paths;
use domain::listening::{Quoted, Quotes};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// Looks for words in all of one's books, and shows in which of them they are said.
#[component]
pub fn FindEverywhere() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let after = query.get_str("after").unwrap_or_default().to_owned();
        (query.get_str("said").unwrap_or_default().trim().to_owned(), after)
    });
    let found = Resource::new(
        move || wanted.get(),
        |(text, after)| async move {
            if text.is_empty() { Ok(Quotes::default()) } else { find_everywhere(text, after).await }
        },
    );
    view! {
        <section class="mt-6" aria-label="What was said in your books">
            <Form action="/library" method="get" attr:class="flex max-w-xl items-end gap-3" attr:role="search" attr:aria-label="What was said">
                <WordsField id="said" name="said" label="Search what was said in your books" text=Signal::derive(move || wanted.get().0) />
                <button class="button button-quiet" type="submit">"Find"</button>
            </Form>
            <Transition fallback=|| view! { <p class="mt-4 text-soft">"…"</p> }>
                {move || Suspend::new(async move {
                    let found = found.await;
                    let (text, after) = wanted.get_untracked();
                    match found {
                        _ if text.is_empty() => ().into_any(),
                        // The page leads to the log-in by itself.
                        Err(AppError::Unauthenticated) => ().into_any(),
                        Err(error) => refused(error),
                        Ok(quotes) => view! { <Everywhere quotes text first=after.is_empty() /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Everywhere(
    quotes: Quotes,
    text: String,
    /// Whether this is the beginning of the list.
    first: bool,
) -> impl IntoView {
    let sentences: usize = quotes.books.iter().map(|book| book.quotes.len()).sum();
    let cut = quotes.next.is_some() || !first || quotes.books.iter().any(|book| book.full);
    let number = at_least(sentences, cut);
    let next = quotes.next.map(|after| format!("/library?said={}&after={after}", Url::escape(&text)));
    let unready = (quotes.unready > 0).then(|| {
        let books = count(quotes.unready, "book is", "books are");
        view! { <p class="mt-2 text-sm text-soft">{format!("{books} not looked through yet: what is said there is still being put in order.")}</p> }
    });
    view! {
        <p class="mt-4 text-soft" role="status">{heading(&text, number)}</p>
        {unready}
        <div data-testid="quotes">
            {quotes.books.into_iter().map(|book| view! { <InBook book text=text.clone() /> }).collect_view()}
        </div>
        {next.map(further)}
    }
}

/// What was found in a book, with who reads it.
#[component]
fn InBook(book: Quoted, text: String) -> impl IntoView {
    let Quoted { summary, quotes, full } = book;
    let slug = summary.slug.clone();
    let who = if summary.narrators.is_empty() {
        names(&summary.authors)
    } else {
        format!("{} · Read by {}", names(&summary.authors), names(&summary.narrators))
    };
    let more = full.then(|| {
        let address = format!("{}?find={}", paths::library_book(&slug), Url::escape(&text));
        view! {
            <p class="py-3 text-sm">
                <a class="link" href=address>"All in this book" <span class="sr-only">{format!(": {}", summary.title)}</span></a>
            </p>
        }
    });
    view! {
        <article class="mt-6 max-w-prose">
            <h2 class="text-lg leading-snug">
                <a class="hover:underline hover:underline-offset-4" href=paths::library_book(&slug)>{summary.title.clone()}</a>
            </h2>
            <p class="text-sm text-soft">{who}</p>
            <ol class="mt-2 divide-y divide-line border-y border-line">
                {quotes
                    .into_iter()
                    .map(|quote| {
                        let at_ms = quote.spot.start_ms;
                        view! {
                            <li class="py-3" data-testid="quote">
                                {sentence(quote.spot)}
                                <p class="mt-1 text-sm text-soft">
                                    {chapter(quote.chapter)}
                                    <a class="link" href=paths::library_book_at(&slug, at_ms)>{play_words(at_ms)}</a>
                                </p>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
            {more}
        </article>
    }
}
