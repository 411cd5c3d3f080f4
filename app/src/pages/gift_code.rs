//! Where the code of a gift is typed in, by whoever got it on paper.

use super::account::Sheet;
use crate::api::gifts::OpenGift;
use crate::components::failure::FormError;
use crate::components::field::{Field, FormState};
use crate::components::tags::{Title, Unlisted};
use leptos::prelude::*;

#[component]
pub fn GiftCodePage() -> impl IntoView {
    let go = ServerAction::<OpenGift>::new();
    let answer = FormState::of(go);
    answer.focus_refused();
    let pending = go.pending();
    view! {
        <Title text="Open a gift" />
        <Unlisted />
        <Sheet heading="Open a gift">
            <p class="mt-4 text-soft">
                "Write the code that you were given: twenty letters and digits. Hyphens, spaces and capitals don’t matter."
            </p>
            <ActionForm action=go attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.refused() />
                <Field name="code" label="Code of the gift" autocomplete="off" error=answer.on_field("code") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Open it"</button>
            </ActionForm>
        </Sheet>
    }
}
