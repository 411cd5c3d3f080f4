//! The controls of the player, for the bar and for the page of a book.

use super::browser;
use super::playback_rate::{BACK_MS, ON_MS, Sleep, Speed};
use super::say::place_in_words;
use super::state::{Player, use_player};
use crate::components::icons::{Icon, PAUSE, PLAY};
use crate::components::text::clock;
use domain::transcript::Chapter;
use leptos::ev;
use leptos::prelude::*;

const BACK: &str = "M4 4v5h5M4.500 9a8.500 8.500 0 1 1-0.500 5";
const ON: &str = "M20 4v5h-5M19.500 9a8.500 8.500 0 1 0 0.500 5";

/// Starts and pauses.
#[component]
pub fn PlayButton(
    /// As the main control of a page, with its word beside it.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let player = use_player();
    let words = move || if player.playing.get() { "Pause" } else { "Play" };
    let kind = if large { "button min-w-32" } else { "button px-3" };
    view! {
        <button
            class=kind
            type="button"
            data-testid=move || if player.playing.get() { "pause" } else { "play" }
            on:click=move |_| player.toggle()
        >
            {move || if player.playing.get() { view! { <Icon path=PAUSE /> } } else { view! { <Icon path=PLAY /> } }}
            <span class:sr-only=!large>{words}</span>
        </button>
    }
}

/// Fifteen seconds back.
#[component]
pub fn BackButton() -> impl IntoView {
    let player = use_player();
    view! {
        <button class="button button-quiet px-2" type="button" data-testid="back-15" on:click=move |_| player.skip(-BACK_MS)>
            <Icon path=BACK />
            <span aria-hidden="true">"15"</span>
            <span class="sr-only">"15 seconds back"</span>
        </button>
    }
}

/// Thirty seconds on.
#[component]
pub fn OnButton() -> impl IntoView {
    let player = use_player();
    view! {
        <button class="button button-quiet px-2" type="button" data-testid="on-30" on:click=move |_| player.skip(ON_MS)>
            <span aria-hidden="true">"30"</span>
            <Icon path=ON />
            <span class="sr-only">"30 seconds on"</span>
        </button>
    }
}

/// The place in the book, to see and to change.
#[component]
pub fn SeekSlider() -> impl IntoView {
    let player = use_player();
    let duration_ms = Memo::new(move |_| player.duration_ms());
    // While the handle is held, the book plays on where it is; it moves when the handle is let go.
    let held = RwSignal::new(None);
    let shown = move || held.get().unwrap_or_else(|| player.at_ms.get());
    view! {
        <input
            class="range block"
            type="range"
            data-testid="seek"
            aria-label="Place in the book"
            min="0"
            max=move || duration_ms.get()
            step="1000"
            aria-valuetext=move || place_in_words(shown(), duration_ms.get())
            prop:value=move || {
                // The handle cannot stand beyond its end, so the end comes first.
                duration_ms.track();
                shown().to_string()
            }
            on:input=move |event: ev::Event| held.set(event_target_value(&event).parse().ok())
            on:change=move |event: ev::Event| {
                held.set(None);
                if let Ok(at_ms) = event_target_value(&event).parse() {
                    player.seek(at_ms);
                }
            }
        />
    }
}

/// How much was heard and how much is left, at the speed that is set.
#[component]
pub fn Times() -> impl IntoView {
    let player = use_player();
    let left_ms = move || player.speed.get().takes_ms(player.duration_ms() - player.at_ms.get());
    view! {
        <p class="flex justify-between gap-4 text-sm text-soft tabular-nums">
            <span data-testid="elapsed">
                <span class="sr-only">"Heard: "</span>
                {move || clock(player.at_ms.get())}
            </span>
            <span data-testid="time-left">
                {move || format!("{} left", clock(left_ms()))}
                <span class="sr-only">{move || format!(" at {} speed", player.speed.get().words())}</span>
            </span>
        </p>
    }
}

const SELECT: &str = "input w-auto min-w-0 py-1 text-sm";

/// How fast the book is read.
#[component]
pub fn SpeedMenu() -> impl IntoView {
    let player = use_player();
    let changed = move |event: ev::Event| {
        if let Ok(percent) = event_target_value(&event).parse() {
            player.set_speed(Speed::nearest(percent));
        }
    };
    view! {
        <label class="flex items-center gap-2 text-sm">
            <span>"Speed"</span>
            <select class=SELECT data-testid="speed" prop:value=move || player.speed.get().percent().to_string() on:change=changed>
                {Speed::STEPS
                    .into_iter()
                    .map(|step| {
                        let chosen = move || player.speed.get() == step;
                        view! { <option value=step.percent() selected=chosen>{step.words()}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// The chapters as a list to choose from; nothing when there are none.
#[component]
pub fn ChapterMenu(chapters: Vec<Chapter>) -> impl IntoView {
    let player = use_player();
    let here = Memo::new(move |_| player.chapter());
    let starts: Vec<_> = chapters.iter().map(|chapter| chapter.start_ms).collect();
    let changed = move |event: ev::Event| {
        let place = event_target_value(&event).parse().ok();
        if let Some(start_ms) = place.and_then(|place: usize| starts.get(place)) {
            player.seek(*start_ms);
        }
    };
    (!chapters.is_empty()).then(|| {
        view! {
            <label class="flex min-w-0 items-center gap-2 text-sm">
                <span>"Chapter"</span>
                <select
                    class=format!("{SELECT} max-w-56 truncate")
                    data-testid="chapters"
                    prop:value=move || here.get().map(|place| place.to_string()).unwrap_or_default()
                    on:change=changed
                >
                    {chapters
                        .into_iter()
                        .enumerate()
                        .map(|(place, chapter)| {
                            let chosen = move || here.get() == Some(place);
                            view! { <option value=place selected=chosen>{chapter.title}</option> }
                        })
                        .collect_view()}
                </select>
            </label>
        }
    })
}

/// When listening ends by itself.
#[component]
pub fn SleepMenu() -> impl IntoView {
    let player = use_player();
    let changed = move |event: ev::Event| player.sleep.set(sleep_for(player, &event_target_value(&event)));
    let set = Memo::new(move |_| player.sleep.get() != Sleep::Never);
    view! {
        <label class="flex items-center gap-2 text-sm">
            <span>"Sleep timer"</span>
            <select
                class=SELECT
                data-testid="sleep"
                prop:value=move || if set.get() { None } else { Some("") }
                on:change=changed
            >
                <option value="">"Off"</option>
                <option value="10">"10 minutes"</option>
                <option value="20">"20 minutes"</option>
                <option value="30">"30 minutes"</option>
                <option value="45">"45 minutes"</option>
                <option value="60">"1 hour"</option>
                <option value="chapter">"End of the chapter"</option>
            </select>
        </label>
    }
}

fn sleep_for(player: Player, choice: &str) -> Sleep {
    if choice == "chapter" {
        let chapter = untrack(|| player.chapter());
        let end = player.book.with_untracked(|book| {
            let book = book.as_ref()?;
            Some(
                chapter.and_then(|place| book.chapter(place)).map_or(book.timeline.duration_ms(), |found| found.end_ms),
            )
        });
        return end.map_or(Sleep::Never, Sleep::Place);
    }
    choice.parse().map_or(Sleep::Never, |minutes: i64| Sleep::At(browser::now_ms() + minutes * 60_000))
}

/// Whether single keys act anywhere on the page.
#[component]
pub fn KeysSwitch() -> impl IntoView {
    let player = use_player();
    view! {
        <label class="flex min-h-8 items-center gap-2 text-sm">
            <input
                class="size-4 accent-accent"
                type="checkbox"
                prop:checked=move || player.keys.get()
                on:change=move |event: ev::Event| player.set_keys(event_target_checked(&event))
            />
            <span>"Keys: Space plays, J and L go back and on, + and − set the speed"</span>
        </label>
    }
}

/// What keeps the book from playing, read out when it appears.
#[component]
pub fn Trouble() -> impl IntoView {
    let player = use_player();
    let words = move || match player.trouble.get() {
        Some(trouble) => trouble,
        None if player.waiting.get() => "Waiting for the network…",
        None => "",
    };
    view! { <p class="text-sm text-soft empty:hidden" role="status" data-testid="player-status">{words}</p> }
}
