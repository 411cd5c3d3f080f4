//! Where the first admin of a shop is made.

use super::account::Sheet;
use crate::api::setup::{CreateFirstAdmin, setup_is_open};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::new_password::NewPasswordField;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use leptos::prelude::*;

#[component]
pub fn SetupPage() -> impl IntoView {
    let create = ServerAction::<CreateFirstAdmin>::new();
    let answer = FormState::of(create);
    answer.focus_refused();
    let read = Resource::new(|| (), |()| setup_is_open());
    view! {
        <Title text="Open your shop" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |open| view! { <Setup open create answer /> })
            })}
        </Transition>
    }
}

#[component]
fn Setup(open: bool, create: ServerAction<CreateFirstAdmin>, answer: FormState<()>) -> impl IntoView {
    if !open {
        return view! {
            <Sheet heading="This shop is open">
                <p class="mt-4 text-soft">"It has an admin, who lets others in."</p>
                <p class="mt-8 flex flex-wrap gap-3">
                    <a class="button" href="/login">"Log in"</a>
                    <a class="button button-quiet" href="/">"Go to the shop window"</a>
                </p>
            </Sheet>
        }
        .into_any();
    }
    let pending = create.pending();
    view! {
        <Sheet heading="Open your shop">
            <p class="mt-4 text-soft">"Make its first admin: yourself. Then upload a book."</p>
            <ActionForm action=create attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["code", "name", "email", "password"]) />
                <Field
                    name="code"
                    label="Code"
                    hint="The server printed it when it was started: sixteen letters, in its log."
                    error=answer.on_field("code")
                />
                <Field name="name" label="Your name" autocomplete="name" maxlength="120" error=answer.on_field("name") />
                <Field name="email" label="Email address" kind="email" autocomplete="email" error=answer.on_field("email") />
                <NewPasswordField error=answer.on_field("password") />
                <label class="flex items-start gap-3">
                    <input class="mt-1" type="checkbox" name="starters" value="true" checked />
                    <span>"Begin with a usual list of categories. You can change it at any time."</span>
                </label>
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Open the shop"</button>
            </ActionForm>
        </Sheet>
    }
    .into_any()
}
