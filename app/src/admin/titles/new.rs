//! The beginning of a title whose files come later.

use crate::api::admin::CreateDraft;
use crate::components::failure::FormError;
use crate::components::field::{Field, FormState};
use leptos::prelude::*;

#[component]
pub fn NewTitle() -> impl IntoView {
    let create = ServerAction::<CreateDraft>::new();
    let answer = FormState::of(create);
    answer.focus_refused();
    view! {
        <section class="panel mt-12 p-5 sm:p-6" id="new" aria-labelledby="new-title">
            <h2 class="text-xl" id="new-title">"New title"</h2>
            <ActionForm action=create attr:class="mt-4 flex max-w-xl flex-col gap-4">
                <FormError message=answer.on_form(&["title"]) />
                <Field
                    name="title"
                    label="Title"
                    hint="You can change it later. The audio files are added on the title's own page."
                    maxlength="300"
                    error=answer.on_field("title")
                />
                <button class="button w-fit" type="submit" disabled=move || create.pending().get() data-testid="create-title">
                    "Begin"
                </button>
            </ActionForm>
        </section>
    }
}
