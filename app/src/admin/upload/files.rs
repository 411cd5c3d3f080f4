//! The list of files: how far each is and all together, and the buttons to steer them.

use super::queue::{Queue, Row, State};
use super::throughput::{bytes, duration, percent};
use crate::paths;
use leptos::prelude::*;
use uuid::Uuid;

/// How far all files are, how fast it goes and how long it takes still.
#[component]
pub fn Summary(queue: Queue, audiobook: Option<Uuid>) -> impl IntoView {
    let (of_total, of_pace, of_titles, steered) = (queue.clone(), queue.clone(), queue.clone(), queue);
    let total = Memo::new(move |_| of_total.total(audiobook));
    let speed = move || {
        let (total, throughput) = (total.get(), of_pace.throughput.get());
        let (rate, left) = (throughput.rate()?, throughput.seconds_for(total.size - total.received)?);
        (total.open > 0).then(|| format!(" · {}/s · {} left", bytes(rate), duration(left)))
    };
    let line = move || {
        let total = total.get();
        let files = if total.files == 1 { "1 file".to_owned() } else { format!("{} files", total.files) };
        format!("{files} · {} of {} · {} %", bytes(total.received), bytes(total.size), total.percent())
    };
    let finished = move || {
        let total = total.get();
        let titles =
            if total.files > 0 && total.open == 0 && total.done > 0 { of_titles.titles(audiobook) } else { vec![] };
        let single = titles.len() == 1;
        // The page of the title itself shows what happens next.
        (audiobook.is_none() && !titles.is_empty()).then(|| {
            let links = titles.into_iter().map(|id| {
                view! { <a class="link" href=paths::admin_title(id)>{if single { "Watch the title take shape" } else { "Open the title" }}</a> }
            });
            view! { <p class="notice">"All files have arrived. " {links.collect_view()}</p> }
        })
    };
    let many = move || total.get().open > 1;
    let steered = StoredValue::new(steered);
    let pause_all = move |_| steered.with_value(|queue| queue.rows_of(audiobook).iter().for_each(pause));
    let go_on_with_all = move |_| steered.with_value(|queue| queue.rows_of(audiobook).iter().for_each(go_on));
    view! {
        <Show when=move || { total.get().files > 0 }>
            <div class="panel p-4 space-y-2" data-testid="upload-summary">
                <progress class="bar" max="100" value=move || total.get().percent() aria-label="All files"></progress>
                <p class="text-sm text-soft">{line} {speed.clone()}</p>
                <Show when=many>
                    <p class="flex gap-2">
                        <button type="button" class="button button-quiet button-small" on:click=pause_all>"Pause all"</button>
                        <button type="button" class="button button-quiet button-small" on:click=go_on_with_all>
                            "Go on with all"
                        </button>
                    </p>
                </Show>
                {finished.clone()}
            </div>
        </Show>
    }
}

/// One file.
#[component]
pub fn FileRow(row: Row) -> impl IntoView {
    let (state, received, size) = (row.state.clone(), row.received.clone(), row.size);
    let arrived = move || percent(received.get(), size);
    let words = {
        let (state, arrived, received) = (state.clone(), arrived.clone(), row.received.clone());
        move || match state.get() {
            State::Waiting => "Waits its turn".to_owned(),
            State::Sending => format!("{} %, {} of {}", arrived(), bytes(received.get()), bytes(size)),
            State::Unreachable => format!("{} %. The shop does not answer; it is asked again.", arrived()),
            State::Paused => format!("Paused at {} %", arrived()),
            State::Checking => "All there; the shop looks into it".to_owned(),
            State::Done => format!("Arrived, {}", bytes(size)),
            State::Refused(why) | State::Stopped(why) => why,
        }
    };
    let is_bad = {
        let state = state.clone();
        move || matches!(state.get(), State::Refused(_) | State::Stopped(_))
    };
    let shows_bar = {
        let state = state.clone();
        move || state.get().is_open()
    };
    let label = format!("{}, progress", row.name);
    view! {
        <li class="panel p-4 space-y-2" data-testid="upload-row" data-state={
            let state = state.clone();
            move || word(&state.get())
        }>
            <div class="flex flex-wrap items-center justify-between gap-2">
                <p class="min-w-0 break-words font-semibold">{row.path.clone()}</p>
                <Buttons row=row.clone() />
            </div>
            <Show when=shows_bar>
                <progress class="bar" max="100" value=arrived.clone() aria-label=label.clone()></progress>
            </Show>
            <p class="text-sm" class=("text-soft", { let is_bad = is_bad.clone(); move || !is_bad() }) class=("text-danger", is_bad)>{words}</p>
        </li>
    }
}

/// For tests and styles.
fn word(state: &State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Sending => "sending",
        State::Unreachable => "unreachable",
        State::Paused => "paused",
        State::Checking => "checking",
        State::Done => "done",
        State::Refused(_) => "refused",
        State::Stopped(_) => "stopped",
    }
}

#[component]
fn Buttons(row: Row) -> impl IntoView {
    let state = row.state.clone();
    let can_pause = {
        let state = state.clone();
        move || matches!(state.get(), State::Waiting | State::Sending | State::Unreachable)
    };
    let can_go_on = {
        let state = state.clone();
        move || state.get().can_go_on()
    };
    let can_remove = move || state.get() != State::Checking;
    let removing = move |of: &Row| if of.state.get().is_open() { "Cancel" } else { "Take off the list" };
    let (paused, resumed, removed) = (row.clone(), row.clone(), row);
    let name = removed.name.clone();
    view! {
        <div class="flex gap-2">
            <Show when=can_pause>
                <button type="button" class="button button-quiet button-small" aria-label=format!("Pause {}", paused.name) on:click={
                    let row = paused.clone();
                    move |_| pause(&row)
                }>"Pause"</button>
            </Show>
            <Show when=can_go_on>
                <button type="button" class="button button-small" aria-label=format!("Go on with {}", resumed.name) on:click={
                    let row = resumed.clone();
                    move |_| go_on(&row)
                }>"Go on"</button>
            </Show>
            <Show when=can_remove>
                <button type="button" class="button button-quiet button-small" on:click={
                    let row = removed.clone();
                    move |_| remove(&row)
                }>{ let row = removed.clone(); move || removing(&row) } <span class="sr-only">{format!(" {name}")}</span></button>
            </Show>
        </div>
    }
}

#[cfg(feature = "hydrate")]
use super::browser::{go_on, pause, remove};

/// Nothing is on its way on a server.
#[cfg(not(feature = "hydrate"))]
fn pause(_: &Row) {}

/// Nothing is on its way on a server.
#[cfg(not(feature = "hydrate"))]
fn go_on(_: &Row) {}

/// Nothing is on its way on a server.
#[cfg(not(feature = "hydrate"))]
fn remove(_: &Row) {}
