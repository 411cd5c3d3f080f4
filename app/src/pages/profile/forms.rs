//! The forms for name, password and preferences.

use super::Section;
use crate::api::account::use_viewer;
use crate::api::profile::{ChangePassword, Prefer};
use crate::components::failure::{FormError, ReauthFirst};
use crate::components::field::{Field, FormState, PasswordField};
use crate::components::new_password::NewPasswordField;
use crate::pages::account::Done;
use domain::account::{Language, Profile};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What can be changed, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    password: ServerAction<ChangePassword>,
    pub prefer: ServerAction<Prefer>,
    renamed: FormState<()>,
    changed: FormState<()>,
    preferred: FormState<()>,
}

impl Forms {
    pub fn new() -> Self {
        let (password, prefer) = (ServerAction::new(), ServerAction::new());
        let renamed = FormState::of(use_viewer().rename);
        let (changed, preferred) = (FormState::of(password), FormState::of(prefer));
        renamed.focus_refused();
        changed.focus_refused();
        changed.empty_when_done(&["current_password", "new_password"]);
        Self { password, prefer, renamed, changed, preferred }
    }

    /// Counts the passwords that were sent: a new one logs out elsewhere.
    pub fn passwords_sent(self) -> usize {
        self.password.version().get()
    }
}

/// Whether a form was sent with success: from this page, or without JavaScript, when the address of the page says so.
pub(super) fn saved(answer: FormState<()>, what: &'static str) -> Signal<bool> {
    let (query, done) = (use_query_map(), answer.done());
    Signal::derive(move || done.get() || query.read().get_str("saved") == Some(what))
}

#[component]
pub(super) fn Name(name: String, forms: Forms) -> impl IntoView {
    let action = use_viewer().rename;
    let (answer, pending) = (forms.renamed, action.pending());
    view! {
        <Section id="name-section" heading="Name">
            <Done words="Your name is changed." shown=saved(answer, "name") />
            <ActionForm action attr:class="mt-4 flex max-w-md flex-col gap-6">
                <FormError message=answer.on_form(&["name"]) />
                <Field name="name" label="Name" autocomplete="name" maxlength="120" value=name error=answer.on_field("name") />
                <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Change the name"</button>
            </ActionForm>
        </Section>
    }
}

#[component]
pub(super) fn ChangePasswordForm(has_password: bool, forms: Forms) -> impl IntoView {
    let answer = forms.changed;
    let pending = forms.password.pending();
    let form = if has_password {
        view! {
            <p class="mt-2 max-w-prose text-soft">"You are then logged out everywhere but here."</p>
            <Done words="Your password is changed. You are logged out everywhere else." shown=saved(answer, "password") />
            <ActionForm action=forms.password attr:class="mt-4 flex max-w-md flex-col gap-6">
                <FormError message=answer.on_form(&["current_password", "new_password"]) />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <PasswordField
                    name="current_password"
                    label="Current password"
                    autocomplete="current-password"
                    error=answer.on_field("current_password")
                />
                <NewPasswordField name="new_password" label="New password" error=answer.on_field("new_password") />
                <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>
                    "Change the password"
                </button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <p class="mt-2 max-w-prose text-soft">
                "Your account has no password. If you want to log in with one as well, choose it by a link that we send you."
            </p>
            <p class="mt-4"><a class="button button-quiet" href="/forgot-password">"Choose a password"</a></p>
        }
        .into_any()
    };
    view! { <Section id="password-section" heading="Password">{form}</Section> }
}

#[component]
pub(super) fn Preferences(own: Profile, forms: Forms) -> impl IntoView {
    let answer = forms.preferred;
    let pending = forms.prefer.pending();
    let Profile { language, currency, mut currencies, .. } = own;
    // One that nothing is sold in any more stays a choice for whoever made it.
    currencies.extend(currency.filter(|chosen| !currencies.contains(chosen)));
    let languages = Language::ALL.map(|one| {
        view! { <option value=one.tag() lang=one.tag() selected=one == language>{one.name()}</option> }
    });
    let paying = match currencies.as_slice() {
        [only] => view! {
            <p class="text-soft">{format!("Everything here is sold in {only}, so there is no currency to choose.")}</p>
            <input type="hidden" name="currency" value="" />
        }
        .into_any(),
        several => {
            let choices = several.iter().map(|one| {
                view! { <option value=one.code().to_owned() selected=Some(*one) == currency>{one.to_string()}</option> }
            });
            view! {
                <div>
                    <label class="font-semibold" for="currency">"Currency"</label>
                    <p class="text-sm text-soft" id="currency-hint">
                        "What you pay in. Each title has its price in one currency; before you pay in another one than yours, \
                         we say so, because your bank may charge for it."
                    </p>
                    <select class="input mt-1" id="currency" name="currency" aria-describedby="currency-hint">
                        <option value="" selected=currency.is_none()>"Any"</option>
                        {choices.collect_view()}
                    </select>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Section id="preferences-section" heading="Language and currency">
            <Done words="Your choice is kept." shown=saved(answer, "preferences") />
            <ActionForm action=forms.prefer attr:class="mt-4 flex max-w-md flex-col gap-6">
                <FormError message=answer.refused() />
                <div>
                    <label class="font-semibold" for="language">"Language"</label>
                    <p class="text-sm text-soft" id="language-hint">
                        "The shop speaks English so far. This is how dates are written on this page and in mails to you."
                    </p>
                    <select class="input mt-1" id="language" name="language" aria-describedby="language-hint">
                        {languages.collect_view()}
                    </select>
                </div>
                {paying}
                <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Keep the choice"</button>
            </ActionForm>
        </Section>
    }
}
