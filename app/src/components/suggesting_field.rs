//! A search field that suggests what somebody who types may be looking for: the combobox of the ARIA practices, with a
//! list that pops up (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>). Without JavaScript it is a plain field.

use super::text::count;
use super::use_hydrated;
use crate::api::catalog::suggest;
use crate::paths;
use domain::catalog::suggest::Suggestion;
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long typing has to pause before the shop is asked.
const PAUSE: Duration = Duration::from_millis(200);
/// Characters from which on there are suggestions.
const SHORTEST: usize = 2;

/// The field of a search form; its name is `q`. The arrows go through the suggestions, Enter opens the one that is marked,
/// or searches, and Escape closes the list.
#[component]
pub fn SuggestingField(id: &'static str, placeholder: &'static str) -> impl IntoView {
    let hydrated = use_hydrated();
    let navigate = use_navigate();
    let field = NodeRef::<html::Input>::new();
    let (typed, set_typed) = signal(String::new());
    let (open, set_open) = signal(false);
    let (marked, set_marked) = signal(None::<usize>);
    let asked = Action::new(|text: &String| {
        let text = text.clone();
        // Nothing is lost when it fails or was asked too often: the form still searches.
        async move { (text.clone(), suggest(text).await.unwrap_or_default()) }
    });
    // What was found for the beginning of what stands there stays until there is something newer.
    let found = Memo::new(move |_| {
        let typed = typed.read();
        let answer = asked.value().get().filter(|(text, _)| is_long_enough(&typed) && typed.starts_with(text.as_str()));
        answer.map(|(_, found)| found).unwrap_or_default()
    });
    let shown = Memo::new(move |_| open.get() && !found.read().is_empty());
    let mut ask = debounce(PAUSE, move |text: String| {
        if typed.try_get_untracked().is_some_and(|typed| typed == text) && is_long_enough(&text) {
            asked.dispatch(text);
        }
    });
    let on_input = move |event: ev::Event| {
        let text = event_target_value(&event).trim().to_owned();
        set_typed.set(text.clone());
        set_marked.set(None);
        set_open.set(true);
        ask(text);
    };
    let go = move |suggestion: &Suggestion| {
        set_open.set(false);
        set_marked.set(None);
        set_typed.set(String::new());
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
        navigate(&paths::suggestion(suggestion), Default::default());
    };
    let on_key = {
        let go = go.clone();
        move |event: ev::KeyboardEvent| {
            let last = found.read_untracked().len().checked_sub(1);
            let key = event.key();
            match (key.as_str(), shown.get_untracked(), last) {
                ("ArrowDown" | "ArrowUp", false, Some(_)) => {
                    event.prevent_default();
                    set_open.set(true);
                }
                ("ArrowDown", true, Some(last)) => {
                    event.prevent_default();
                    set_marked
                        .update(|marked| *marked = Some(marked.map_or(0, |at| if at < last { at + 1 } else { 0 })));
                }
                ("ArrowUp", true, Some(last)) => {
                    event.prevent_default();
                    set_marked.update(|marked| *marked = Some(marked.and_then(|at| at.checked_sub(1)).unwrap_or(last)));
                }
                ("Escape", true, _) => {
                    event.prevent_default();
                    set_open.set(false);
                    set_marked.set(None);
                }
                ("Enter", true, _) => {
                    let chosen = marked.get_untracked().and_then(|at| found.read_untracked().get(at).cloned());
                    match chosen {
                        Some(suggestion) => {
                            event.prevent_default();
                            go(&suggestion);
                        }
                        // The form is sent.
                        None => set_open.set(false),
                    }
                }
                _ => {}
            }
        }
    };
    let list = format!("{id}-suggestions");
    let option = move |at: usize| format!("{id}-suggestion-{at}");
    let controls = list.clone();
    let options = move || {
        let go = go.clone();
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, suggestion)| {
                let go = go.clone();
                let chosen = suggestion.clone();
                view! {
                    <li
                        class="flex min-h-11 cursor-pointer items-baseline gap-3 rounded-md px-3 py-2 hover:bg-accent-tint aria-selected:bg-accent-tint"
                        id=option(at)
                        role="option"
                        aria-selected=move || (marked.get() == Some(at)).to_string()
                        // The field keeps the focus; else the list would close before the click.
                        on:mousedown=|event| event.prevent_default()
                        on:click=move |_| go(&chosen)
                    >
                        <span class="min-w-0 flex-1 truncate">{suggestion.name}</span>
                        <span class="shrink-0 text-sm text-soft">{suggestion.kind.words()}</span>
                    </li>
                }
            })
            .collect_view()
    };
    let told = move || {
        if shown.get() { count(found.read().len() as u64, "suggestion", "suggestions") } else { String::new() }
    };
    view! {
        <div class="relative min-w-0 flex-1">
            <input
                class="input rounded-r-none border-r-0"
                id=id
                type="search"
                name="q"
                placeholder=placeholder
                autocomplete="off"
                maxlength="200"
                role=move || hydrated.get().then_some("combobox")
                aria-autocomplete=move || hydrated.get().then_some("list")
                aria-expanded=move || hydrated.get().then(|| shown.get().to_string())
                aria-controls=move || hydrated.get().then(|| controls.clone())
                aria-activedescendant=move || marked.get().filter(|_| shown.get()).map(option)
                node_ref=field
                on:input=on_input
                on:keydown=on_key
                on:blur=move |_| set_open.set(false)
            />
            <ul
                class="panel absolute top-full right-0 left-0 z-40 mt-1 max-h-96 overflow-y-auto p-1 shadow-lg md:min-w-96"
                id=list
                role="listbox"
                aria-label="Suggestions"
                hidden=move || !shown.get()
            >
                {options}
            </ul>
            <span class="sr-only" role="status">{told}</span>
        </div>
    }
}

fn is_long_enough(text: &str) -> bool {
    text.chars().count() >= SHORTEST || !text.is_ascii()
}
