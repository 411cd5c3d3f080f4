//! Where there is nothing yet.

use leptos::prelude::*;

/// Says that there is nothing, and where to go for something.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    /// What to do about it: a sentence, a link, a list.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="panel px-6 py-12 text-center sm:py-16">
            <h2 class="text-xl">{title}</h2>
            <div class="mx-auto mt-3 flex max-w-prose flex-col items-center gap-5 text-soft">{children()}</div>
        </div>
    }
}
