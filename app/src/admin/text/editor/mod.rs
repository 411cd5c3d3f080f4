//! The text of a title with its sound, edited sentence by sentence, a window at a time. What is shown stands in the address.

mod desk;
mod keys;
mod line;
mod sound;

use super::undo::{Undo, outcome_of, told};
use crate::admin::frame::Frame;
use crate::api::editing::{EditSentence, TextDesk, UndoEdit, text_desk};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::clock;
use crate::components::use_hydrated;
use crate::paths;
use desk::{Desk, focus_line, on_key};
use domain::transcript::moment;
use keys::LISTED;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};
use line::LineItem;
use sound::{Sound, SoundElement};
use uuid::Uuid;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    id: Uuid,
    from_ms: i64,
    /// The sentence that is open.
    edit: Option<Uuid>,
}

#[component]
pub fn EditorPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let from_ms = query.get_str("from").and_then(|from| from.parse().ok());
        Wanted {
            // No title has the nil id; the shop says so after it has asked who wants to know.
            id: params.read().get_str("id").and_then(|id| id.parse().ok()).unwrap_or_default(),
            from_ms: query.get_str("at").and_then(moment::read).or(from_ms).unwrap_or(0),
            edit: query.get_str("edit").and_then(|id| id.parse().ok()),
        }
    });
    let (edit, undo) = (ServerAction::<EditSentence>::new(), ServerAction::<UndoEdit>::new());
    let (open, sound, hydrated) = (RwSignal::new(wanted.get_untracked().edit), Sound::new(), use_hydrated());
    // The sentence that was edited last: the focus goes back to it.
    let edited = StoredValue::new(None::<Uuid>);
    let changes = RwSignal::new(0_u32);
    Effect::new(move |_| {
        edit.input().with(|input| {
            if let Some(input) = input {
                edited.set_value(Some(input.sentence));
            }
        });
    });
    // What was done last, in words.
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        // What was refused stays open, as it was typed.
        if let Some(Ok(edit)) = edit.value().get() {
            said.set(edit.map_or_else(|| "Nothing was another by it.".to_owned(), |edit| format!("{}.", told(&edit))));
            open.set(None);
            changes.update(|times| *times += 1);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(undone)) = undo.value().get() {
            said.set(outcome_of(&undone));
            changes.update(|times| *times += 1);
        }
    });
    let read = Resource::new(
        move || (wanted.get().id, wanted.get().from_ms, changes.get()),
        |(id, from_ms, _)| text_desk(id, from_ms),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    move |found| {
                        let Wanted { id, from_ms, .. } = wanted.get_untracked();
                        let desk = Desk { id, from_ms, edit, undo, open, sound, hydrated };
                        view! { <Sheet found desk edited said /> }
                    },
                )
            })}
        </Transition>
        <div class="page"><SoundElement sound /></div>
    }
}

#[component]
fn Sheet(
    found: TextDesk,
    desk: Desk,
    edited: StoredValue<Option<Uuid>>,
    /// What was done last, in words.
    said: RwSignal<String>,
) -> impl IntoView {
    let TextDesk { title, window, parts, duration_ms, last, .. } = found;
    desk.sound.holds(desk.id, &parts);
    Effect::new(move |_| {
        if let Some(id) = edited.get_value() {
            edited.set_value(None);
            request_animation_frame(move || focus_line(id));
        }
    });
    let lines = StoredValue::new(window.lines.clone());
    let last_id = last.as_ref().map(|edit| edit.id);
    let (before, after) = (window.before, window.after);
    let answer = FormState::of(desk.edit);
    let list = if window.lines.is_empty() {
        view! { <Empty title="No text here"><p>"It is here once the recording has been heard."</p></Empty> }.into_any()
    } else {
        view! {
            <ol class="space-y-1" data-testid="lines" on:keydown=move |event| on_key(desk, lines, last_id, &event)>
                {window
                    .lines
                    .into_iter()
                    .map(|line| view! { <LineItem desk line parts=parts.clone() /> })
                    .collect_view()}
            </ol>
        }
        .into_any()
    };
    view! {
        <Title text=format!("Edit the text of {title}") />
        <Frame heading=format!("Edit the text of “{title}”")>
            <p class="mt-2 max-w-prose text-soft">
                "Choose a sentence to change it. Readers, downloads and the sample have it at once, and it stays when a step of production is done again."
            </p>
            <p class="mt-2 flex flex-wrap gap-x-5 gap-y-1">
                <a class="link" href=paths::admin_title(desk.id)>"Back to the title"</a>
                <a class="link" href=paths::admin_text(desk.id, "doubtful", 1)>"Places to review"</a>
                <a class="link" href=paths::admin_replace(desk.id)>"Find and replace"</a>
                <a class="link" href=paths::admin_chapters(desk.id)>"Chapters"</a>
            </p>
            <Shortcuts />
            <GoTo desk duration_ms />
            <div class="mt-6 space-y-2">
                <Undo id=desk.id last undo=desk.undo from_ms=desk.from_ms />
                <p class="text-sm text-soft empty:hidden" role="status" data-testid="undone">{said}</p>
                <FormError message=answer.refused() />
            </div>
            <h2 class="sr-only">"Sentences"</h2>
            <div class="mt-4">{list}</div>
            <Around desk before after />
        </Frame>
    }
}

/// The keys with what they do.
#[component]
fn Shortcuts() -> impl IntoView {
    let row = |(keys, words): (&'static str, &'static str)| {
        view! {
            <dt><kbd class="font-sans font-semibold">{keys}</kbd></dt>
            <dd>{words}</dd>
        }
    };
    view! {
        <details class="mt-4 max-w-prose" data-testid="shortcuts">
            <summary class="link inline-flex min-h-6 items-center">"Keys"</summary>
            <p class="mt-2 text-sm text-soft">"They count while a sentence of the list has the focus."</p>
            <dl class="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
                {LISTED.into_iter().map(row).collect_view()}
            </dl>
        </details>
    }
}

/// Going to a moment of the book.
#[component]
fn GoTo(desk: Desk, duration_ms: i64) -> impl IntoView {
    let hint = format!("Of {}, such as 1:02:03.", clock(duration_ms));
    let here = format!("/admin/titles/{}/editor", desk.id);
    view! {
        <Form action=here method="get" attr:class="mt-6 flex flex-wrap items-end gap-3">
            <div>
                <label class="text-sm font-semibold" for="go-to">"Go to"</label>
                <input
                    class="input mt-1 w-36"
                    id="go-to"
                    name="at"
                    inputmode="decimal"
                    autocomplete="off"
                    value=moment::written(desk.from_ms)
                    aria-describedby="go-to-hint"
                />
            </div>
            <button class="button button-quiet" type="submit">"Show"</button>
            <p class="basis-full text-sm text-soft" id="go-to-hint">{hint}</p>
        </Form>
    }
}

/// The ways to the sentences before and after.
#[component]
fn Around(desk: Desk, before: Option<i64>, after: Option<i64>) -> impl IntoView {
    let way = |to: Option<i64>, words: &'static str, rel: &'static str| {
        to.map(|from_ms| {
            view! { <a class="button button-quiet" rel=rel href=paths::admin_editor(desk.id, from_ms)>{words}</a> }
        })
    };
    view! {
        <nav class="mt-6 flex flex-wrap gap-3" aria-label="More sentences">
            {way(before, "Earlier sentences", "prev")} {way(after, "Later sentences", "next")}
        </nav>
    }
}
