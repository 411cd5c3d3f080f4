//! The chapters of a title: added, moved, renamed, removed, or taken from the headings that are spoken.

use super::headings::Headings;
use super::hear::Hear;
use super::undo::{Undo, outcome_of};
use crate::admin::frame::Frame;
use crate::api::chapters::{AddChapter, ChangeChapter, Contents, TakeHeadings, kept_chapters};
use crate::api::editing::UndoEdit;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{clock, count};
use crate::paths;
use domain::transcript::edits::KeptChapter;
use domain::transcript::{ChapterSource, moment};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// Heard of a chapter, in milliseconds: enough to tell whether it begins here.
const HEARD_MS: i64 = 8_000;

/// What is done to chapters.
#[derive(Clone, Copy)]
struct Deeds {
    add: ServerAction<AddChapter>,
    change: ServerAction<ChangeChapter>,
    take: ServerAction<TakeHeadings>,
    undo: ServerAction<UndoEdit>,
}

#[component]
pub fn ChaptersPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| id.parse::<Uuid>().ok()).unwrap_or_default());
    let deeds = Deeds {
        add: ServerAction::new(),
        change: ServerAction::new(),
        take: ServerAction::new(),
        undo: ServerAction::new(),
    };
    let changes = RwSignal::new(0_u32);
    // What was undone last, in words.
    let said = RwSignal::new(String::new());
    // What was refused stays on the page as it was typed.
    let again = move |done: bool| {
        if done {
            said.set(String::new());
            changes.update(|times| *times += 1);
        }
    };
    Effect::new(move |_| again(deeds.add.value().with(|value| matches!(value, Some(Ok(_))))));
    Effect::new(move |_| again(deeds.change.value().with(|value| matches!(value, Some(Ok(_))))));
    Effect::new(move |_| again(deeds.take.value().with(|value| matches!(value, Some(Ok(_))))));
    Effect::new(move |_| {
        if let Some(Ok(undone)) = deeds.undo.value().get() {
            again(true);
            said.set(outcome_of(&undone));
        }
    });
    let headings = Memo::new(move |_| query.read().get_str("headings").is_some());
    let read = Resource::new(
        move || (id.get(), headings.get(), changes.get()),
        |(id, headings, _)| kept_chapters(id, headings),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    move |contents| {
                        let at = query.read_untracked().get_str("at").and_then(|at| at.parse::<i64>().ok());
                        view! { <Sheet id=id.get_untracked() contents deeds at said /> }
                    },
                )
            })}
        </Transition>
    }
}

#[component]
fn Sheet(
    id: Uuid,
    contents: Contents,
    deeds: Deeds,
    at: Option<i64>,
    /// What was undone last, in words.
    said: RwSignal<String>,
) -> impl IntoView {
    let Contents { title, kept, duration_ms, parts, last, spoken } = contents;
    let number = kept.chapters.len();
    let held = match number {
        0 => "This title has no chapters yet.".to_owned(),
        number => format!("{}. Each ends where the next one begins.", count(number as u64, "chapter", "chapters")),
    };
    let seen = kept.seen.clone();
    let headings = match spoken {
        Some(spoken) => view! { <Headings id spoken seen=seen.clone() take=deeds.take /> }.into_any(),
        None => {
            let look = paths::admin_headings(id);
            view! { <p class="mt-6"><a class="link" href=look>"Look for headings that are spoken"</a></p> }.into_any()
        }
    };
    let by_hand = kept.chapters.iter().any(|chapter| chapter.source == ChapterSource::Admin);
    let only = number == 1;
    view! {
        <Title text=format!("Chapters of {title}") />
        <Frame heading=format!("Chapters of “{title}”")>
            <p class="mt-2 max-w-prose text-soft">
                {if by_hand {
                    "They are kept by hand: no step of production writes over them."
                } else {
                    "They were found by the shop. Once you change one, no step of production writes over them."
                }}
            </p>
            <p class="mt-2 flex flex-wrap gap-x-5 gap-y-1">
                <a class="link" href=paths::admin_title(id)>"Back to the title"</a>
                <a class="link" href=paths::admin_editor(id, 0)>"Edit the text"</a>
            </p>
            <div class="mt-6 space-y-2">
                <Undo id last undo=deeds.undo chapters=true />
                <p class="text-sm text-soft empty:hidden" role="status" data-testid="undone">{said}</p>
                <FormError message=FormState::of(deeds.change).refused() />
                <FormError message=FormState::of(deeds.take).refused() />
            </div>
            <p class="mt-6 text-soft" data-testid="chapters-said">{held}</p>
            <ol class="mt-3 space-y-3" data-testid="kept-chapters">
                {kept
                    .chapters
                    .into_iter()
                    .map(|chapter| view! { <ChapterItem id chapter seen=seen.clone() parts=parts.clone() deeds only /> })
                    .collect_view()}
            </ol>
            {headings}
            <New id seen=kept.seen deeds duration_ms at />
        </Frame>
    }
}

#[component]
fn ChapterItem(
    id: Uuid,
    chapter: KeptChapter,
    seen: String,
    parts: Vec<i64>,
    deeds: Deeds,
    only: bool,
) -> impl IntoView {
    let KeptChapter { id: own, title, start_ms, end_ms, .. } = chapter;
    let (title_id, start_id) = (format!("title-{own}"), format!("start-{own}"));
    let about = format!(" the chapter {title}");
    view! {
        <li class="panel p-4" data-testid="kept-chapter">
            <ActionForm action=deeds.change attr:class="flex flex-wrap items-end gap-3">
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="chapter" value=own.to_string() />
                <input type="hidden" name="seen" value=seen />
                <div>
                    <label class="text-sm font-semibold" for=start_id.clone()>"Begins at"</label>
                    <input
                        class="input mt-1 w-36 tabular-nums"
                        id=start_id
                        name="start"
                        required
                        autocomplete="off"
                        inputmode="decimal"
                        value=moment::written(start_ms)
                    />
                </div>
                <div class="min-w-0 flex-1 basis-60">
                    <label class="text-sm font-semibold" for=title_id.clone()>"Name"</label>
                    <input class="input mt-1" id=title_id name="title" required maxlength="300" autocomplete="off" value=title />
                </div>
                <button class="button button-small" type="submit" name="change" value="save">
                    "Save"
                    <span class="sr-only">{about.clone()}</span>
                </button>
                {(!only)
                    .then(|| {
                        view! {
                            <button class="button button-quiet button-small" type="submit" name="change" value="remove" formnovalidate>
                                "Remove"
                                <span class="sr-only">{about}</span>
                            </button>
                        }
                    })}
            </ActionForm>
            <div class="mt-3 flex flex-wrap items-center gap-3">
                <Hear id parts start_ms end_ms=end_ms.min(start_ms + HEARD_MS) />
                <a class="link text-sm" href=paths::admin_editor(id, start_ms)>
                    "The text here"
                    <span class="sr-only">{format!(" at {}", clock(start_ms))}</span>
                </a>
                <span class="text-sm text-soft tabular-nums">{format!("ends at {}", clock(end_ms))}</span>
            </div>
        </li>
    }
}

#[component]
fn New(id: Uuid, seen: String, deeds: Deeds, duration_ms: i64, at: Option<i64>) -> impl IntoView {
    let answer = FormState::of(deeds.add);
    answer.focus_refused();
    let hint = format!("Such as 1:02:03.5; the book lasts {}.", clock(duration_ms));
    view! {
        <section class="panel mt-8 p-5" id="new-chapter" aria-labelledby="new-chapter-heading">
            <h2 class="text-xl" id="new-chapter-heading">"New chapter"</h2>
            <ActionForm action=deeds.add attr:class="mt-4 flex max-w-xl flex-col gap-4">
                <FormError message=answer.on_form(&["title", "start"]) />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="seen" value=seen />
                <Field
                    name="start"
                    label="Begins at"
                    inputmode="decimal"
                    hint=hint
                    value=at.map(moment::written).unwrap_or_default()
                    error=answer.on_field("start")
                />
                <Field name="title" label="Name" maxlength="300" error=answer.on_field("title") />
                <button class="button w-fit" type="submit" disabled=move || deeds.add.pending().get()>"Add"</button>
            </ActionForm>
        </section>
    }
}
