//! What was said in the book of a page.

use super::{WordsField, at_least, chapter, further, heading, play_words, refused, sentence};
use crate::api::library::find;
use crate::paths;
use domain::listening::Quote;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// Looks for words in a book, and shows where they are said.
#[component]
pub fn FindInBook(
    slug: String,
    /// Plays from a place of this book, in milliseconds.
    play_from: impl Fn(i64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let after_ms: Option<i64> = query.get_str("after").and_then(|after| after.parse().ok());
        (query.get_str("find").unwrap_or_default().trim().to_owned(), after_ms)
    });
    let slug = StoredValue::new(slug);
    let found = Resource::new(
        move || wanted.get(),
        move |(text, after_ms)| async move {
            if text.is_empty() {
                return Ok((Vec::new(), false));
            }
            find(slug.get_value(), text, after_ms).await
        },
    );
    let address = paths::library_book(slug.get_value());
    view! {
        <section class="mt-10" aria-labelledby="find-said">
            <h2 class="text-xl" id="find-said">"Search what was said"</h2>
            <Form action=address method="get" noscroll=true attr:class="mt-3 flex max-w-xl items-end gap-3" attr:role="search" attr:aria-label="What was said">
                <WordsField id="find" name="find" label="Words in this book" text=Signal::derive(move || wanted.get().0) />
                <button class="button button-quiet" type="submit">"Find"</button>
            </Form>
            <Transition fallback=|| view! { <p class="mt-4 text-soft">"…"</p> }>
                {move || Suspend::new(async move {
                    let found = found.await;
                    let (text, after_ms) = wanted.get_untracked();
                    if text.is_empty() {
                        return ().into_any();
                    }
                    match found {
                        Err(error) => refused(error),
                        Ok((quotes, more)) => {
                            let next = quotes.last().filter(|_| more).map(|last| {
                                let after_ms = last.spot.start_ms;
                                format!("{}?find={}&after={after_ms}", paths::library_book(slug.get_value()), Url::escape(&text))
                            });
                            let number = at_least(quotes.len(), more || after_ms.is_some());
                            view! {
                                <p class="mt-4 text-soft" role="status">{heading(&text, number)}</p>
                                <ol class="mt-3 max-w-prose divide-y divide-line border-y border-line" data-testid="quotes">
                                    {quotes.into_iter().map(|quote| view! { <HereQuote slug quote play_from /> }).collect_view()}
                                </ol>
                                {next.map(further)}
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </section>
    }
}

/// A sentence of the book of this page.
#[component]
fn HereQuote(
    slug: StoredValue<String>,
    quote: Quote,
    play_from: impl Fn(i64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let at_ms = quote.spot.start_ms;
    let address = paths::library_book_at(slug.get_value(), at_ms);
    // With JavaScript it plays at once, and the page stays where it is.
    let on_click = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        play_from(at_ms);
    };
    view! {
        <li class="py-3" data-testid="quote">
            {sentence(quote.spot)}
            <p class="mt-1 text-sm text-soft">
                {chapter(quote.chapter)} <a class="link" href=address on:click=on_click>{play_words(at_ms)}</a>
            </p>
        </li>
    }
}
