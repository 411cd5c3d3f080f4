//! Where files are dropped or chosen.

use leptos::ev::{DragEvent, Event};
use leptos::prelude::*;
use uuid::Uuid;

/// The kinds of file that are offered first in the browser's dialogue; the shop looks at the content, not at the name.
const ACCEPTED: &str = "audio/*,.mp3,.mp2,.m4a,.m4b,.mp4,.aac,.flac,.ogg,.oga,.opus,.wav,.aif,.aiff,.mka,.webm,.caf,.wma,\
    .jpg,.jpeg,.png,.webp,.cue,.json,.opf";

#[component]
pub fn DropZone(audiobook: Option<Uuid>) -> impl IntoView {
    let over = RwSignal::new(false);
    view! {
        <div
            class="rounded-lg border-2 border-dashed p-8 text-center"
            class=("border-accent", move || over.get())
            class=("bg-accent-tint", move || over.get())
            class=("border-line-strong", move || !over.get())
            data-testid="drop-zone"
            on:dragenter=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                take_dropped(&event, audiobook);
            }
        >
            <p class="font-semibold">"Drop audio files or a folder here"</p>
            <p class="mt-1 text-sm text-soft">
                "MP3, M4A, M4B, FLAC, Ogg or WAV, each up to 4 GiB. Files dropped together become the parts of one title, in the order of the numbers in their tags, or else of their names."
            </p>
            <p class="mt-1 text-sm text-soft">
                "A cover (cover.jpg, front.png, folder.jpg), a cue sheet, metadata.json or an OPF file beside them fills in the title."
            </p>
            <div class="mt-4 flex flex-wrap justify-center gap-3">
                <label class="button focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent">
                    <input
                        type="file"
                        multiple
                        accept=ACCEPTED
                        class="sr-only"
                        on:change=move |event| take_chosen(&event, audiobook)
                    />
                    "Choose files"
                </label>
                <label class="button button-quiet focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent">
                    <input
                        type="file"
                        multiple
                        prop:webkitdirectory=true
                        class="sr-only"
                        on:change=move |event| take_chosen(&event, audiobook)
                    />
                    "Choose a folder"
                </label>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn take_dropped(event: &DragEvent, audiobook: Option<Uuid>) {
    use super::browser::{add, dropped};
    if let Some(transfer) = event.data_transfer() {
        let files = dropped(&transfer);
        leptos::task::spawn_local(async move { add(files.await, audiobook).await });
    }
}

#[cfg(feature = "hydrate")]
fn take_chosen(event: &Event, audiobook: Option<Uuid>) {
    use super::browser::{add, chosen};
    let files = chosen(&event_target(event));
    leptos::task::spawn_local(async move { add(files, audiobook).await });
}

/// Nothing is dropped on a server.
#[cfg(not(feature = "hydrate"))]
fn take_dropped(_: &DragEvent, _: Option<Uuid>) {}

/// Nothing is chosen on a server.
#[cfg(not(feature = "hydrate"))]
fn take_chosen(_: &Event, _: Option<Uuid>) {}
