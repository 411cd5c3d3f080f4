//! Looking for what was said: in a book, and in all that one owns. Plain forms, and links that play from there.

mod everywhere;
mod in_book;

pub use everywhere::FindEverywhere;
pub use in_book::FindInBook;

use crate::AppError;
use crate::components::text::{clock, count};
use domain::spoken::Spot;
use leptos::prelude::*;

/// Longest words that are looked for, in characters.
const LONGEST: &str = "200";

/// Where the words are typed.
#[component]
fn WordsField(id: &'static str, name: &'static str, label: &'static str, text: Signal<String>) -> impl IntoView {
    view! {
        <div class="min-w-0 flex-1">
            <label class="text-sm font-semibold" for=id>{label}</label>
            <input
                class="input mt-1"
                id=id
                type="search"
                name=name
                prop:value=move || text.get()
                value=text.get_untracked()
                placeholder="Words, or “a few words” as they are said"
                autocomplete="off"
                maxlength=LONGEST
            />
        </div>
    }
}

/// The sentence, with what was looked for marked.
fn sentence(spot: Spot) -> impl IntoView {
    let pieces = spot
        .pieces
        .into_iter()
        .map(|piece| if piece.found { view! { <mark>{piece.text}</mark> }.into_any() } else { piece.text.into_any() });
    view! { <p class="font-serif text-lg leading-relaxed">{pieces.collect_view()}</p> }
}

fn chapter(title: Option<String>) -> Option<String> {
    title.map(|title| format!("{title} · "))
}

fn play_words(at_ms: i64) -> String {
    format!("Play from {}", clock(at_ms))
}

fn further(address: String) -> impl IntoView {
    view! {
        <p class="mt-4">
            <a class="button button-quiet" rel="next" href=address>"Further on"</a>
        </p>
    }
}

fn refused(error: AppError) -> AnyView {
    view! { <p class="alert mt-4" role="alert">{error.to_string()}</p> }.into_any()
}

/// How many sentences, as far as that is known: nothing where the list is a part of a longer one.
fn at_least(number: usize, part: bool) -> Option<u64> {
    (number == 0 || !part).then_some(number as u64)
}

fn heading(text: &str, number: Option<u64>) -> String {
    match number {
        Some(0) => format!("Nobody says “{text}”. Check the spelling, or look for fewer words."),
        Some(number) => format!("{} with “{text}”", count(number, "sentence", "sentences")),
        None => format!("Sentences with “{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_only_where_it_is_that_of_all() {
        assert_eq!(heading("bell", at_least(1, false)), "1 sentence with “bell”");
        assert_eq!(heading("bell", at_least(20, true)), "Sentences with “bell”");
        assert!(heading("whale", at_least(0, false)).starts_with("Nobody says “whale”."));
    }
}
