//! The form of a title: all that an admin may write.

mod fields;
mod sample;
pub mod typed;

use super::editor::TitleEditor;
use crate::AppError;
use crate::api::admin::SaveTitle;
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::paths;
use fields::{Categories, Choice, Featured, Line, Lines};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use leptos_router::hooks::use_query_map;
use sample::SampleWords;
use typed::*;

const RIGHTS: &[(&str, &str, &str)] = &[
    ("none", "None", "The text stays inside: buyers hear the book and do not see its words."),
    ("read-along", "Read along", "Buyers see and search the words while they listen, and cannot take them away."),
    ("download", "Download", "Buyers may also take the words away as TXT, VTT and SRT files."),
];

#[component]
pub fn TitleForm(editor: TitleEditor, save: ServerAction<SaveTitle>) -> impl IntoView {
    let value = save.value();
    focus_first_problem(save);
    let query = use_query_map();
    let saved_before = query.with_untracked(|query| query.get_str("saved").is_some());
    let dirty = Memo::new(move |_| editor.dirty());
    let status = move || match &*value.read() {
        _ if save.pending().get() => "Saving…",
        Some(Err(_)) => "Not saved.",
        Some(Ok(_)) if !dirty.get() => "Saved.",
        None if saved_before && !dirty.get() => "Saved.",
        _ if dirty.get() => "Changes are not saved yet.",
        _ => "",
    };
    let conflict = move || matches!(&*value.read(), Some(Err(AppError::Conflict { .. })));
    let here = paths::admin_title(editor.id);
    view! {
        <section class="space-y-4" id="edit" aria-labelledby="edit-heading">
            <h2 class="text-xl" id="edit-heading">"Details"</h2>
            <FormError message=FormState::of(save).on_form(NAMES) />
            {move || {
                conflict()
                    .then(|| {
                        // A fresh page shows what the other one wrote: `rel` keeps the router out of it.
                        view! { <p><a class="link" rel="external" href=here.clone()>"Reload the page"</a></p> }
                    })
            }}
            <ActionForm
                action=save
                attr:class="panel space-y-6 p-5 sm:p-6"
                attr:novalidate=true
                on:submit=move |_| editor.sent.set_value(Some(editor.typed.get_untracked()))
            >
                <input type="hidden" name="id" value=editor.id.to_string() />
                <input type="hidden" name="form[version]" value=move || editor.typed.read().version.to_string() />
                <Book editor save />
                <Selling editor save />
                <Rights editor save />
                <div class="flex flex-wrap items-center gap-4 border-t border-line pt-5">
                    <button class="button" type="submit" disabled=move || save.pending().get() data-testid="save-title">
                        "Save"
                    </button>
                    <p class="text-soft" role="status" data-testid="save-status">{status}</p>
                </div>
            </ActionForm>
        </section>
    }
}

/// The book itself.
#[component]
fn Book(editor: TitleEditor, save: ServerAction<SaveTitle>) -> impl IntoView {
    let wrong = move |field: TextField| FormState::of(save).on_field(field.name);
    view! {
        <Line editor field=TITLE label="Title" required=true wrong=wrong(TITLE) />
        <Line editor field=SUBTITLE label="Subtitle" wrong=wrong(SUBTITLE) />
        <div class="grid gap-6 sm:grid-cols-2">
            <Line editor field=AUTHORS label="Authors" hint="Names between commas." wrong=wrong(AUTHORS) />
            <Line editor field=NARRATORS label="Narrators" hint="Names between commas." wrong=wrong(NARRATORS) />
        </div>
        <div class="grid gap-6 sm:grid-cols-[minmax(0,1fr)_10rem]">
            <Line editor field=SERIES label="Series" hint="Empty when it belongs to none." wrong=wrong(SERIES) />
            <Line
                editor
                field=SERIES_POSITION
                label="Place in it"
                hint="A number from 1 on."
                inputmode="numeric"
                wrong=wrong(SERIES_POSITION)
            />
        </div>
        <Lines editor field=DESCRIPTION label="Description" hint="Blank lines separate paragraphs." wrong=wrong(DESCRIPTION) />
        <Categories editor wrong=FormState::of(save).on_field("categories") />
        <div class="grid gap-6 sm:grid-cols-2">
            <Line editor field=LANGUAGE label="Language" hint="A code such as en or pt-br." wrong=wrong(LANGUAGE) />
            <Line editor field=YEAR label="Year" hint="When this recording was published." inputmode="numeric" wrong=wrong(YEAR) />
            <Line editor field=PUBLISHER label="Publisher" hint="May be empty." wrong=wrong(PUBLISHER) />
            <Line editor field=ISBN label="ISBN" hint="10 or 13 digits; may be empty." wrong=wrong(ISBN) />
        </div>
    }
}

/// What it costs, and where it is shown.
#[component]
fn Selling(editor: TitleEditor, save: ServerAction<SaveTitle>) -> impl IntoView {
    let wrong = move |field: TextField| FormState::of(save).on_field(field.name);
    view! {
        <fieldset class="space-y-6 border-t border-line pt-5">
            <legend class="float-left w-full font-serif text-lg font-semibold">
                "Price " <span class="font-sans text-base font-normal text-soft">"in " {editor.currency.get_value()}</span>
            </legend>
            <div class="clear-both grid gap-6 sm:grid-cols-2">
                <Line
                    editor
                    field=PRICE
                    label="Regular price"
                    hint="Such as 12.90; 0 for a free title."
                    inputmode="decimal"
                    wrong=wrong(PRICE)
                />
                <Line
                    editor
                    field=SALE_PRICE
                    label="Sale price"
                    hint="Empty when there is no sale."
                    inputmode="decimal"
                    wrong=wrong(SALE_PRICE)
                />
                <Line
                    editor
                    field=SALE_STARTS
                    label="Sale starts"
                    hint="In UTC; empty for at once."
                    kind="datetime-local"
                    wrong=wrong(SALE_STARTS)
                />
                <Line
                    editor
                    field=SALE_ENDS
                    label="Sale ends"
                    hint="In UTC; empty for never."
                    kind="datetime-local"
                    wrong=wrong(SALE_ENDS)
                />
                <Line
                    editor
                    field=LICENCES
                    label="Licences"
                    hint="How many may be sold in all; empty for any number."
                    inputmode="numeric"
                    wrong=wrong(LICENCES)
                />
            </div>
            <Featured editor />
        </fieldset>
    }
}

/// What anyone may hear, and what buyers may read.
#[component]
fn Rights(editor: TitleEditor, save: ServerAction<SaveTitle>) -> impl IntoView {
    let wrong = move |field: TextField| FormState::of(save).on_field(field.name);
    view! {
        <div class="space-y-6 border-t border-line pt-5">
            <Choice editor field=TEXT_RIGHTS legend="Text rights" options=RIGHTS wrong=wrong(TEXT_RIGHTS) />
            <div class="grid gap-6 sm:grid-cols-2">
                <Line
                    editor
                    field=SAMPLE_START
                    label="Sample starts"
                    hint="Seconds from the start of the book."
                    inputmode="decimal"
                    wrong=wrong(SAMPLE_START)
                />
                <Line
                    editor
                    field=SAMPLE_END
                    label="Sample ends"
                    hint="Likewise. Another place is cut by itself after saving."
                    inputmode="decimal"
                    wrong=wrong(SAMPLE_END)
                />
            </div>
            <SampleWords editor />
        </div>
    }
}

/// Brings the focus to the field that was refused.
fn focus_first_problem(save: ServerAction<SaveTitle>) {
    Effect::new(move |_| {
        let field = match &*save.value().read() {
            Some(Err(AppError::Invalid { field, .. })) => field.clone(),
            _ => return,
        };
        let found = document().get_element_by_id(&field).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(found) = found {
            found.focus().ok();
        }
    });
}
