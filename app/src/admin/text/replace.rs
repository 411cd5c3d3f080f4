//! Finding words in the text of a title, and replacing them once it was seen what that changes. What is looked for stands in
//! the address.

use super::undo::{Undo, outcome_of};
use crate::admin::frame::Frame;
use crate::api::editing::{Found, ReplaceWords, UndoEdit, find_words};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{clock, count};
use crate::paths;
use domain::transcript::edits::matching::Replacement;
use domain::transcript::edits::{Match, Matches};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    id: Uuid,
    words: Replacement,
}

#[component]
pub fn ReplacePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
        let words = Replacement {
            find: text("find"),
            put: text("put"),
            exact_case: query.get_str("exact_case") == Some("true"),
            whole_words: query.get_str("whole_words") == Some("true"),
        };
        Wanted { id: params.read().get_str("id").and_then(|id| id.parse().ok()).unwrap_or_default(), words }
    });
    let (replace, undo) = (ServerAction::<ReplaceWords>::new(), ServerAction::<UndoEdit>::new());
    // What was done last, in words.
    let said = RwSignal::new(String::new());
    let changes = RwSignal::new(0_u32);
    Effect::new(move |_| {
        // What was refused stays on the page as it was shown.
        if let Some(Ok(edit)) = replace.value().get() {
            said.set(match edit {
                Some(edit) => format!("Replaced in {}.", count(u64::from(edit.places), "sentence", "sentences")),
                None => "Nothing was there to replace.".to_owned(),
            });
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
        move || (wanted.get(), changes.get()),
        |(Wanted { id, words }, _)| find_words(id, words.find, words.put, words.exact_case, words.whole_words),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    move |found| view! { <Sheet found wanted=wanted.get_untracked() replace undo said /> },
                )
            })}
        </Transition>
    }
}

#[component]
fn Sheet(
    found: Found,
    wanted: Wanted,
    replace: ServerAction<ReplaceWords>,
    undo: ServerAction<UndoEdit>,
    /// What was done last, in words.
    said: RwSignal<String>,
) -> impl IntoView {
    let Found { title, matches, last } = found;
    let Wanted { id, words } = wanted;
    let status = NodeRef::<html::P>::new();
    // The button that was pressed goes away: the focus stays near.
    Effect::new(move |_| {
        if let Some(status) = status.get().filter(|_| !said.read_untracked().is_empty()) {
            status.focus().ok();
        }
    });
    let shown = matches.map(|matches| view! { <Shown id words=words.clone() matches replace /> });
    view! {
        <Title text=format!("Find and replace in {title}") />
        <Frame heading=format!("Find and replace in “{title}”")>
            <p class="mt-2 flex flex-wrap gap-x-5 gap-y-1">
                <a class="link" href=paths::admin_title(id)>"Back to the title"</a>
                <a class="link" href=paths::admin_editor(id, 0)>"Edit the text"</a>
            </p>
            <Search id words />
            <div class="mt-6 space-y-2">
                <Undo id last undo />
                <p class="text-soft empty:hidden" role="status" tabindex="-1" node_ref=status data-testid="replaced">{said}</p>
                <FormError message=FormState::of(replace).refused() />
            </div>
            {shown}
        </Frame>
    }
}

#[component]
fn Search(id: Uuid, words: Replacement) -> impl IntoView {
    view! {
        <Form action=paths::admin_replace(id) method="get" attr:class="mt-6 space-y-4" attr:role="search">
            <div class="flex flex-wrap gap-3">
                <div class="min-w-0 flex-1 basis-60">
                    <label class="text-sm font-semibold" for="find">"Find"</label>
                    <input class="input mt-1" id="find" name="find" maxlength="200" required autocomplete="off" value=words.find />
                </div>
                <div class="min-w-0 flex-1 basis-60">
                    <label class="text-sm font-semibold" for="put">"Put in its place"</label>
                    <input class="input mt-1" id="put" name="put" maxlength="200" autocomplete="off" value=words.put />
                </div>
            </div>
            <div class="flex flex-wrap items-center gap-x-6 gap-y-2">
                <label class="inline-flex min-h-6 items-center gap-2">
                    <input type="checkbox" name="whole_words" value="true" checked=words.whole_words />
                    "Whole words only"
                </label>
                <label class="inline-flex min-h-6 items-center gap-2">
                    <input type="checkbox" name="exact_case" value="true" checked=words.exact_case />
                    "Capitals count"
                </label>
                <button class="button button-quiet" type="submit">"Show what would change"</button>
            </div>
        </Form>
    }
}

/// What would change, and the button that changes it.
#[component]
fn Shown(id: Uuid, words: Replacement, matches: Matches, replace: ServerAction<ReplaceWords>) -> impl IntoView {
    let Matches { places, more, seen } = matches;
    if places.is_empty() {
        return view! { <div class="mt-6"><Empty title="Not found"><p>"No sentence of this title has these words."</p></Empty></div> }
            .into_any();
    }
    let number = count(places.len() as u64, "sentence", "sentences");
    let heading = if more { format!("The first {number} of more") } else { format!("In {number}") };
    let button = format!("Replace in {number}");
    let flag = |on: bool| if on { "true" } else { "false" };
    view! {
        <section class="mt-8 space-y-4" aria-labelledby="matches-heading">
            <h2 class="text-xl" id="matches-heading">{heading}</h2>
            <ActionForm action=replace attr:class="flex flex-wrap items-center gap-3">
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="find" value=words.find />
                <input type="hidden" name="put" value=words.put />
                <input type="hidden" name="exact_case" value=flag(words.exact_case) />
                <input type="hidden" name="whole_words" value=flag(words.whole_words) />
                <input type="hidden" name="seen" value=seen />
                <button class="button" type="submit" disabled=move || replace.pending().get() data-testid="replace-all">
                    {button}
                </button>
                <p class="text-sm text-soft">
                    {if more { "These and no others; then look again for the rest." } else { "These and no others." }}
                </p>
            </ActionForm>
            <ol class="divide-y divide-line border-y border-line" data-testid="matches">
                {places.into_iter().map(|place| view! { <Place id place /> }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

#[component]
fn Place(id: Uuid, place: Match) -> impl IntoView {
    let at = clock(place.start_ms);
    let after = match place.after.is_empty() {
        true => view! { <span class="text-soft">"Nothing is left: it would not be spoken."</span> }.into_any(),
        false => view! { <ins class="no-underline">{place.after}</ins> }.into_any(),
    };
    view! {
        <li class="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[5rem_minmax(0,1fr)]">
            <a class="link text-sm tabular-nums" href=paths::admin_editor_at(id, place.start_ms, place.id)>
                {at}
                <span class="sr-only">": edit this sentence alone"</span>
            </a>
            <div class="font-serif">
                <del class="block text-soft">{place.before}</del>
                {after}
            </div>
        </li>
    }
}
