//! The bar at the foot of every page while a book is at hand, and the sound itself.

use super::controls::*;
use super::state::{Book, use_player};
use crate::components::books::Cover;
use crate::components::icons::Icon;
use crate::components::picture::SMALL;
use crate::components::text::names;
use crate::paths;
use leptos::prelude::*;
use std::sync::Arc;

const CLOSE: &str = "M6 6l12 12M18 6L6 18";
const MORE: &str = "M6 15l6-6l6 6";

/// The player's bar. It is empty until a book was opened, and on that book's own page, which has all controls itself.
#[component]
pub fn PlayerBar() -> impl IntoView {
    let player = use_player();
    let shown = Memo::new(move |_| {
        let stage = player.stage.get();
        player.book.with(|book| book.as_ref().map(|book| book.facts.summary.id).filter(|id| stage != Some(*id)))
    });
    let paused = move |_| {
        // Where a file ends or fails, a browser says "pause" as well; the player then knows better what comes next.
        let troubled = player.trouble.with_untracked(Option::is_some);
        if !troubled && player.audio.get_untracked().is_some_and(|audio| audio.paused() && !audio.ended()) {
            player.stopped();
        }
    };
    view! {
        <audio
            class="hidden"
            preload="none"
            node_ref=player.audio
            on:loadedmetadata=move |_| player.loaded()
            on:timeupdate=move |_| player.advanced()
            on:playing=move |_| player.sounds()
            on:play=move |_| player.playing.set(true)
            on:pause=paused
            on:waiting=move |_| player.waiting.set(player.playing.get_untracked())
            on:ended=move |_| player.ended()
            on:error=move |_| player.failed()
        ></audio>
        <audio class="hidden" preload="none" muted node_ref=player.ahead></audio>
        {move || shown.get().and_then(|_| player.book.get_untracked()).map(|book| view! { <Bar book /> })}
    }
}

#[component]
fn Bar(book: Arc<Book>) -> impl IntoView {
    let player = use_player();
    let open = RwSignal::new(false);
    let summary = book.facts.summary.clone();
    let chapters = book.facts.chapters.clone();
    let page = paths::library_book(&summary.slug);
    let subtitle = {
        let (book, authors) = (book.clone(), names(&summary.authors));
        let chapter = Memo::new(move |_| player.chapter());
        move || chapter.get().and_then(|place| book.chapter(place)).map_or(authors.clone(), |found| found.title.clone())
    };
    view! {
        <section
            class="sticky bottom-0 z-30 border-t border-line bg-raised shadow-lg print:hidden"
            aria-label="Player"
            data-testid="player-bar"
        >
            <div class="page py-2">
                <SeekSlider />
                <div class="flex flex-wrap items-center gap-2 sm:flex-nowrap sm:gap-3">
                    <div class="hidden w-11 shrink-0 sm:block"><Cover art=&summary sizes=SMALL /></div>
                    <div class="min-w-0 basis-full leading-tight sm:flex-1 sm:basis-0">
                        <a class="block truncate font-serif leading-6 font-semibold hover:underline" href=page>{summary.title}</a>
                        <p class="truncate text-sm text-soft">{subtitle}</p>
                    </div>
                    <BackButton />
                    <PlayButton />
                    <OnButton />
                    <button
                        class="button button-quiet ml-auto px-2 sm:ml-0"
                        type="button"
                        aria-expanded=move || open.get().to_string()
                        aria-controls="player-more"
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        <Icon path=MORE />
                        <span class="sr-only">"More controls"</span>
                    </button>
                    <button class="button button-quiet px-2" type="button" data-testid="close-player" on:click=move |_| player.close()>
                        <Icon path=CLOSE />
                        <span class="sr-only">"Close the player"</span>
                    </button>
                </div>
                <div class="mt-1"><Times /></div>
                <Trouble />
                <div class="mt-2 flex flex-wrap items-center gap-x-5 gap-y-2 pb-1" id="player-more" class:hidden=move || !open.get()>
                    <SpeedMenu />
                    <ChapterMenu chapters />
                    <SleepMenu />
                    <KeysSwitch />
                </div>
            </div>
        </section>
    }
}
