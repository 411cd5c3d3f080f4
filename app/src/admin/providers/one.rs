//! A machine elsewhere that hears or writes.

use super::fields::{FIELDS, Fields};
use super::row::Fares;
use crate::admin::frame::Frame;
use crate::api::providers::{ChangeProvider, RemoveProvider, SwitchProvider, provider};
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::providers::{Provider, ProviderForm};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// What can be done about it.
#[derive(Clone, Copy)]
struct Deeds {
    change: ServerAction<ChangeProvider>,
    changed: FormState<()>,
    switch: ServerAction<SwitchProvider>,
    remove: ServerAction<RemoveProvider>,
}

#[component]
pub fn ProviderPage() -> impl IntoView {
    let change = ServerAction::<ChangeProvider>::new();
    let deeds =
        Deeds { change, changed: FormState::of(change), switch: ServerAction::new(), remove: ServerAction::new() };
    deeds.changed.focus_refused();
    let params = use_params_map();
    let id = move || params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default();
    // What was refused changes nothing, so that it stays as it was typed.
    let changes = Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*change.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { change.version().get() }
    });
    let read = Resource::new(move || (id(), changes.get(), deeds.switch.version().get()), |(id, ..)| provider(id));
    view! {
        <Title text="Who hears or writes" />
        <Frame heading="Who hears or writes".to_owned()>
            <p class="mt-2"><a class="link" href="/admin/models">"All of them"</a></p>
            <FormError message=FormState::of(deeds.switch).refused() />
            <FormError message=FormState::of(deeds.remove).refused() />
            <p role="status" class="mt-2">{move || if deeds.changed.done().get() { "Saved." } else { "" }}</p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |provider| view! { <One provider deeds /> }) })}
            </Transition>
        </Frame>
    }
}

#[component]
fn One(provider: Provider, deeds: Deeds) -> impl IntoView {
    let Deeds { change, changed, switch, remove } = deeds;
    let (id, on, elsewhere, has_key) = (provider.id, provider.on, provider.is_elsewhere(), provider.has_key);
    let (form, version) = (ProviderForm::from(&provider), provider.version);
    let editing = elsewhere.then(|| {
        view! {
            <ActionForm action=change attr:class="panel mt-6 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
                <FormError message=changed.on_form(FIELDS) />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="version" value=version.to_string() />
                <Fields form has_key answer=changed />
                <button class="button w-fit" type="submit" disabled=move || change.pending().get()>"Save"</button>
            </ActionForm>
        }
    });
    let removing = elsewhere.then(|| {
        view! {
            <ActionForm action=remove>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet button-small" type="submit" disabled=move || remove.pending().get()>
                    "Remove it, with its key"
                </button>
            </ActionForm>
        }
    });
    view! {
        <h2 class="mt-4 text-xl">{provider.name.clone()}</h2>
        <Fares provider />
        <div class="mt-4 flex flex-wrap gap-3">
            <ActionForm action=switch>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="on" value=(!on).to_string() />
                <button class="button button-quiet button-small" type="submit" disabled=move || switch.pending().get()>
                    {if on { "Switch it off" } else { "Switch it on" }}
                </button>
            </ActionForm>
            {removing}
        </div>
        {editing}
    }
}
