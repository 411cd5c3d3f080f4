//! The sample before it is cut: its sound, and what everybody will read of it.

use crate::admin::text::hear::Hear;
use crate::admin::title::editor::TitleEditor;
use crate::api::production::{SamplePreview, sample_preview};
use crate::components::text::{clock, length};
use crate::components::use_hydrated;
use domain::transcript::script::joined;
use leptos::prelude::*;
use uuid::Uuid;

/// What is said in the sample that is typed: at first the one that the shop holds, then what somebody asks for.
#[component]
pub fn SampleWords(editor: TitleEditor) -> impl IntoView {
    let hydrated = use_hydrated();
    let id = editor.id;
    let typed = move || {
        let form = editor.typed.read_untracked();
        (form.sample_start.clone(), form.sample_end.clone())
    };
    let asked = RwSignal::new({
        let form = editor.base.read_untracked();
        (form.sample_start.clone(), form.sample_end.clone())
    });
    // A step that is done may have chosen one.
    let version = Memo::new(move |_| editor.base.read().version);
    let read =
        Resource::new(move || (asked.get(), version.get()), move |((start, end), _)| sample_preview(id, start, end));
    view! {
        <section class="space-y-3" aria-labelledby="sample-preview-heading" data-testid="sample-preview">
            <h3 class="font-semibold" id="sample-preview-heading">"What everybody hears and reads"</h3>
            <button
                class="button button-quiet button-small"
                class:hidden=move || !hydrated.get()
                type="button"
                data-testid="preview-sample"
                on:click=move |_| asked.set(typed())
            >
                "Preview the sample as typed"
            </button>
            <Transition fallback=|| view! { <p class="text-soft">"Loading…"</p> }>
                {move || Suspend::new(async move {
                    match read.await {
                        Ok(Some(preview)) => view! { <Previewed id preview /> }.into_any(),
                        Ok(None) => {
                            view! { <p class="text-sm text-soft">"The sample is chosen when the audio is prepared."</p> }.into_any()
                        }
                        Err(error) => view! { <p class="alert" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Previewed(id: Uuid, preview: SamplePreview) -> impl IntoView {
    let SamplePreview { start_ms, end_ms, segments, longest_ms, parts } = preview;
    let said = format!(
        "From {} to {}: {} of at most {}.",
        clock(start_ms),
        clock(end_ms),
        length(end_ms - start_ms),
        length(longest_ms)
    );
    let text = joined(segments.iter().map(|segment| segment.text.as_str()));
    let words = match text.is_empty() {
        true => {
            view! { <p class="text-sm text-soft">"Nothing is said there, as far as the text is known."</p> }.into_any()
        }
        false => view! { <p class="panel p-4 font-serif" data-testid="sample-words">{text}</p> }.into_any(),
    };
    view! {
        <p class="text-sm text-soft">{said}</p>
        <div class="flex flex-wrap items-center gap-3"><Hear id parts start_ms end_ms /></div>
        {words}
    }
}
