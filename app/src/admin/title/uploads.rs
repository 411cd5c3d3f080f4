//! The files of a title.

use super::editor::TitleEditor;
use crate::admin::frame::Badge;
use crate::admin::labels;
use crate::admin::upload::throughput::{bytes, percent};
use crate::api::production::ForgetUpload;
use crate::components::failure::FormError;
use crate::components::field::FormState;
use domain::production::{UploadStatus, UploadView};
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub fn Uploads(editor: TitleEditor) -> impl IntoView {
    let files = Memo::new(move |_| editor.live.now.read().view.uploads.clone());
    let any = Memo::new(move |_| !files.read().is_empty());
    let forget = ServerAction::<ForgetUpload>::new();
    Effect::new(move |before: Option<()>| {
        forget.version().track();
        if before.is_some() {
            editor.live.refresh();
        }
    });
    view! {
        <h2 class="text-xl" id="files">"Files"</h2>
        <FormError message=FormState::of(forget).refused() />
        {move || {
            if any.get() {
                view! {
                    <ul class="panel divide-y divide-line px-4 sm:px-5" aria-labelledby="files">
                        <For each=move || files.get() key=|file| (file.id, file.received, file.status, file.waits) let:file>
                            <File file title=editor.id forget />
                        </For>
                    </ul>
                }
                    .into_any()
            } else {
                view! { <p class="text-soft">"No file of this title was uploaded here."</p> }.into_any()
            }
        }}
    }
}

#[component]
#[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
fn File(file: UploadView, title: Uuid, forget: ServerAction<ForgetUpload>) -> impl IntoView {
    let (received, size) = (file.received as f64, file.size as f64);
    let status = file.status;
    let name = file.file_name.clone();
    let amount = if status == UploadStatus::Receiving {
        format!("{} of {} ({} %)", bytes(received), bytes(size), percent(received, size))
    } else {
        bytes(size)
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3" data-testid="file">
            <p class="min-w-0">
                <span class="font-semibold break-all">{file.file_name}</span>
                <span class="text-sm text-soft tabular-nums">" · " {amount}</span>
            </p>
            <Badge
                icon=labels::upload_icon(status)
                words=labels::upload_status(status)
                alarming=status == UploadStatus::Refused
            />
            {file
                .waits
                .then(|| {
                    view! {
                        <ActionForm action=forget>
                            <input type="hidden" name="id" value=title.to_string() />
                            <input type="hidden" name="upload" value=file.id.to_string() />
                            <button
                                class="button button-quiet button-small"
                                type="submit"
                                disabled=move || forget.pending().get()
                                aria-label=format!("Take {name} away")
                            >
                                "Take away"
                            </button>
                        </ActionForm>
                    }
                })}
            {file.failure.map(|failure| view! { <p class="w-full text-danger">{failure}</p> })}
        </li>
    }
}
