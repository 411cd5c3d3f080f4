//! The models that the workers know, have and use, how to get others, and who hears and writes in which order.

mod model;

use super::frame::Frame;
use super::providers::{ProviderPanel, Providers};
use super::workers::{DemonstrationNotice, NoWorker, models_of};
use crate::AppError;
use crate::api::production::workers;
use crate::api::providers::{CallOffModel, FetchModel, wanted_models};
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::Permission;
use domain::production::{Fetching, ModelView, WorkerView};
use leptos::prelude::*;
use model::Model;
use std::time::Duration;

/// How often the shop is asked while a model is on its way.
const SOON: Duration = Duration::from_secs(2);

/// What can be done about models.
#[derive(Clone, Copy)]
struct Deeds {
    fetch: ServerAction<FetchModel>,
    call_off: ServerAction<CallOffModel>,
    /// How often somebody looked again.
    looks: RwSignal<usize>,
}

/// What is read for the page: the workers, and the models that they are to fetch; `None` for whoever has no say in that.
type Read = (Vec<WorkerView>, Option<Vec<String>>);

async fn read() -> Result<Read, AppError> {
    let workers = workers().await?;
    let user = crate::api::account::viewer().await?.ok_or(AppError::Unauthenticated)?;
    let wanted = if user.may(Permission::Settings) { Some(wanted_models().await?) } else { None };
    Ok((workers, wanted))
}

#[component]
pub fn ModelsPage() -> impl IntoView {
    let deeds = Deeds { fetch: ServerAction::new(), call_off: ServerAction::new(), looks: RwSignal::new(0) };
    let providers = Providers::new();
    let changes = move || (deeds.fetch.version().get(), deeds.call_off.version().get(), deeds.looks.get());
    let read = Resource::new(changes, |_| read());
    view! {
        <Title text="Models" />
        <Frame heading="Models".to_owned()>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    outcome(read.await, move |(workers, wanted)| view! { <Models workers wanted deeds /> })
                })}
            </Transition>
            <ProviderPanel all=providers />
        </Frame>
    }
}

#[component]
fn Models(workers: Vec<WorkerView>, wanted: Option<Vec<String>>, deeds: Deeds) -> impl IntoView {
    let models = models_of(&workers);
    let arriving: Vec<Fetching> = workers.iter().flat_map(|worker| worker.facts.fetching.clone()).collect();
    let here = |name: &String| models.iter().any(|model| model.name == *name && model.present);
    if !arriving.is_empty() || wanted.iter().flatten().any(|name| !here(name)) {
        look_again(deeds);
    }
    let nobody = workers.is_empty().then(|| {
        view! {
            <div class="mt-6"><NoWorker /></div>
            <p class="mt-4 text-soft">
                "The workers tell which models they have. Without one, "
                <code class="font-mono text-sm">"lectern models list"</code> " does."
            </p>
        }
    });
    let of = |purpose: &str| models.iter().filter(|model| model.purpose == purpose).cloned().collect::<Vec<_>>();
    let (speech, writing, embedding) = (of("speech"), of("writing"), of("embedding"));
    let no_embedding = (!models.is_empty() && embedding.is_empty()).then(|| {
        view! {
            <p class="mt-10 max-w-prose text-soft">
                "No embedding model is here. With one (a GGUF file in the folder of models), what a description claims has to mean what the book says there; until then it has to share its words."
            </p>
        }
    });
    view! {
        <FormError message=FormState::of(deeds.fetch).refused() />
        <FormError message=FormState::of(deeds.call_off).refused() />
        {nobody}
        <div class="mt-6 empty:hidden"><DemonstrationNotice models=models.clone() among_models=true /></div>
        <Group
            id="speech"
            heading="Speech"
            about="A speech model hears the words. The larger ones hear better and take longer."
            models=speech
            arriving=arriving.clone()
            wanted=wanted.clone()
            deeds
        />
        <Group
            id="writing"
            heading="Writing"
            about="A writing model proposes the description and the categories. Without one, sentences are picked from the transcript."
            models=writing
            arriving=arriving.clone()
            wanted=wanted.clone()
            deeds
        />
        <Group
            id="embedding"
            heading="Meaning"
            about="An embedding model tells what texts mean. With one, what a description claims has to mean what the book says there, and not only share its words."
            models=embedding
            arriving
            wanted
            deeds
        />
        {no_embedding}
    }
}

/// Asks again in a moment. Only a browser waits.
fn look_again(deeds: Deeds) {
    Effect::new(move |_| {
        set_timeout(move || deeds.looks.try_update(|looks| *looks += 1).unwrap_or_default(), SOON);
    });
}

#[component]
fn Group(
    id: &'static str,
    heading: &'static str,
    about: &'static str,
    models: Vec<ModelView>,
    arriving: Vec<Fetching>,
    wanted: Option<Vec<String>>,
    deeds: Deeds,
) -> impl IntoView {
    let row = move |model: ModelView| {
        let of_it = arriving.iter().filter(|fetching| fetching.name == model.name).cloned().collect::<Vec<_>>();
        let asked = wanted.as_ref().map(|wanted| wanted.contains(&model.name));
        view! { <Model model arriving=of_it asked deeds /> }
    };
    (!models.is_empty()).then(|| {
        view! {
            <section class="mt-10" aria-labelledby=id>
                <h2 class="text-xl" id=id>{heading}</h2>
                <p class="mt-1 max-w-prose text-soft">{about}</p>
                <ul class="mt-4 divide-y divide-line border-y border-line">{models.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}
