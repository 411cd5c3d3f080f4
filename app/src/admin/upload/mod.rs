//! Dropping audio files on the shop, and watching them arrive.

#[cfg(feature = "hydrate")]
mod browser;
mod files;
#[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "only a browser names files"))]
mod naming;
mod queue;
mod replace;
pub(super) mod throughput;
mod zone;

pub use replace::ReplaceButton;

use crate::api::uploads::unfinished_uploads;
use domain::production::UnfinishedUpload;
use files::{FileRow, Summary};
use leptos::prelude::*;
use queue::Queue;
use throughput::percent;
use uuid::Uuid;
use zone::DropZone;

/// The queue of this tab; on the server an empty one.
fn queue() -> Queue {
    #[cfg(feature = "hydrate")]
    return browser::queue();
    #[cfg(not(feature = "hydrate"))]
    Queue::default()
}

/// Where audio is dropped, and the list of what is on its way. With `audiobook` the files become parts of that title;
/// without, of a new one.
#[component]
pub fn UploadPanel(#[prop(optional, into)] audiobook: Option<Uuid>) -> impl IntoView {
    let queue = queue();
    let (rows, trouble, said) = (queue.clone(), queue.trouble.clone(), queue.said.clone());
    view! {
        <section class="space-y-4" aria-labelledby="upload-heading">
            <h2 id="upload-heading" class="text-xl">"Upload audio"</h2>
            <noscript>
                <p class="notice">"Uploading needs JavaScript: files can be large, and an upload that is cut goes on where it was."</p>
            </noscript>
            <DropZone audiobook />
            {move || trouble.get().map(|text| view! { <p class="alert" role="alert">{text}</p> })}
            <Summary queue=queue.clone() audiobook />
            <ul class="space-y-3" aria-label="Files">
                <For each=move || rows.rows_of(audiobook) key=|row| row.id let:row>
                    <FileRow row />
                </For>
            </ul>
            <p class="sr-only" role="status" aria-live="polite">{move || said.get()}</p>
            <Unfinished queue=queue audiobook />
        </section>
    }
}

/// Uploads of an earlier visit that can be gone on with.
#[component]
fn Unfinished(queue: Queue, audiobook: Option<Uuid>) -> impl IntoView {
    let asked = RwSignal::new(0_u32);
    let left = Resource::new(move || asked.get(), |_| async { unfinished_uploads().await.unwrap_or_default() });
    let shown = move || {
        let here: Vec<String> = queue.rows.with(|rows| rows.iter().map(|row| row.fingerprint.clone()).collect());
        let left = left.get().unwrap_or_default();
        left.into_iter()
            .filter(|upload| audiobook.is_none_or(|id| upload.audiobook_id == id))
            .filter(|upload| !here.contains(&upload.fingerprint))
            .collect::<Vec<_>>()
    };
    view! {
        <Suspense>
            {move || {
                let left = shown();
                (!left.is_empty())
                    .then(|| {
                        view! {
                            <div class="panel p-4 space-y-2">
                                <h3 class="font-semibold">"Cut off earlier"</h3>
                                <ul class="space-y-2">
                                    {left
                                        .into_iter()
                                        .map(|upload| view! { <UnfinishedRow upload asked /> })
                                        .collect_view()}
                                </ul>
                            </div>
                        }
                    })
            }}
        </Suspense>
    }
}

#[component]
fn UnfinishedRow(upload: UnfinishedUpload, asked: RwSignal<u32>) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    let arrived = percent(upload.received as f64, upload.size as f64);
    let id = upload.id;
    let discard = Action::new_local(move |(): &()| async move {
        #[cfg(feature = "hydrate")]
        browser::discard(id).await;
        let _ = id;
        asked.update(|times| *times += 1);
    });
    let name = upload.file_name;
    let label = format!("Give up {name}");
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2">
            <p>
                <span class="font-semibold">{name}</span>
                {format!(": choose the file again to go on at {arrived} %.")}
            </p>
            <button
                type="button"
                class="button button-quiet button-small"
                aria-label=label
                on:click=move |_| {
                    discard.dispatch(());
                }
            >
                "Give up"
            </button>
        </li>
    }
}
