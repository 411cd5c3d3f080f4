//! Where a forgotten password is replaced, and where the links of mails lead.

use super::account::{Done, Sheet};
use crate::api::account::use_viewer;
use crate::api::recovery::{AskReset, ConfirmEmail};
use crate::components::failure::FormError;
use crate::components::field::{Field, FormState};
use crate::components::new_password::NewPasswordField;
use crate::components::tags::Title;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let ask = ServerAction::<AskReset>::new();
    let answer = FormState::of(ask);
    answer.focus_refused();
    let pending = ask.pending();
    let done = done_here_or(answer, "sent");
    view! {
        <Title text="Forgotten password" />
        <Sheet heading="Forgotten password">
            <p class="mt-4 text-soft">
                "Write the address of your account. We send a link to it, and by that you choose a new password."
            </p>
            <Done
                words="If that address has an account, a mail is on its way to it. Its link works for 30 minutes."
                shown=done
            />
            <ActionForm action=ask attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["email"]) />
                <Field name="email" label="Email address" kind="email" autocomplete="username" error=answer.on_field("email") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Send the link"</button>
            </ActionForm>
            <p class="mt-8 border-t border-line pt-6 text-soft">
                "It came back to you? " <a class="link" href="/login">"Log in"</a>
            </p>
        </Sheet>
    }
}

#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    keep_secret();
    let reset = use_viewer().reset;
    let answer = FormState::of(reset);
    answer.focus_refused();
    let pending = reset.pending();
    view! {
        <Title text="New password" />
        <Sheet heading="Choose a new password">
            <p class="mt-4 text-soft">"You are then logged out everywhere, and log in again with the new one."</p>
            <ActionForm action=reset attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["password"]) />
                <Token />
                <NewPasswordField error=answer.on_field("password") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Change the password"</button>
            </ActionForm>
            <p class="mt-8 border-t border-line pt-6 text-soft">
                "Is the link too old? " <a class="link" href="/forgot-password">"Ask for another"</a>
            </p>
        </Sheet>
    }
}

/// Opening the page changes nothing: programs that look into mails follow links, but they press no button.
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    keep_secret();
    let confirm = ServerAction::<ConfirmEmail>::new();
    let answer = FormState::of(confirm);
    let pending = confirm.pending();
    let done = done_here_or(answer, "done");
    view! {
        <Title text="Confirm your address" />
        <Sheet heading="Confirm your address">
            <Done words="Thank you. Your address is confirmed." shown=done />
            <div class:hidden=move || done.get()>
                <p class="mt-4 text-soft">"Press the button, and we know that mails to this address reach you."</p>
                <ActionForm action=confirm attr:class="mt-8 flex flex-col gap-6">
                    <FormError message=answer.refused() />
                    <Token />
                    <button class="button w-full" type="submit" disabled=move || pending.get()>"Confirm the address"</button>
                </ActionForm>
            </div>
            <p class="mt-8 border-t border-line pt-6 text-soft">
                <a class="link" href="/account">"Your account"</a> " tells how your address stands, and sends another mail."
            </p>
        </Sheet>
    }
}

/// Whether a form was sent: from this page, or without JavaScript, when the address of the page says so.
fn done_here_or(answer: FormState<()>, name: &'static str) -> Signal<bool> {
    let (query, done) = (use_query_map(), answer.done());
    Signal::derive(move || done.get() || query.read().get_str(name).is_some())
}

/// The secret of the link.
#[component]
fn Token() -> impl IntoView {
    let query = use_query_map();
    let token = move || query.read().get_str("token").unwrap_or_default().to_owned();
    view! { <input type="hidden" name="token" value=token /> }
}

/// The address of this page holds a secret: other sites are not told where a visitor comes from, and nobody keeps the
/// page. Within the shop the page is named, for a form that is sent without JavaScript comes back to it.
fn keep_secret() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        use http::header::{CACHE_CONTROL, HeaderValue, REFERRER_POLICY};
        response.insert_header(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
