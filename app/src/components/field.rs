//! Fields of forms, with their label, hint and error tied together.

use super::use_hydrated;
use crate::AppError;
use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// A control with its label, its hint and what is wrong with it.
#[component]
fn Labelled(
    name: &'static str,
    label: &'static str,
    hint: Option<String>,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <Label name label />
            <Hint name hint />
            {children()}
            <Problem name error />
        </div>
    }
}

/// A labelled text field, of several lines where `lines` says how many are shown. Its id is its name.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] maxlength: Option<&'static str>,
    #[prop(optional)] lines: Option<&'static str>,
    /// The part of the form that it is sent within.
    #[prop(optional)]
    within: Option<&'static str>,
    /// It may be left empty.
    #[prop(optional)]
    may_be_empty: bool,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] value: String,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(name, hint.is_some());
    let invalid = move || error.read().is_some().then_some("true");
    let required = !may_be_empty;
    let sent_as = within.map_or_else(|| name.to_owned(), |within| format!("{within}[{name}]"));
    let control = match lines {
        Some(rows) => view! {
            <textarea
                class="input mt-1"
                id=name
                name=sent_as
                rows=rows
                required=required
                maxlength=maxlength
                aria-describedby=described
                aria-invalid=invalid
            >
                {value}
            </textarea>
        }
        .into_any(),
        None => view! {
            <input
                class="input mt-1"
                id=name
                name=sent_as
                type=kind
                required=required
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                value=value
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .into_any(),
    };
    view! { <Labelled name label hint error>{control}</Labelled> }
}

/// A labelled choice among a few or many. Its id is its name.
#[component]
pub fn Choice(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    /// What is sent and what is shown, in order.
    options: Vec<(String, String)>,
    /// The part of the form that it is sent within.
    #[prop(optional)]
    within: Option<&'static str>,
    /// What is sent when nobody chooses otherwise.
    #[prop(into)]
    chosen: String,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(name, hint.is_some());
    let sent_as = within.map_or_else(|| name.to_owned(), |within| format!("{within}[{name}]"));
    let option = move |(value, words): (String, String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    };
    view! {
        <Labelled name label hint error>
            <select
                class="input mt-1"
                id=name
                name=sent_as
                aria-describedby=described
                aria-invalid=move || error.read().is_some().then_some("true")
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        </Labelled>
    }
}

/// A box that has to be ticked before a form is sent, with what ticking it says. Its id is its name.
#[component]
pub fn Consent(
    name: &'static str,
    /// What is sent when it is ticked.
    #[prop(into)]
    value: String,
    /// What whoever ticks it says.
    words: &'static str,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div>
            <div class="flex gap-3">
                <input
                    class="mt-1 size-5 shrink-0 accent-accent"
                    type="checkbox"
                    id=name
                    name=name
                    value=value
                    required
                    aria-describedby=described_by(name, false)
                    aria-invalid=move || error.read().is_some().then_some("true")
                />
                <label for=name>{words}</label>
            </div>
            <Problem name error />
        </div>
    }
}

/// A password with a button that shows what was typed.
#[component]
pub fn PasswordField(
    #[prop(default = "password")] name: &'static str,
    #[prop(default = "Password")] label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    /// Follows what is typed.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let shown = RwSignal::new(false);
    let described = described_by(name, hint.is_some());
    view! {
        <Labelled name label hint error>
            <div class="mt-1 flex gap-2">
                <input
                    class="input"
                    id=name
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    required
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="128"
                    on:input=move |event| {
                        if let Some(typed) = typed {
                            typed.set(event_target_value(&event));
                        }
                    }
                    aria-describedby=described
                    aria-invalid=move || error.read().is_some().then_some("true")
                />
                <button
                    class="when-alive button button-quiet"
                    class:hidden=move || !hydrated.get()
                    type="button"
                    aria-controls=name
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_: ev::MouseEvent| shown.update(|shown| *shown = !*shown)
                >
                    "Show"
                    <span class="sr-only">" " {label.to_lowercase()}</span>
                </button>
            </div>
        </Labelled>
    }
}

#[component]
fn Label(name: &'static str, label: &'static str) -> impl IntoView {
    view! { <label class="font-semibold" for=name>{label}</label> }
}

#[component]
fn Hint(name: &'static str, hint: Option<String>) -> impl IntoView {
    hint.map(|hint| view! { <p class="text-sm text-soft" id=format!("{name}-hint")>{hint}</p> })
}

#[component]
fn Problem(name: &'static str, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="mt-1 text-sm font-medium text-danger" id=format!("{name}-error") aria-live="polite">
            {move || error.get().unwrap_or_default()}
        </p>
    }
}

fn described_by(name: &str, hint: bool) -> String {
    if hint { format!("{name}-hint {name}-error") } else { format!("{name}-error") }
}

/// What a form came back with on this page.
pub struct FormState<T: Send + Sync + 'static> {
    value: MappedSignal<Option<Result<T, AppError>>>,
    /// Not what it came back with on an earlier page.
    fresh: Signal<bool>,
}

impl<T: Send + Sync + 'static> Clone for FormState<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for FormState<T> {}

impl<T: Send + Sync + 'static> FormState<T> {
    /// The answers of an action from now on, and the one that came with the page when its form was sent without
    /// JavaScript.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Output = T, Error = AppError> + Clone + Send + Sync + 'static,
    {
        let version = action.version();
        let before = version.get_untracked();
        Self { value: action.value(), fresh: Signal::derive(move || before == 0 || version.get() > before) }
    }

    /// What `pick` finds in the error, if it came back with one.
    fn refusal<R>(self, pick: impl FnOnce(&AppError) -> Option<R>) -> Option<R> {
        match &*self.value.read() {
            Some(Err(error)) if self.fresh.get() => pick(error),
            _ => None,
        }
    }

    /// Why it was refused, wherever that belongs.
    pub fn refused(self) -> Signal<Option<String>> {
        Signal::derive(move || self.refusal(|error| Some(error.to_string())))
    }

    /// What belongs to the field `name`.
    pub fn on_field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.refusal(|error| error.on_field(name)))
    }

    /// What belongs to none of the fields `names`, and so to the whole form.
    pub fn on_form(self, names: &'static [&'static str]) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refusal(|error| names.iter().all(|name| error.on_field(name).is_none()).then(|| error.to_string()))
        })
    }

    /// Whether it was done.
    pub fn done(self) -> Signal<bool> {
        Signal::derive(move || matches!(&*self.value.read(), Some(Ok(_))) && self.fresh.get())
    }

    /// Whether somebody has to prove again first that it is them.
    pub fn wants_reauthentication(self) -> Signal<bool> {
        Signal::derive(move || self.refusal(|error| (*error == AppError::ReauthRequired).then_some(())).is_some())
    }

    /// Empties fields once what was typed into them is done with.
    pub fn empty_when_done(self, names: &'static [&'static str]) {
        let done = self.done();
        Effect::new(move |_| {
            if done.get() {
                names.iter().for_each(|name| empty(name));
            }
        });
    }

    /// Brings the focus to the field that was refused, and empties a refused password or code.
    pub fn focus_refused(self) {
        Effect::new(move |_| {
            let field = self.refusal(|error| match error {
                AppError::Invalid { field, .. } => Some(field.clone()),
                _ => None,
            });
            let Some(field) = field else { return };
            // A secret that was refused is typed anew; everything else is kept.
            let id = if field.is_empty() { "password".to_owned() } else { field };
            // The field may have gone from the page in the meantime; then there is nothing to focus.
            let Some(field) = document().get_element_by_id(&id) else { return };
            if id.ends_with("password") || id == "code" {
                empty(&id);
            }
            if let Ok(field) = field.dyn_into::<HtmlElement>() {
                field.focus().ok();
            }
        });
    }
}

/// Empties a field. What follows it, such as a meter, does not see a change that no key made, so it is told.
fn empty(id: &str) {
    let Some(input) = document().get_element_by_id(id) else { return };
    if let Some(line) = input.dyn_ref::<HtmlInputElement>() {
        line.set_value("");
    } else if let Some(lines) = input.dyn_ref::<HtmlTextAreaElement>() {
        lines.set_value("");
    }
    if let Ok(event) = Event::new("input") {
        input.dispatch_event(&event).ok();
    }
}
