//! What can be done to the titles that were chosen. It stands in the form around the list; each button says what it does.

use crate::api::titles::{ChangeTitles, TitleQuery};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use domain::catalog::Link;
use domain::insight::Bounded;
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub fn BulkPanel(
    change: ServerAction<ChangeTitles>,
    /// By this the change is known.
    key: Uuid,
    /// The titles on this page.
    shown: Vec<Uuid>,
    /// How many fit.
    total: Bounded,
    wanted: TitleQuery,
    categories: Vec<(Uuid, Link)>,
) -> impl IntoView {
    let asked = wanted.fields().map(|(name, value)| (name, value.to_owned()));
    let on_page = shown.len();
    let pending = change.pending();
    view! {
        <section class="panel mt-8 p-5 sm:p-6" aria-labelledby="bulk" data-testid="bulk">
            <h2 class="text-xl" id="bulk">"Change several at once"</h2>
            <input type="hidden" name="key" value=key.to_string() />
            {asked.map(|(name, value)| view! { <input type="hidden" name=format!("asked[{name}]") value=value /> }).collect_view()}
            {shown
                .into_iter()
                .map(|id| view! { <input type="hidden" name="shown[]" value=id.to_string() /> })
                .collect_view()}
            <div class="mt-4"><FormError message=FormState::of(change).refused() /></div>
            <fieldset class="mt-4">
                <legend class="font-semibold">"Which titles"</legend>
                <div class="mt-2 flex flex-wrap gap-x-6 gap-y-2">
                    <Scope value="chosen" words="The ticked ones".to_owned() chosen=true />
                    <Scope value="page" words=format!("All {on_page} on this page") />
                    <Scope value="fitting" words=format!("All {} that fit", total.words()) />
                </div>
            </fieldset>
            <div class="mt-5 space-y-5">
                <fieldset class="flex flex-wrap gap-2">
                    <legend class="mb-2 font-semibold">"On sale or not"</legend>
                    <Do action="publish" words="Publish" pending />
                    <Do action="unpublish" words="Back to draft" pending />
                    <Do action="archive" words="Archive" pending />
                </fieldset>
                <fieldset class="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
                    <legend class="font-semibold">"Regular price"</legend>
                    <div class="flex flex-wrap items-end gap-2">
                        <Typed name="amount" label="New price" inputmode="decimal" />
                        <Do action="price" words="Set the price" pending />
                    </div>
                    <div class="flex flex-wrap items-end gap-2">
                        <Typed name="percent" label="Percent more, or less with a minus" inputmode="text" />
                        <Do action="percent" words="Move the price" pending />
                    </div>
                </fieldset>
                <fieldset class="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
                    <legend class="font-semibold">"Sale"</legend>
                    <Typed name="sale_starts" label="From (UTC; empty for at once)" kind="datetime-local" />
                    <Typed name="sale_ends" label="Until (UTC; empty for ever)" kind="datetime-local" />
                    <div class="flex flex-wrap items-end gap-2">
                        <Typed name="sale_amount" label="Sale price" inputmode="decimal" />
                        <Do action="sale" words="Set the sale price" pending />
                    </div>
                    <div class="flex flex-wrap items-end gap-2">
                        <Typed name="sale_percent" label="Percent off" inputmode="numeric" />
                        <Do action="sale-percent" words="Take it off" pending />
                    </div>
                    <div><Do action="end-sale" words="End the sale" pending /></div>
                </fieldset>
                <fieldset class="flex flex-wrap items-end gap-2 border-t border-line pt-4">
                    <legend class="font-semibold">"Category"</legend>
                    <div class="min-w-0 max-w-full">
                        <label class="text-sm font-semibold" for="shelf">"Choose one"</label>
                        <select class="input mt-1" id="shelf" name="typed[category]">
                            <option value="">"Choose…"</option>
                            {categories
                                .into_iter()
                                .map(|(id, link)| view! { <option value=id.to_string()>{link.name}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    <Do action="add-category" words="Add to it" pending />
                    <Do action="remove-category" words="Take out of it" pending />
                </fieldset>
            </div>
        </section>
    }
}

#[component]
fn Scope(value: &'static str, words: String, #[prop(optional)] chosen: bool) -> impl IntoView {
    let id = format!("scope-{value}");
    view! {
        <span class="flex min-h-6 items-center gap-2">
            <input class="size-5 shrink-0 accent-accent" type="radio" id=id.clone() name="scope" value=value checked=chosen />
            <label for=id>{words}</label>
        </span>
    }
}

/// A button that sends the form, saying what to do.
#[component]
fn Do(action: &'static str, words: &'static str, #[prop(into)] pending: Signal<bool>) -> impl IntoView {
    view! {
        <button
            class="button button-quiet"
            type="submit"
            name="action"
            value=action
            disabled=move || pending.get()
            data-testid=format!("bulk-{action}")
        >
            {words}
        </button>
    }
}

#[component]
fn Typed(
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div class="min-w-0 flex-1 basis-40">
            <label class="text-sm font-semibold" for=name>{label}</label>
            <input class="input mt-1" id=name name=format!("typed[{name}]") type=kind inputmode=inputmode autocomplete="off" maxlength="40" />
        </div>
    }
}
