//! Who hears and who writes: a part of the page of the models.

mod fields;
mod one;
mod row;

pub use one::ProviderPage;

use crate::AppError;
use crate::api::providers::{AddProvider, MoveProvider, SwitchProvider, providers};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, FormState};
use crate::components::skeleton::PageSkeleton;
use domain::account::Permission;
use domain::providers::{Provider, ProviderForm, Purpose};
use fields::{FIELDS, Fields};
use leptos::prelude::*;
use row::Row;

/// Those of the page, and what can be done about them.
#[derive(Clone, Copy)]
pub struct Providers {
    read: Resource<Result<Option<Vec<Provider>>, AppError>>,
    add: ServerAction<AddProvider>,
    added: FormState<()>,
    switch: ServerAction<SwitchProvider>,
    shift: ServerAction<MoveProvider>,
}

impl Providers {
    /// Reads them, and again after each change.
    pub fn new() -> Self {
        let add = ServerAction::<AddProvider>::new();
        let (switch, shift) = (ServerAction::<SwitchProvider>::new(), ServerAction::<MoveProvider>::new());
        let added = FormState::of(add);
        added.focus_refused();
        added.empty_when_done(&["name", "address", "model", "key"]);
        let changes = move || (add.version().get(), switch.version().get(), shift.version().get());
        Self { read: Resource::new(changes, |_| read()), add, added, switch, shift }
    }
}

/// None for whoever may not see them.
async fn read() -> Result<Option<Vec<Provider>>, AppError> {
    match crate::api::account::viewer().await? {
        Some(user) if user.may(Permission::Settings) => providers().await.map(Some),
        _ => Ok(None),
    }
}

#[component]
pub fn ProviderPanel(all: Providers) -> impl IntoView {
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(all.read.await, move |read| read.map(|providers| view! { <Shown providers all /> }))
            })}
        </Transition>
    }
}

#[component]
fn Shown(providers: Vec<Provider>, all: Providers) -> impl IntoView {
    let of = |purpose: Purpose| providers.iter().filter(|one| one.purpose == purpose).cloned().collect::<Vec<_>>();
    let (speech, writing) = (of(Purpose::Speech), of(Purpose::Writing));
    view! {
        <section class="mt-12" id="providers" aria-labelledby="providers-heading">
            <h2 class="text-2xl" id="providers-heading">"Who hears and who writes"</h2>
            <p class="mt-2 max-w-prose text-soft">
                "The first that is on is asked first; where it cannot, the next one stands in, and the title’s page says why. A change counts at once, without a restart."
            </p>
            <FormError message=FormState::of(all.switch).refused() />
            <FormError message=FormState::of(all.shift).refused() />
            <List id="who-hears" heading="Who hears" providers=speech all />
            <List id="who-writes" heading="Who writes" providers=writing all />
            <NewProvider all />
        </section>
    }
}

#[component]
fn List(id: &'static str, heading: &'static str, providers: Vec<Provider>, all: Providers) -> impl IntoView {
    let last = providers.len().saturating_sub(1);
    view! {
        <h3 class="mt-6 text-xl" id=id>{heading}</h3>
        <ol class="mt-2 divide-y divide-line border-y border-line" aria-labelledby=id data-testid=id>
            {providers
                .into_iter()
                .enumerate()
                .map(|(place, provider)| {
                    view! { <Row provider switch=all.switch shift=all.shift first=place == 0 last=place == last /> }
                })
                .collect_view()}
        </ol>
    }
}

#[component]
fn NewProvider(all: Providers) -> impl IntoView {
    let Providers { add, added, .. } = all;
    let options =
        vec![("speech".to_owned(), "It hears what is said".to_owned()), ("writing".to_owned(), "It writes".to_owned())];
    let form = ProviderForm {
        time_limit: "60".to_owned(),
        tries: "3".to_owned(),
        context: "8192".to_owned(),
        currency: "USD".to_owned(),
        ..ProviderForm::default()
    };
    view! {
        <section class="panel mt-8 max-w-2xl p-5 sm:p-6" aria-labelledby="add-provider">
            <h3 class="text-xl" id="add-provider">"Add a machine elsewhere"</h3>
            <p class="mt-2 text-soft">
                "One that speaks as the API of OpenAI does. It is off at first. Once it is on, the sound of titles (where it hears) or their words (where it writes) are sent there, and the privacy page says so."
            </p>
            <ActionForm action=add attr:class="mt-4 flex flex-col gap-5">
                <FormError message=added.on_form(FIELDS) />
                <Choice
                    name="purpose"
                    within="form"
                    label="What it does"
                    options
                    chosen=String::new()
                    error=added.on_field("purpose")
                />
                <Fields form has_key=false answer=added />
                <button class="button w-fit" type="submit" disabled=move || add.pending().get()>"Add it, switched off"</button>
            </ActionForm>
        </section>
    }
}
