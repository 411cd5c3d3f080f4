//! Logging in and registering.

use crate::api::account::use_viewer;
use crate::components::failure::FormError;
use crate::components::field::{Field, FormState, PasswordField};
use crate::components::google::{ContinueWithGoogle, GoogleRefused};
use crate::components::new_password::NewPasswordField;
use crate::components::tags::Title;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[component]
pub fn LoginPage() -> impl IntoView {
    let login = use_viewer().login;
    let answer = FormState::of(login);
    answer.focus_refused();
    let pending = login.pending();
    let query = use_query_map();
    let said = move |name: &'static str| Signal::derive(move || query.read().get_str(name).is_some());
    view! {
        <Title text="Log in" />
        <Sheet heading="Log in">
            <Done words="Your password is changed. Log in with the new one." shown=said("changed") />
            <Done words="You are logged out everywhere." shown=said("out") />
            <Done words="Your account is deleted. A mail confirms it." shown=said("deleted") />
            <GoogleRefused />
            <ActionForm action=login attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["email", "password"]) />
                <Next />
                <Field name="email" label="Email address" kind="email" autocomplete="username" error=answer.on_field("email") />
                <PasswordField autocomplete="current-password" error=answer.on_field("password") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Log in"</button>
            </ActionForm>
            <p class="mt-6"><a class="link" href="/forgot-password">"Forgot your password?"</a></p>
            <ContinueWithGoogle />
            <p class="mt-8 border-t border-line pt-6 text-soft">
                "New here? " <a class="link" href=move || elsewhere("/register")>"Register"</a>
            </p>
        </Sheet>
    }
}

#[component]
pub fn RegisterPage() -> impl IntoView {
    let register = use_viewer().register;
    let answer = FormState::of(register);
    answer.focus_refused();
    let pending = register.pending();
    view! {
        <Title text="Register" />
        <Sheet heading="Register">
            <ActionForm action=register attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["name", "email", "password"]) />
                <Next />
                <Field name="name" label="Name" autocomplete="name" maxlength="120" error=answer.on_field("name") />
                <Field name="email" label="Email address" kind="email" autocomplete="email" error=answer.on_field("email") />
                <NewPasswordField error=answer.on_field("password") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Register"</button>
            </ActionForm>
            <ContinueWithGoogle />
            <p class="mt-8 border-t border-line pt-6 text-soft">
                "Already registered? " <a class="link" href=move || elsewhere("/login")>"Log in"</a>
            </p>
        </Sheet>
    }
}

/// A narrow page with one form.
#[component]
pub(super) fn Sheet(heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="page max-w-md py-12 sm:py-20">
            <h1 class="text-3xl sm:text-4xl">{heading}</h1>
            {children()}
        </div>
    }
}

/// A sentence that something was done, read out when it appears.
#[component]
pub(super) fn Done(words: &'static str, shown: Signal<bool>) -> impl IntoView {
    view! {
        <div class="my-6 empty:hidden" role="status">
            {move || shown.get().then(|| view! { <p class="notice">{words}</p> })}
        </div>
    }
}

/// Takes along where the person came from, so that they go back there.
#[component]
pub(super) fn Next() -> impl IntoView {
    let query = use_query_map();
    view! { <input type="hidden" name="next" value=move || query.read().get_str("next").unwrap_or_default().to_owned() /> }
}

/// The other of the two pages, with the same way back.
fn elsewhere(path: &str) -> String {
    match use_query_map().read().get_str("next") {
        Some(next) => format!("{path}?next={}", Url::escape(next)),
        None => path.to_owned(),
    }
}
