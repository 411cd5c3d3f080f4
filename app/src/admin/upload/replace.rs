//! Choosing a better recording for a part of a title.

use leptos::ev::Event;
use leptos::prelude::*;
use uuid::Uuid;

/// A button that asks for the file; it goes into the queue of this tab, as every upload. There is none without JavaScript.
#[component]
pub fn ReplaceButton(audiobook: Uuid, part: Uuid, name: String) -> impl IntoView {
    view! {
        <label class="button button-quiet button-small focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent">
            <input
                type="file"
                accept="audio/*"
                class="sr-only"
                data-testid="replace-part"
                on:change=move |event| send(&event, audiobook, part)
            />
            "Replace"
            <span class="sr-only">{format!(" {name} by another recording")}</span>
        </label>
    }
}

#[cfg(feature = "hydrate")]
fn send(event: &Event, audiobook: Uuid, part: Uuid) {
    use super::browser::{chosen, replace};
    if let Some(one) = chosen(&event_target(event)).first() {
        replace(one, audiobook, part);
    }
}

/// Nothing is chosen on a server.
#[cfg(not(feature = "hydrate"))]
fn send(_: &Event, _: Uuid, _: Uuid) {}
