//! The shape of what is on its way.

use leptos::prelude::*;

/// Says to a screen reader that something is on its way.
#[component]
fn Waiting() -> impl IntoView {
    view! { <p class="sr-only" role="status">"Loading…"</p> }
}

/// A shelf of covers on its way.
#[component]
pub fn ShelfSkeleton(#[prop(default = 6)] books: usize) -> impl IntoView {
    view! {
        <Waiting />
        <div class="grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-6" aria-hidden="true">
            {(0..books)
                .map(|_| {
                    view! {
                        <div>
                            <div class="skeleton aspect-square w-full"></div>
                            <div class="skeleton mt-3 h-4 w-4/5"></div>
                            <div class="skeleton mt-2 h-3 w-3/5"></div>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// A page with a heading and lines of text on its way.
#[component]
pub fn PageSkeleton() -> impl IntoView {
    view! {
        <Waiting />
        <div class="page py-10" aria-hidden="true">
            <div class="skeleton h-9 w-2/3 max-w-md"></div>
            <div class="skeleton mt-8 h-4 w-full max-w-2xl"></div>
            <div class="skeleton mt-3 h-4 w-full max-w-xl"></div>
            <div class="skeleton mt-3 h-4 w-3/4 max-w-lg"></div>
        </div>
    }
}
