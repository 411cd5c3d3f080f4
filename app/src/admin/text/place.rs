//! One place of a text: its sound, what was heard, and what to make of it.

use super::Wanted;
use super::hear::Hear;
use crate::api::review::DecidePlace;
use crate::components::text::clock;
use crate::paths;
use domain::transcript::{Place, Standing};
use leptos::prelude::*;

#[component]
pub fn PlaceItem(
    place: Place,
    wanted: Wanted,
    slug: String,
    /// Where each part of the book begins, in milliseconds.
    parts: Vec<i64>,
    decide: ServerAction<DecidePlace>,
) -> impl IntoView {
    let Place { id, start_ms, end_ms, text, heard, doubt, standing, before, after } = place;
    let field = format!("text-{id}");
    let at = clock(start_ms);
    let accept = if standing == Standing::Doubtful || standing == Standing::Dropped { "Accept" } else { "Save" };
    let why = doubt.map(|doubt| view! { <span class="text-sm text-soft">{doubt.words()}</span> });
    let beside = |said: Option<String>| said.map(|said| view! { <p class="font-serif text-soft">{said}</p> });
    let player = format!("{}?from={start_ms}", paths::library_book(slug));
    view! {
        <li class="panel space-y-3 p-4 sm:p-5" data-testid="place" data-standing=standing.words()>
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <h3 class="font-semibold tabular-nums">{at.clone()}</h3>
                <span class="rounded-full border border-line-strong px-2.5 py-0.5 text-sm font-semibold">
                    {standing.words()}
                </span>
                {why}
            </div>
            <div class="flex flex-wrap items-center gap-3">
                <Hear id=wanted.id parts start_ms end_ms />
                <a class="link text-sm" href=player>"Open in the player"</a>
            </div>
            {beside(before)}
            <ActionForm action=decide attr:class="space-y-3">
                <input type="hidden" name="id" value=wanted.id.to_string() />
                <input type="hidden" name="place" value=id.to_string() />
                <input type="hidden" name="show" value=wanted.shown.name() />
                <input type="hidden" name="page" value=wanted.page.to_string() />
                <label class="sr-only" for=field.clone()>{format!("What is said at {at}")}</label>
                <textarea class="input min-h-20 font-serif" id=field name="text" rows="2" maxlength="2000" required>
                    {text}
                </textarea>
                {heard.map(|heard| view! { <p class="text-sm text-soft">"Heard as: " {heard}</p> })}
                <div class="flex flex-wrap gap-3">
                    <button class="button button-small" type="submit" name="verdict" value="accept">
                        {accept}
                        <span class="sr-only">{format!(" the text at {at}")}</span>
                    </button>
                    {(standing != Standing::Dropped)
                        .then(|| {
                            view! {
                                <button
                                    class="button button-quiet button-small"
                                    type="submit"
                                    name="verdict"
                                    value="drop"
                                    formnovalidate
                                >
                                    "Drop"
                                    <span class="sr-only">{format!(" the text at {at}")}</span>
                                </button>
                            }
                        })}
                </div>
            </ActionForm>
            {beside(after)}
        </li>
    }
}
