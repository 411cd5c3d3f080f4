//! The kinds of field that the form is made of. Each has its label, hint and error tied to it, and keeps what is typed.

use super::super::editor::TitleEditor;
use super::typed::TextField;
use domain::catalog::{AudiobookForm, Link};
use leptos::prelude::*;

/// What is wrong with a field.
type Wrong = Signal<Option<String>>;

fn text(editor: TitleEditor, field: TextField) -> String {
    editor.typed.with_untracked(|form| (field.read)(form).clone())
}

fn live_text(editor: TitleEditor, field: TextField) -> impl Fn() -> String + Send + Sync + Copy + 'static {
    let text = Memo::new(move |_| editor.typed.with(|form| (field.read)(form).clone()));
    move || text.get()
}

fn write(editor: TitleEditor, field: TextField, text: String) {
    editor.typed.update(|form| (field.write)(form, text));
}

#[component]
fn About(
    name: &'static str,
    label: &'static str,
    #[prop(optional_no_strip)] hint: Option<&'static str>,
) -> impl IntoView {
    view! {
        <label class="font-semibold" for=name>{label}</label>
        {hint.map(|hint| view! { <p class="text-sm text-soft" id=format!("{name}-hint")>{hint}</p> })}
    }
}

#[component]
fn Problem(name: &'static str, wrong: Wrong) -> impl IntoView {
    view! {
        <p class="mt-1 text-sm font-medium text-danger empty:hidden" id=format!("{name}-error") aria-live="polite">
            {move || wrong.get()}
        </p>
    }
}

fn described_by(name: &str, hint: bool) -> String {
    if hint { format!("{name}-hint {name}-error") } else { format!("{name}-error") }
}

/// A line of text.
#[component]
pub fn Line(
    editor: TitleEditor,
    field: TextField,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] required: bool,
    wrong: Wrong,
) -> impl IntoView {
    let name = field.name;
    view! {
        <div>
            <About name label hint />
            <input
                class="input mt-1"
                id=name
                name=format!("form[{name}]")
                type=kind
                required=required
                inputmode=inputmode
                autocomplete="off"
                value=text(editor, field)
                prop:value=live_text(editor, field)
                on:input=move |event| write(editor, field, event_target_value(&event))
                aria-describedby=described_by(name, hint.is_some())
                aria-invalid=move || wrong.read().is_some().then_some("true")
            />
            <Problem name wrong />
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn Lines(
    editor: TitleEditor,
    field: TextField,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    wrong: Wrong,
) -> impl IntoView {
    let name = field.name;
    view! {
        <div>
            <About name label hint />
            <textarea
                class="input mt-1 min-h-56"
                id=name
                name=format!("form[{name}]")
                rows="9"
                prop:value=live_text(editor, field)
                on:input=move |event| write(editor, field, event_target_value(&event))
                aria-describedby=described_by(name, hint.is_some())
                aria-invalid=move || wrong.read().is_some().then_some("true")
            >
                {text(editor, field)}
            </textarea>
            <Problem name wrong />
        </div>
    }
}

/// One of a few values, each with a sentence that explains it.
#[component]
pub fn Choice(
    editor: TitleEditor,
    field: TextField,
    legend: &'static str,
    /// Value, name and sentence.
    options: &'static [(&'static str, &'static str, &'static str)],
    wrong: Wrong,
) -> impl IntoView {
    let name = field.name;
    let chosen = live_text(editor, field);
    let first = text(editor, field);
    view! {
        <fieldset aria-describedby=format!("{name}-error")>
            <legend class="font-semibold">{legend}</legend>
            {options
                .iter()
                .map(|(value, words, sentence)| {
                    let id = format!("{name}-{value}");
                    view! {
                        <div class="mt-2 flex gap-3">
                            <input
                                class="mt-1 size-5 shrink-0 accent-accent"
                                type="radio"
                                id=id.clone()
                                name=format!("form[{name}]")
                                value=*value
                                checked=first == *value
                                prop:checked=move || chosen() == *value
                                on:change=move |_| write(editor, field, (*value).to_owned())
                                aria-describedby=format!("{id}-hint")
                            />
                            <div>
                                <label class="font-medium" for=id.clone()>{*words}</label>
                                <p class="text-sm text-soft" id=format!("{id}-hint")>{*sentence}</p>
                            </div>
                        </div>
                    }
                })
                .collect_view()}
            <Problem name wrong />
        </fieldset>
    }
}

/// Up to three categories, best first.
#[component]
pub fn Categories(editor: TitleEditor, wrong: Wrong) -> impl IntoView {
    view! {
        <fieldset aria-describedby="categories-hint categories-error">
            <legend class="font-semibold">"Categories"</legend>
            <p class="text-sm text-soft" id="categories-hint">
                "Up to three, the best one first. " <a class="link" href="/admin/categories">"Change the list"</a>
            </p>
            <div class="mt-1 grid gap-3 sm:grid-cols-3">
                {["First category", "Second category", "Third category"]
                    .into_iter()
                    .enumerate()
                    .map(|(place, label)| view! { <Category editor place label /> })
                    .collect_view()}
            </div>
            <Problem name="categories" wrong />
        </fieldset>
    }
}

#[component]
fn Category(editor: TitleEditor, place: usize, label: &'static str) -> impl IntoView {
    let at = move |form: &AudiobookForm| form.categories.get(place).cloned().unwrap_or_default();
    let first = editor.typed.with_untracked(at);
    let chosen = Memo::new(move |_| editor.typed.with(at));
    let choose = move |slug: String| {
        editor.typed.update(|form| {
            if let Some(category) = form.categories.get_mut(place) {
                *category = slug;
            }
        });
    };
    let option = move |link: Link| {
        let (now, slug) = (link.slug == first, link.slug.clone());
        view! {
            <option value=link.slug selected=now prop:selected=move || chosen.read().as_str() == slug>
                {link.name}
            </option>
        }
    };
    let none = Link { slug: String::new(), name: "None".to_owned() };
    let links = std::iter::once(none).chain(editor.categories.get_value());
    view! {
        <select
            class="input"
            name=format!("form[categories][{place}]")
            aria-label=label
            on:change=move |event| choose(event_target_value(&event))
        >
            {links.map(option).collect_view()}
        </select>
    }
}

/// A box to tick.
#[component]
pub fn Featured(editor: TitleEditor) -> impl IntoView {
    let ticked = Memo::new(move |_| editor.typed.read().featured);
    view! {
        <div class="flex gap-3">
            <input
                class="mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                id="featured"
                name="form[featured]"
                value="true"
                checked=ticked.get_untracked()
                prop:checked=move || ticked.get()
                on:change=move |event| editor.typed.update(|form| form.featured = event_target_checked(&event))
                aria-describedby="featured-hint"
            />
            <div>
                <label class="font-medium" for="featured">"Featured"</label>
                <p class="text-sm text-soft" id="featured-hint">"Shown at the top of the home page."</p>
            </div>
        </div>
    }
}
