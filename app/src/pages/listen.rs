//! One of one's own books: hearing it, reading along, taking it away.

use crate::AppError;
use crate::api::account::use_viewer;
use crate::api::library::listening;
use crate::components::books::Cover;
use crate::components::failure::{and_back, outcome};
use crate::components::picture::LARGE;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{clock, length, names};
use crate::components::use_hydrated;
use crate::pages::said::FindInBook;
use crate::paths;
use crate::player::controls::*;
use crate::player::read_along::ReadAlong;
use crate::player::{Player, use_player};
use domain::catalog::TextRights;
use domain::listening::{COPY_TYPE, Listening, Part};
use domain::transcript::Chapter;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ListenPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned());
    let read = Resource::new(move || slug.get(), listening);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                match read.await {
                    Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                    read => outcome(read, |listening| view! { <Listen listening /> }),
                }
            })}
        </Transition>
    }
}

/// The book of this page and the player, which may hold another one.
#[derive(Clone, Copy)]
struct Stage {
    player: Player,
    listening: StoredValue<Listening>,
}

impl Stage {
    fn is_held(self) -> bool {
        self.listening.with_value(|listening| self.player.holds(listening.summary.id))
    }

    /// Plays this book, from a place of it in milliseconds or from where it was left.
    fn play(self, from_ms: Option<i64>) {
        self.player.open(self.listening.get_value());
        if let Some(from_ms) = from_ms {
            self.player.seek(from_ms);
        }
        self.player.play();
    }
}

#[component]
fn Listen(listening: Listening) -> impl IntoView {
    let player = use_player();
    let stage = Stage { player, listening: StoredValue::new(listening.clone()) };
    let summary = listening.summary.clone();
    let asked = |name: &str| {
        use_query_map().with_untracked(|query| query.get_str(name).and_then(|place| place.parse::<i64>().ok()))
    };
    // `at` is heard, `from` is only read.
    let at_ms = asked("at").map(|at_ms| at_ms.clamp(0, summary.duration_ms.max(0)));
    let from_ms = at_ms.or(asked("from")).unwrap_or(listening.position.position_ms);
    take_the_stage(stage, at_ms);
    let parts = listening.parts.clone();
    let downloads = listening.clone();
    let chapters = listening.chapters.clone();
    let find = listening
        .has_transcript
        .then(|| view! { <FindInBook slug=summary.slug.clone() play_from=move |at_ms| stage.play(Some(at_ms)) /> });
    let text = if listening.has_transcript {
        view! { <ReadAlong listening from_ms play_from=move |at_ms| stage.play(Some(at_ms)) /> }.into_any()
    } else {
        let words = match listening.text_rights {
            TextRights::None => {
                "The publisher keeps the text of this book to itself, so there is nothing to read along."
            }
            TextRights::ReadAlong | TextRights::Download => "The transcript of this book is not ready yet.",
        };
        view! {
            <section>
                <h2 class="text-xl">"Read along"</h2>
                <p class="mt-3 text-soft">{words}</p>
            </section>
        }
        .into_any()
    };
    let narrators = (!summary.narrators.is_empty()).then(|| format!("Read by {}", names(&summary.narrators)));
    view! {
        <Title text=summary.title.clone() />
        <article class="page py-8 sm:py-12">
            <header class="grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-x-5 sm:grid-cols-[10rem_minmax(0,1fr)] sm:gap-x-8">
                <div><Cover art=&summary sizes=LARGE main=true /></div>
                <div>
                    <h1 class="text-2xl sm:text-4xl">{summary.title}</h1>
                    <p class="mt-2 sm:text-lg">{names(&summary.authors)}</p>
                    <p class="text-soft">{narrators}</p>
                    <p class="mt-1 text-sm text-soft">
                        {length(summary.duration_ms)} " · "
                        <a class="link" href=paths::book(&summary.slug)>"About this book"</a>
                    </p>
                </div>
            </header>
            <Controls stage parts at_ms />
            {find}
            <div class="mt-10 grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
                {text}
                <div class="flex flex-col gap-10">
                    <Chapters stage chapters />
                    <Downloads listening=downloads />
                </div>
            </div>
        </article>
    }
}

/// Opens the book in the player, unless another one plays, and keeps the bar away while its page is open. Plays it from a
/// place, in milliseconds, whatever else plays, when that is what the address asks for.
fn take_the_stage(stage: Stage, at_ms: Option<i64>) {
    let Stage { player, listening } = stage;
    let id = listening.with_value(|listening| listening.summary.id);
    let viewer = use_viewer();
    Effect::new(move |before: Option<bool>| {
        player.stage.set(Some(id));
        // Places are kept by person, so it has to be known who listens.
        let known = viewer.user.with(|user| matches!(user, Some(Ok(Some(_)))));
        if known && before != Some(true) && (at_ms.is_some() || !player.playing.get_untracked()) {
            // The player learns who listens in an effect of its own, which comes first in this or the next turn.
            request_animation_frame(move || {
                let Some(listening) = listening.try_get_value() else { return };
                player.open(listening);
                if let Some(at_ms) = at_ms {
                    player.seek(at_ms);
                    player.play();
                }
            });
        }
        known
    });
    on_cleanup(move || {
        player.stage.try_update(|stage| {
            if *stage == Some(id) {
                *stage = None;
            }
        });
    });
}

/// All controls, in sight while one reads. Without JavaScript the browser's own player for each part.
#[component]
fn Controls(
    stage: Stage,
    parts: Vec<Part>,
    /// Where to begin, in milliseconds, when the address says so.
    at_ms: Option<i64>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let chapters = stage.listening.with_value(|listening| listening.chapters.clone());
    let held = Memo::new(move |_| hydrated.get() && stage.is_held());
    let other = Memo::new(move |_| hydrated.get() && !stage.is_held());
    view! {
        <section
            class="panel top-2 z-20 mt-6 p-3 shadow-sm sm:p-5 print:hidden"
            class:sticky=move || hydrated.get()
            aria-label="Player"
            data-testid="player"
        >
            {move || (!hydrated.get()).then(|| view! { <Plain parts=parts.clone() at_ms /> })}
            {move || {
                other
                    .get()
                    .then(|| {
                        view! {
                            <button class="button min-w-44" type="button" data-testid="play-this" on:click=move |_| stage.play(None)>
                                "Play this book"
                            </button>
                        }
                    })
            }}
            {move || {
                held.get()
                    .then(|| {
                        view! {
                            <SeekSlider />
                            <Times />
                            <div class="mt-2 flex flex-wrap items-center justify-center gap-3">
                                <BackButton />
                                <PlayButton large=true />
                                <OnButton />
                            </div>
                            <Trouble />
                            <details class="mt-2">
                                <summary class="link flex min-h-8 w-fit items-center text-sm">"Speed and more"</summary>
                                <div class="mt-2 flex flex-wrap items-center gap-x-6 gap-y-2">
                                    <SpeedMenu />
                                    <ChapterMenu chapters=chapters.clone() />
                                    <SleepMenu />
                                    <KeysSwitch />
                                </div>
                            </details>
                        }
                    })
            }}
        </section>
    }
}

/// The address of the sound of a part, from the place in it where the book is to begin, if that is there (Media Fragments URI
/// 1.0).
fn from_place(address: String, part: &Part, at_ms: Option<i64>) -> String {
    let within = at_ms.map(|at_ms| at_ms - part.start_ms).filter(|within| (1..part.duration_ms).contains(within));
    match within {
        Some(within) => format!("{address}#t={}.{:03}", within / 1000, within % 1000),
        None => address,
    }
}

/// A browser's own player for each part.
#[component]
fn Plain(parts: Vec<Part>, at_ms: Option<i64>) -> impl IntoView {
    let several = parts.len() > 1;
    view! {
        <ol class="flex flex-col gap-3">
            {parts
                .into_iter()
                .map(|part| {
                    let name = format!("Part {}", part.position + 1);
                    view! {
                        <li>
                            {several.then(|| view! { <p class="text-sm font-semibold">{name.clone()}</p> })}
                            <PartAudio name part at_ms />
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}

/// The browser's own player of a part. Where there is a copy for players, a browser that does not know its kind takes the
/// original.
#[component]
fn PartAudio(name: String, part: Part, at_ms: Option<i64>) -> impl IntoView {
    let address = from_place(paths::part(part.audiobook_id, part.position), &part, at_ms);
    if !part.copied {
        return view! { <audio class="w-full" controls preload="none" aria-label=name src=address></audio> }.into_any();
    }
    let original = from_place(paths::part_original(part.audiobook_id, part.position), &part, at_ms);
    view! {
        <audio class="w-full" controls preload="none" aria-label=name>
            <source src=address type=COPY_TYPE />
            <source src=original type=part.media_type />
        </audio>
    }
    .into_any()
}

/// The chapters, the one that is heard marked.
#[component]
fn Chapters(stage: Stage, chapters: Vec<Chapter>) -> impl IntoView {
    let here = Memo::new(move |_| if stage.is_held() { stage.player.chapter() } else { None });
    (!chapters.is_empty()).then(|| {
        view! {
            <section>
                <h2 class="text-xl">"Chapters"</h2>
                <ol class="mt-3 divide-y divide-line border-y border-line">
                    {chapters
                        .into_iter()
                        .enumerate()
                        .map(|(place, chapter)| {
                            let current = move || (here.get() == Some(place)).then_some("true");
                            view! {
                                <li>
                                    <button
                                        class="flex min-h-11 w-full items-center justify-between gap-4 px-2 py-1 text-left hover:bg-accent-tint aria-[current]:bg-accent-tint aria-[current]:font-semibold"
                                        type="button"
                                        data-testid="chapter"
                                        data-start=chapter.start_ms
                                        aria-current=current
                                        on:click=move |_| stage.play(Some(chapter.start_ms))
                                    >
                                        <span class="min-w-0">{chapter.title}</span>
                                        <span class="shrink-0 text-sm text-soft tabular-nums">{clock(chapter.start_ms)}</span>
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </section>
        }
    })
}

/// The files to take away, and why the text is not among them where it is not.
#[component]
fn Downloads(listening: Listening) -> impl IntoView {
    let several = listening.parts.len() > 1;
    let id = listening.summary.id;
    let transcript = match (listening.text_rights, listening.has_transcript) {
        (TextRights::Download, true) => view! {
            <ul class="mt-2 flex flex-wrap gap-x-5 gap-y-1">
                {[("txt", "Text"), ("vtt", "WebVTT"), ("srt", "SubRip")]
                    .map(|(kind, words)| {
                        let address = paths::transcript(id, kind);
                        view! {
                            <li>
                                <a class="link" href=address download="" rel="external">{words}</a>
                            </li>
                        }
                    })}
            </ul>
        }
        .into_any(),
        (TextRights::Download, false) => said("It is not ready yet."),
        (TextRights::ReadAlong, _) => {
            said("The publisher lets you read it here while you listen, but not take it away.")
        }
        (TextRights::None, _) => said("The publisher keeps the text of this book to itself."),
    };
    view! {
        <section>
            <h2 class="text-xl">"Take it with you"</h2>
            <h3 class="mt-3 font-semibold">"Sound"</h3>
            <ul class="mt-1 flex flex-col gap-1">
                {listening
                    .parts
                    .into_iter()
                    .map(|part| {
                        let words = if several { format!("Part {}", part.position + 1) } else { "The whole book".to_owned() };
                        let facts = format!("{}, {}", length(part.duration_ms), size(part.size));
                        view! {
                            <li>
                                <a class="link" href=paths::part_download(part.audiobook_id, part.position) download=part.file_name rel="external">{words}</a>
                                " "
                                <span class="text-sm text-soft">{facts}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <h3 class="mt-4 font-semibold">"Transcript"</h3>
            {transcript}
        </section>
    }
}

fn said(words: &'static str) -> AnyView {
    view! { <p class="mt-1 text-soft">{words}</p> }.into_any()
}

/// A size as a reader writes it. Takes bytes; a megabyte is a million of them.
fn size(bytes: i64) -> String {
    match bytes.max(0) {
        bytes if bytes < 1_000_000 => format!("{} kB", (bytes + 999) / 1000),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, from_place, size};

    #[test]
    fn without_javascript_the_part_begins_where_the_book_is_to() {
        let part = Part {
            id: uuid::Uuid::nil(),
            audiobook_id: uuid::Uuid::nil(),
            position: 1,
            start_ms: 60_000,
            duration_ms: 60_000,
            media_type: "audio/mpeg".to_owned(),
            copied: false,
            file_name: "book.mp3".to_owned(),
            size: 1,
        };
        let from = |at_ms| from_place("/parts/1?original".to_owned(), &part, at_ms);
        assert_eq!(from(Some(72_050)), "/parts/1?original#t=12.050");
        for elsewhere in [None, Some(60_000), Some(59_000), Some(120_000)] {
            assert_eq!(from(elsewhere), "/parts/1?original", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_size_is_written_in_kilobytes_or_megabytes() {
        assert_eq!((size(0), size(1), size(999_001)), ("0 kB".to_owned(), "1 kB".to_owned(), "1000 kB".to_owned()));
        assert_eq!((size(1_250_000), size(123_456_789)), ("1.2 MB".to_owned(), "123.4 MB".to_owned()));
    }
}
