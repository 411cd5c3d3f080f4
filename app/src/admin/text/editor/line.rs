//! One sentence of the text that is edited: as it is read, and opened as a form.

use super::desk::Desk;
use crate::admin::text::hear::Hear;
use crate::components::icons::{Icon, PLAY};
use crate::components::text::clock;
use crate::paths;
use domain::transcript::Standing;
use domain::transcript::edits::Line;
use leptos::ev;
use leptos::prelude::*;

/// Longest stretch that a speaker is given at once.
const MOST_SPOKEN: &str = "200";

#[component]
pub fn LineItem(desk: Desk, line: Line, parts: Vec<i64>) -> impl IntoView {
    let Line { id, start_ms, end_ms, standing, .. } = line;
    let at = clock(start_ms);
    let open = Memo::new(move |_| desk.open.get() == Some(id));
    let lit = Memo::new(move |_| desk.sound.at.get().is_some_and(|at| (start_ms..end_ms).contains(&at)));
    let speaker =
        line.speaker.clone().map(|name| view! { <span class="font-sans text-sm font-semibold">{name} ": "</span> });
    let badge = (standing != Standing::Heard || line.by_hand).then(|| {
        let words = if standing == Standing::Heard { "By hand" } else { standing.words() };
        view! { <span class="rounded-full border border-line-strong px-2 py-0.5 text-xs font-semibold">{words}</span> }
    });
    let edit_address = paths::admin_editor_at(desk.id, desk.from_ms, id);
    let on_click = move |event: ev::MouseEvent| {
        event.prevent_default();
        desk.toggle(id);
    };
    let text = line.text.clone();
    let dropped = standing == Standing::Dropped;
    view! {
        <li
            class="scroll-mt-24 rounded border-l-4 border-transparent px-3 py-2 data-[lit]:border-accent data-[lit]:bg-accent-tint"
            id=format!("line-{id}")
            data-line=id.to_string()
            data-testid="line"
            data-standing=standing.words()
            data-lit=move || lit.get().then_some("")
        >
            <div class="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3">
                <button
                    class="button button-quiet button-small px-2"
                    class:invisible=move || !desk.hydrated.get()
                    type="button"
                    on:click=move |_| desk.sound.toggle(start_ms)
                >
                    <Icon path=PLAY />
                    <span class="sr-only">{format!("Play or pause at {at}")}</span>
                </button>
                <a
                    class="font-serif hover:underline"
                    class:line-through=dropped
                    class:text-soft=dropped
                    href=edit_address
                    aria-expanded=move || open.get().to_string()
                    data-testid="line-text"
                    on:click=on_click
                >
                    <span class="mr-2 font-sans text-sm text-soft tabular-nums">{at.clone()}</span>
                    " "
                    {speaker}
                    {text}
                </a>
                <span>{badge}</span>
            </div>
            {move || {
                let (line, parts) = (line.clone(), parts.clone());
                open.get().then(|| view! { <LineForm desk line parts /> })
            }}
        </li>
    }
}

#[component]
fn LineForm(desk: Desk, line: Line, parts: Vec<i64>) -> impl IntoView {
    let Line { id, version, start_ms, end_ms, text, heard, doubt, standing, speaker, .. } = line;
    let at = clock(start_ms);
    let (text_id, speaker_id, reach_id) = (format!("text-{id}"), format!("speaker-{id}"), format!("reach-{id}"));
    let hint = format!("hint-{id}");
    let why = doubt.map(|doubt| view! { <p class="text-sm text-soft">{doubt.words()} "."</p> });
    let (spoken, spoken_words) =
        if standing == Standing::Dropped { ("restore", "Spoken after all") } else { ("drop", "Not spoken") };
    let on_close = move |event: ev::MouseEvent| {
        event.prevent_default();
        desk.close(id);
    };
    view! {
        <div class="panel mt-2 space-y-3 p-4" data-testid="line-form">
            <div class="flex flex-wrap items-center gap-3"><Hear id=desk.id parts start_ms end_ms /></div>
            <ActionForm action=desk.edit attr:class="space-y-3">
                <input type="hidden" name="id" value=desk.id.to_string() />
                <input type="hidden" name="sentence" value=id.to_string() />
                <input type="hidden" name="version" value=version.to_string() />
                <input type="hidden" name="from" value=desk.from_ms.to_string() />
                <div>
                    <label class="text-sm font-semibold" for=text_id.clone()>{format!("What is said at {at}")}</label>
                    <textarea
                        class="input mt-1 min-h-20 font-serif"
                        id=text_id
                        name="text"
                        rows="3"
                        maxlength="2000"
                        required
                        aria-describedby=hint.clone()
                    >
                        {text}
                    </textarea>
                    <p class="mt-1 text-sm text-soft" id=hint>
                        "A line break ends a sentence: what follows becomes one of its own. Words that you leave keep their times."
                    </p>
                </div>
                {heard.map(|heard| view! { <p class="text-sm text-soft">"Heard as: " {heard}</p> })}
                {why}
                <div class="flex flex-wrap gap-3">
                    <div class="min-w-0 flex-1 basis-48">
                        <label class="text-sm font-semibold" for=speaker_id.clone()>"Speaker"</label>
                        <input
                            class="input mt-1"
                            id=speaker_id
                            name="speaker"
                            maxlength="100"
                            autocomplete="off"
                            value=speaker.unwrap_or_default()
                        />
                    </div>
                    <div>
                        <label class="text-sm font-semibold" for=reach_id.clone()>"For how many sentences"</label>
                        <input
                            class="input mt-1 w-28"
                            id=reach_id
                            name="reach"
                            type="number"
                            min="1"
                            max=MOST_SPOKEN
                            value="1"
                        />
                    </div>
                </div>
                <div class="flex flex-wrap items-center gap-3">
                    <button class="button button-small" type="submit" name="change" value="save" data-testid="save-line">
                        "Save"
                        <span class="sr-only">{format!(" the sentence at {at}")}</span>
                    </button>
                    <button class="button button-quiet button-small" type="submit" name="change" value="join" formnovalidate>
                        "Join with the next"
                        <span class="sr-only">{format!(", the sentence at {at}")}</span>
                    </button>
                    <button class="button button-quiet button-small" type="submit" name="change" value=spoken formnovalidate>
                        {spoken_words}
                        <span class="sr-only">{format!(", the sentence at {at}")}</span>
                    </button>
                    <a class="link text-sm" href=paths::admin_chapters_at(desk.id, start_ms)>"Begin a chapter here"</a>
                    <a class="link text-sm" href=paths::admin_editor(desk.id, desk.from_ms) on:click=on_close>"Close"</a>
                </div>
            </ActionForm>
        </div>
    }
}
