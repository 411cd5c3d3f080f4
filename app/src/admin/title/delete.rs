//! Deleting a draft: what goes with it, and the button.

use crate::admin::frame::Frame;
use crate::api::titles::{DeleteDraft, draft_contents};
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use crate::paths;
use domain::production::DraftContents;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

#[component]
pub fn DeleteTitlePage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default());
    let read = Resource::new(move || id.get(), draft_contents);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |contents| view! { <Confirm id=id.get_untracked() contents /> })
            })}
        </Transition>
    }
}

/// What goes, line by line.
fn lines(contents: &DraftContents) -> Vec<String> {
    let mut lines = Vec::new();
    if contents.files > 0 {
        lines.push(format!("{} ({})", count(contents.files, "audio file", "audio files"), size(contents.bytes)));
    }
    if contents.uploads > 0 {
        lines.push(format!("{} still on the way, which will be refused", count(contents.uploads, "file", "files")));
    }
    if contents.producing {
        lines.push("the production that is under way".to_owned());
    }
    if contents.text {
        lines.push("its text, with all that was reviewed".to_owned());
    }
    if contents.chapters > 0 {
        lines.push(count(contents.chapters, "chapter", "chapters"));
    }
    if contents.sample {
        lines.push("its sample".to_owned());
    }
    if contents.cover {
        lines.push("its cover".to_owned());
    }
    if contents.carts > 0 {
        lines.push(format!("its place in {}", count(contents.carts, "cart", "carts")));
    }
    lines.push("its description, price, people and categories".to_owned());
    lines
}

/// Bytes as people say them: `12 KB`, `4.2 GB`.
fn size(bytes: i64) -> String {
    let bytes = bytes.max(0);
    match bytes {
        0..1_000_000 => format!("{} KB", (bytes + 999) / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

#[component]
fn Confirm(id: Uuid, contents: DraftContents) -> impl IntoView {
    let delete = ServerAction::<DeleteDraft>::new();
    let lines = lines(&contents);
    view! {
        <Title text=format!("Delete {}", contents.title) />
        <Frame heading=format!("Delete “{}”?", contents.title)>
            <div class="panel mt-8 max-w-2xl p-5 sm:p-6">
                <p>"Nobody has bought this draft. With it goes:"</p>
                <ul class="mt-3 list-disc pl-5" data-testid="goes">
                    {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                </ul>
                <p class="mt-4 font-semibold">"This cannot be undone."</p>
                <ActionForm action=delete attr:class="mt-6 flex flex-col gap-4">
                    <FormError message=FormState::of(delete).refused() />
                    <input type="hidden" name="id" value=id.to_string() />
                    <div class="flex flex-wrap gap-3">
                        <button class="button" type="submit" disabled=move || delete.pending().get() data-testid="delete-draft">
                            "Delete the draft"
                        </button>
                        <a class="button button-quiet" href=paths::admin_title(id)>"Keep it"</a>
                    </div>
                </ActionForm>
            </div>
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_is_named_and_nothing_else() {
        let bare = DraftContents {
            title: "Bare".to_owned(),
            files: 0,
            bytes: 0,
            text: false,
            chapters: 0,
            sample: false,
            cover: false,
            uploads: 0,
            producing: false,
            carts: 0,
        };
        assert_eq!(lines(&bare), ["its description, price, people and categories"]);
        let full = DraftContents { files: 2, bytes: 4_250_000_000, text: true, chapters: 1, uploads: 1, ..bare };
        assert_eq!(
            lines(&full)[..4],
            [
                "2 audio files (4.2 GB)",
                "1 file still on the way, which will be refused",
                "its text, with all that was reviewed",
                "1 chapter"
            ]
        );
        assert_eq!([size(1), size(1_500_000)], ["1 KB", "1.5 MB"]);
    }
}
