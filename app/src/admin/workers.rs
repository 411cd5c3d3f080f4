//! Who does the work, and with which models.

use domain::production::{ModelView, WorkerView};
use leptos::prelude::*;

/// Every model that the workers know, once: it is there when one of them has it, and used when one of them uses it.
pub fn models_of(workers: &[WorkerView]) -> Vec<ModelView> {
    let mut models: Vec<ModelView> = Vec::new();
    for model in workers.iter().flat_map(|worker| &worker.facts.models) {
        match models.iter_mut().find(|known| known.name == model.name && known.purpose == model.purpose) {
            Some(known) => {
                known.present |= model.present;
                known.selected |= model.selected;
                known.size = known.size.or(model.size);
            }
            None => models.push(model.clone()),
        }
    }
    models
}

/// Says so where demonstration models are used, and leads to the page where it stands how to get others.
#[component]
pub fn DemonstrationNotice(
    models: Vec<ModelView>,
    /// On that page itself.
    #[prop(optional)]
    among_models: bool,
) -> impl IntoView {
    let used: Vec<_> =
        models.into_iter().filter(|model| model.selected && model.demonstration).map(|model| model.name).collect();
    (!used.is_empty()).then(|| {
        view! {
            <p class="notice" data-testid="demonstration">
                {format!("Demonstration models are in use: {}. ", used.join(" and "))}
                "They know a few hundred words and one synthetic voice: whatever else is said in a recording becomes nonsense. They are for a first try without a network, not for what is sold. "
                {if among_models {
                    "Get others as it stands below them.".into_any()
                } else {
                    view! { <a class="link" href="/admin/models">"Get real models"</a> }.into_any()
                }}
            </p>
        }
    })
}

/// Says that nobody is there to work.
#[component]
pub fn NoWorker() -> impl IntoView {
    view! {
        <p class="alert" data-testid="no-worker">
            "No worker is running, so nothing is transcribed. Start the shop with its worker (worker.enabled = true), or run "
            <code class="font-mono text-sm">"lectern work"</code> " beside it."
        </p>
    }
}

/// The workers, each with what it does now.
#[component]
pub fn Workers(workers: Vec<WorkerView>) -> impl IntoView {
    if workers.is_empty() {
        return view! { <NoWorker /> }.into_any();
    }
    view! {
        <ul class="space-y-3">
            {workers.into_iter().map(|worker| view! { <li><Worker worker /></li> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Worker(worker: WorkerView) -> impl IntoView {
    let facts = worker.facts;
    let slots = match facts.slots.as_slice() {
        [] => "No slot".to_owned(),
        [one] => format!("One slot: {one}"),
        several => format!("{} slots: {}", several.len(), several.join(", ")),
    };
    let doing = if facts.doing.is_empty() { "Waiting for work".to_owned() } else { facts.doing.join("; ") };
    let used: Vec<_> = facts
        .models
        .iter()
        .filter(|model| model.selected)
        .map(|model| format!("{} ({})", model.name, model.purpose))
        .collect();
    let resting = (!facts.resting.is_empty()).then(|| {
        let engines = facts.resting.join(" and ");
        let words = format!("Its engine for {engines} failed again and again: others stand in for some minutes.");
        view! { <p class="mt-1 text-sm font-medium text-danger">{words}</p> }
    });
    let used = if used.is_empty() { "no model; the extractive writer only".to_owned() } else { used.join(", ") };
    view! {
        <article class="panel p-4">
            <h3 class="font-semibold">{facts.host} <span class="font-normal text-soft">" · version " {facts.version}</span></h3>
            <p class="mt-1">{doing}</p>
            <p class="mt-1 text-sm text-soft">{slots} " · Uses " {used}</p>
            {resting}
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::production::WorkerFacts;

    fn worker(present: bool) -> WorkerView {
        let model = ModelView {
            name: "base.en".to_owned(),
            purpose: "speech".to_owned(),
            size: None,
            licence: "MIT".to_owned(),
            present,
            selected: present,
            demonstration: false,
        };
        let facts = WorkerFacts { models: vec![model], ..WorkerFacts::default() };
        WorkerView { id: "w".to_owned(), seen_at: Timestamp(0), facts }
    }

    #[test]
    fn a_model_that_one_of_two_workers_has_is_listed_once_and_as_there() {
        let models = models_of(&[worker(false), worker(true)]);
        assert_eq!(models.len(), 1);
        assert!(models[0].present && models[0].selected);
    }
}
