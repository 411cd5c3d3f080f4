//! The models that the workers know, have and use.

use super::frame::Frame;
use super::upload::throughput::bytes;
use super::workers::{DemonstrationNotice, NoWorker, models_of};
use crate::api::production::workers;
use crate::components::failure::outcome;
use crate::components::icons::{CHECK, Icon};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::production::{ModelView, WorkerView};
use leptos::prelude::*;

#[component]
pub fn ModelsPage() -> impl IntoView {
    let read = Resource::new(|| (), |()| workers());
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, |workers| view! { <Models workers /> }) })}
        </Transition>
    }
}

#[component]
fn Models(workers: Vec<WorkerView>) -> impl IntoView {
    let models = models_of(&workers);
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
    let (speech, writing) = (of("speech"), of("writing"));
    view! {
        <Title text="Models" />
        <Frame heading="Models".to_owned()>
            {nobody} <div class="mt-6 empty:hidden"><DemonstrationNotice models=models.clone() among_models=true /></div>
            <Group
                id="speech"
                heading="Speech"
                about="A speech model hears the words. The larger ones hear better and take longer."
                models=speech
            />
            <Group
                id="writing"
                heading="Writing"
                about="A writing model proposes the description and the categories. Without one, sentences are picked from the transcript."
                models=writing
            />
        </Frame>
    }
}

#[component]
fn Group(id: &'static str, heading: &'static str, about: &'static str, models: Vec<ModelView>) -> impl IntoView {
    (!models.is_empty()).then(|| {
        view! {
            <section class="mt-10" aria-labelledby=id>
                <h2 class="text-xl" id=id>{heading}</h2>
                <p class="mt-1 max-w-prose text-soft">{about}</p>
                <ul class="mt-4 divide-y divide-line border-y border-line">
                    {models.into_iter().map(|model| view! { <Model model /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Model(model: ModelView) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    let size = model.size.map_or_else(|| "size unknown".to_owned(), |size| bytes(size as f64));
    let state = match (model.selected, model.present) {
        (true, _) => "In use",
        (false, true) => "Here",
        (false, false) => "Not here",
    };
    let demonstration =
        model.demonstration.then_some(" · for demonstrations only: knows a few hundred words and one synthetic voice");
    let pull = (!model.present && !model.demonstration).then(|| {
        view! {
            <p class="col-span-full text-sm">
                <span class="text-soft">"To get it: "</span>
                <code class="rounded bg-sunken px-1.5 py-0.5 font-mono break-all">{format!("lectern models pull {}", model.name)}</code>
            </p>
        }
    });
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3" data-testid="model" data-name=model.name.clone()>
            <h3 class="font-semibold break-words">{model.name.clone()}</h3>
            <p class="flex items-center gap-1 text-sm font-semibold whitespace-nowrap">
                {model.present.then(|| view! { <Icon path=CHECK /> })} {state}
            </p>
            <p class="col-span-full text-sm text-soft">{size} " · licence: " {model.licence} {demonstration}</p>
            {pull}
        </li>
    }
}
