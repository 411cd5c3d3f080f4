//! How the transcript begins.

use super::editor::TitleEditor;
use crate::api::production::transcript_preview;
use crate::components::text::clock;
use crate::paths;
use domain::transcript::{Segment, Shown};
use leptos::prelude::*;

#[component]
pub fn Beginning(editor: TitleEditor) -> impl IntoView {
    let id = editor.id;
    let heard = Memo::new(move |_| editor.live.now.read().view.chunks_done);
    let read = Resource::new(move || heard.get(), move |_| transcript_preview(id));
    view! {
        <section class="space-y-4" id="transcript" aria-labelledby="transcript-heading">
            <h2 class="text-xl" id="transcript-heading">"Transcript"</h2>
            <ToReview editor />
            <p class="flex flex-wrap gap-x-5 gap-y-1 text-sm">
                <a class="link" href=paths::admin_replace(id)>"Find and replace"</a>
                <a class="link" href=paths::admin_chapters(id)>"Chapters"</a>
            </p>
            <Transition fallback=|| view! { <p class="text-soft">"Loading…"</p> }>
                {move || Suspend::new(async move {
                    match read.await {
                        Ok(segments) if segments.is_empty() => {
                            view! { <p class="text-soft">"Nothing was heard yet."</p> }.into_any()
                        }
                        Ok(segments) => view! { <Segments editor segments /> }.into_any(),
                        Err(error) => view! { <p class="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

/// How much of the text waits for a decision, and the way there.
#[component]
pub fn ToReview(editor: TitleEditor) -> impl IntoView {
    let doubtful = editor.doubtful();
    let address = paths::admin_text(editor.id, Shown::Doubtful.name(), 1);
    let all = paths::admin_editor(editor.id, 0);
    move || match doubtful.get() {
        0 => view! { <p class="text-sm"><a class="link" href=all.clone()>"Edit the text"</a></p> }.into_any(),
        number => {
            let waits = if number == 1 { "place waits" } else { "places wait" };
            view! {
                <p class="text-sm" data-testid="to-review">
                    {format!("{number} {waits} for a review. Readers do not get them until then. ")}
                    <a class="link" href=address.clone()>"Review the text"</a> " or "
                    <a class="link" href=all.clone()>"edit all of it"</a>
                </p>
            }
            .into_any()
        }
    }
}

#[component]
fn Segments(editor: TitleEditor, segments: Vec<Segment>) -> impl IntoView {
    let last = segments.last().map_or(0, |segment| segment.end_ms);
    view! {
        <p class="text-sm text-soft">{format!("The beginning, up to {}. Each time leads to the player.", clock(last))}</p>
        <ol class="panel max-h-96 space-y-2 overflow-y-auto p-5" tabindex="0" aria-label="The beginning of the transcript">
            {segments
                .into_iter()
                .map(|segment| {
                    let from = segment.start_ms;
                    view! {
                        <li class="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-2">
                            <a class="link text-sm tabular-nums" href=move || editor.play_from(from)>{clock(from)}</a>
                            <span class="font-serif">{segment.text}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        <p><a class="link" href=move || editor.play_from(0)>"Listen and read along"</a></p>
    }
}
