//! A menu behind a button, made of `<details>`: it opens without JavaScript, and closes by itself with it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html, web_sys};
use leptos_router::hooks::use_location;

/// Closes the menu when the page changes, at a click elsewhere, and at Escape.
#[component]
pub fn Menu(
    /// Classes of the whole.
    class: &'static str,
    /// What stands on the button.
    #[prop(into)]
    button: ViewFn,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let location = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        // One that was opened before the page came to life stays open: while its code is fetched this is asked again.
        let left = before.is_some_and(|before| before != here);
        if let Some(details) = details.get_untracked().filter(|_| left) {
            details.set_open(false);
        }
        here
    });
    Effect::new(move |_| {
        let clicks = window_event_listener(ev::click, move |event| {
            let Some(details) = details.try_get_untracked().flatten() else { return };
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !details.contains(target.as_ref()) {
                details.set_open(false);
            }
        });
        on_cleanup(move || clicks.remove());
    });
    let on_escape = move |event: ev::KeyboardEvent| {
        let Some(details) = details.get_untracked() else { return };
        if event.key() == "Escape" && details.open() {
            details.set_open(false);
            if let Ok(Some(summary)) = details.query_selector("summary")
                && let Some(summary) = summary.dyn_ref::<web_sys::HtmlElement>()
            {
                summary.focus().ok();
            }
        }
    };
    view! {
        <details class=format!("relative {class}") node_ref=details on:keydown=on_escape>
            <summary class="flex min-h-11 list-none items-center gap-2 rounded-md px-2 hover:bg-accent-tint">
                {button.run()}
            </summary>
            <div class="panel absolute top-full right-0 z-40 mt-2 w-64 max-w-[calc(100vw-2rem)] p-2 shadow-lg">
                {children()}
            </div>
        </details>
    }
}
