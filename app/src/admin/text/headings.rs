//! The headings that are spoken in a title, to be taken as its chapters.

use crate::api::chapters::TakeHeadings;
use crate::components::text::clock;
use domain::transcript::Chapter;
use leptos::prelude::*;
use uuid::Uuid;

/// The headings that are spoken, and taking them.
#[component]
pub fn Headings(id: Uuid, spoken: Vec<Chapter>, seen: String, take: ServerAction<TakeHeadings>) -> impl IntoView {
    if spoken.is_empty() {
        return view! {
            <p class="mt-6 text-soft" data-testid="no-headings">
                "Fewer than two headings such as “Chapter one” are spoken after a silence in this title."
            </p>
        }
        .into_any();
    }
    let row = |chapter: Chapter| {
        view! {
            <li class="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3">
                <span class="text-sm text-soft tabular-nums">{clock(chapter.start_ms)}</span>
                <span>{chapter.title}</span>
            </li>
        }
    };
    view! {
        <section class="panel mt-8 space-y-3 p-5" aria-labelledby="headings-heading" data-testid="headings">
            <h2 class="text-xl" id="headings-heading">"Headings that are spoken"</h2>
            <p class="text-sm text-soft">"These were found in the text, each after a silence. They take the place of all chapters above."</p>
            <ol class="max-h-80 space-y-1 overflow-y-auto" tabindex="0" aria-label="Headings">{spoken.into_iter().map(row).collect_view()}</ol>
            <ActionForm action=take>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="seen" value=seen />
                <button class="button button-quiet" type="submit" disabled=move || take.pending().get() data-testid="take-headings">
                    "Take these as the chapters"
                </button>
            </ActionForm>
        </section>
    }
    .into_any()
}
