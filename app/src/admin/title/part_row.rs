//! One part of a title.

use super::parts::Desk;
use crate::admin::named::Shift;
use crate::admin::upload::ReplaceButton;
use crate::admin::upload::throughput::bytes;
use crate::components::text::clock;
use crate::components::use_hydrated;
use domain::production::{CopyView, PartView};
use leptos::ev::DragEvent;
use leptos::prelude::*;

/// What is said of the copy for players; nothing where there is nothing to say.
fn about_copy(copy: &CopyView) -> Option<String> {
    match copy {
        CopyView::NotNeeded => None,
        CopyView::Waiting => {
            Some("A copy that every browser plays is to be made. Until then the recording itself is played.".to_owned())
        }
        CopyView::Made => {
            Some("Players get a copy that every browser plays; the download is the recording as it came.".to_owned())
        }
        CopyView::Failed(why) => {
            Some(format!("No copy for players can be made. {why} The recording itself is played."))
        }
    }
}

#[component]
pub fn PartRow(part: PartView, place: usize, last: bool, alone: bool, desk: Desk) -> impl IntoView {
    let hydrated = use_hydrated();
    let (id, version) = (part.id, desk.version);
    let name = part.file_name.clone();
    let hidden = move || {
        view! {
            <input type="hidden" name="id" value=desk.id.to_string() />
            <input type="hidden" name="part" value=id.to_string() />
            <input type="hidden" name="version" value=version.to_string() />
        }
    };
    let is_over = move || desk.over.get() == Some(place) && desk.held.get().is_some_and(|held| held != place);
    #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    let size = bytes(part.size as f64);
    view! {
        <li
            class="flex flex-wrap items-center gap-x-4 gap-y-2 py-3"
            class=("bg-accent-tint", is_over)
            class=("cursor-grab", move || hydrated.get())
            draggable=move || if hydrated.get() && !alone { "true" } else { "false" }
            data-testid="part"
            on:dragstart=move |event| {
                begin_drag(&event);
                desk.held.set(Some(place));
            }
            on:dragend=move |_| {
                desk.held.set(None);
                desk.over.set(None);
            }
            on:dragover=move |event| {
                if desk.held.get_untracked().is_some() {
                    event.prevent_default();
                    desk.over.set(Some(place));
                }
            }
            on:drop=move |event| {
                if desk.held.get_untracked().is_some() {
                    event.prevent_default();
                    desk.drop_at(place);
                }
            }
        >
            <div class="min-w-0 flex-1 basis-52">
                <p>
                    <span class="tabular-nums text-soft">{place + 1} ". "</span>
                    <span class="font-semibold break-all">{part.file_name}</span>
                </p>
                <p class="text-sm text-soft tabular-nums">{clock(part.duration_ms)} " · " {size}</p>
                {part.coming.map(|coming| view! { <p class="text-sm">{format!("{coming} is to take its place.")}</p> })}
                {about_copy(&part.copy).map(|about| view! { <p class="text-sm text-soft" data-testid="copy">{about}</p> })}
            </div>
            <div class="flex shrink-0 flex-wrap gap-2">
                <Shift action=desk.shift up=true name=name.clone() disabled=place == 0>{hidden()}</Shift>
                <Shift action=desk.shift up=false name=name.clone() disabled=last>{hidden()}</Shift>
                <span class:hidden=move || !hydrated.get()>
                    <ReplaceButton audiobook=desk.id part=id name=name.clone() />
                </span>
            </div>
            {(!alone)
                .then(|| {
                    view! {
                        <details class="w-full">
                            <summary class="link inline-flex min-h-6 items-center text-sm">
                                "Remove"<span class="sr-only">{format!(" {name}")}</span>
                            </summary>
                            <p class="mt-2 text-sm">
                                "Its text goes with it, also what was put right by hand. Whoever bought the title keeps it, and goes on with the next part."
                            </p>
                            <ActionForm action=desk.remove attr:class="mt-2">
                                {hidden()}
                                <button
                                    class="button button-quiet button-small"
                                    type="submit"
                                    disabled=move || desk.remove.pending().get()
                                    data-testid="remove-part"
                                >
                                    "Remove this part"
                                </button>
                            </ActionForm>
                        </details>
                    }
                })}
        </li>
    }
}

/// Firefox drags only what brings something along.
#[cfg(feature = "hydrate")]
fn begin_drag(event: &DragEvent) {
    if let Some(transfer) = event.data_transfer() {
        transfer.set_data("text/plain", "").ok();
        transfer.set_effect_allowed("move");
    }
}

/// Nothing is dragged on a server.
#[cfg(not(feature = "hydrate"))]
fn begin_drag(_: &DragEvent) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_recording_that_every_browser_plays_nothing_is_said() {
        assert_eq!(about_copy(&CopyView::NotNeeded), None);
        let failed = about_copy(&CopyView::Failed("It is damaged.".to_owned())).unwrap();
        assert!(failed.contains("It is damaged. The recording itself"), "{failed}");
    }
}
