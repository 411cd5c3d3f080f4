//! Proving again who one is.

use super::account::{Next, Sheet};
use super::two_factor::CODE_HINT;
use crate::AppError;
use crate::api::reauthentication::{Reauthenticate, reauthentication_factors};
use crate::components::failure::{FormError, and_back, outcome};
use crate::components::field::{Field, FormState, PasswordField};
use crate::components::google::{ConfirmWithGoogle, GoogleRefused};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::ReauthenticationFactors;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Where people prove again that it is them, before something that must not fall into the wrong hands.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let read = Resource::new(|| (), |()| reauthentication_factors());
    let action = ServerAction::<Reauthenticate>::new();
    view! {
        <Title text="Is it you?" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                match read.await {
                    Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                    read => outcome(read, |needed| view! { <Factors needed action /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Factors(needed: ReauthenticationFactors, action: ServerAction<Reauthenticate>) -> impl IntoView {
    let answer = FormState::of(action);
    answer.focus_refused();
    let pending = action.pending();
    let ReauthenticationFactors { password, code } = needed;
    let password =
        password.then(|| view! { <PasswordField autocomplete="current-password" error=answer.on_field("password") /> });
    let code = code.then(|| {
        view! { <Field name="code" label="Code" autocomplete="one-time-code" hint=CODE_HINT error=answer.on_field("code") /> }
    });
    let form = if password.is_some() || code.is_some() {
        view! {
            <p class="mt-4 text-soft">
                "What comes next must not fall into the wrong hands, so please show once more that it is you. For ten \
                 minutes you are not asked again."
            </p>
            <ActionForm action attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["password", "code"]) />
                <Next />
                {password}
                {code}
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Go on"</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <p class="mt-4 text-soft">
                "Your account has no password. Choose one by a link from the page for forgotten passwords, or log out and \
                 log in again."
            </p>
            <GoogleRefused />
            <ConfirmWithGoogle />
            <p class="mt-8"><a class="button button-quiet" href="/forgot-password">"Choose a password"</a></p>
        }
        .into_any()
    };
    view! { <Sheet heading="Is it you?">{form}</Sheet> }
}
