//! A model in the list: whether it is here, and how it gets here.

use super::Deeds;
use crate::admin::upload::throughput::bytes;
use crate::components::icons::{CHECK, Icon};
use domain::production::{Fetching, ModelView};
use leptos::prelude::*;

#[component]
pub(super) fn Model(
    model: ModelView,
    /// How far it is at the workers that fetch it.
    arriving: Vec<Fetching>,
    /// Whether the workers are to fetch it; `None` for whoever has no say in that.
    asked: Option<bool>,
    deeds: Deeds,
) -> impl IntoView {
    let size = model.size.map_or_else(|| "size unknown".to_owned(), in_words);
    let state = match (model.selected, model.present) {
        (true, _) => "In use",
        (false, true) => "Here",
        (false, false) => "Not here",
    };
    let demonstration =
        model.demonstration.then_some(" · for demonstrations only: knows a few hundred words and one synthetic voice");
    let missing = !model.present && !model.demonstration;
    let on_its_way = missing && (asked == Some(true) || !arriving.is_empty());
    let pull = (missing && !on_its_way).then(|| {
        view! {
            <p class="col-span-full text-sm">
                <span class="text-soft">"To get it: "</span>
                <code class="rounded bg-sunken px-1.5 py-0.5 font-mono break-all">{format!("lectern models pull {}", model.name)}</code>
            </p>
        }
    });
    let name = model.name.clone();
    let deed = match asked {
        Some(true) if missing => Some(view! { <CallOff name deeds /> }.into_any()),
        Some(false) if missing => Some(view! { <Fetch name deeds /> }.into_any()),
        _ => None,
    };
    let way = on_its_way.then(|| view! { <OnItsWay name=model.name.clone() arriving /> });
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3" data-testid="model" data-name=model.name.clone()>
            <h3 class="font-semibold break-words">{model.name.clone()}</h3>
            <p class="flex items-center gap-1 text-sm font-semibold whitespace-nowrap">
                {model.present.then(|| view! { <Icon path=CHECK /> })} {state}
            </p>
            <p class="col-span-full text-sm text-soft">{size} " · licence: " {model.licence} {demonstration}</p>
            {way}
            {pull}
            {deed}
        </li>
    }
}

/// How far a model is at each worker that fetches it.
#[component]
fn OnItsWay(name: String, arriving: Vec<Fetching>) -> impl IntoView {
    if arriving.is_empty() {
        return view! { <p class="col-span-full text-sm" role="status">"A worker will begin in a moment."</p> }
            .into_any();
    }
    let row = move |fetching: Fetching| {
        let label = format!("{name}, progress");
        let (done, most) = (fetching.received.to_string(), fetching.size.unwrap_or(0).max(fetching.received).max(1));
        let failure = fetching.failure.clone().map(|failure| {
            view! { <p class="mt-1 text-sm font-medium text-danger break-words">{failure} " It is tried again."</p> }
        });
        view! {
            <div class="col-span-full" data-testid="fetching">
                <progress class="bar mt-1" max=most.to_string() value=done aria-label=label></progress>
                <p class="mt-1 text-sm text-soft tabular-nums">{progress(&fetching)}</p>
                {failure}
            </div>
        }
    };
    arriving.into_iter().map(row).collect_view().into_any()
}

#[component]
fn Fetch(name: String, deeds: Deeds) -> impl IntoView {
    let (fetch, spoken) = (deeds.fetch, format!(" {name}"));
    view! {
        <ActionForm action=fetch attr:class="col-span-full mt-1">
            <input type="hidden" name="name" value=name />
            <button class="button button-quiet button-small" type="submit" disabled=move || fetch.pending().get()>
                "Fetch it to every worker" <span class="sr-only">{spoken}</span>
            </button>
        </ActionForm>
    }
}

#[component]
fn CallOff(name: String, deeds: Deeds) -> impl IntoView {
    let (call_off, spoken) = (deeds.call_off, format!(" {name}"));
    view! {
        <ActionForm action=call_off attr:class="col-span-full mt-1">
            <input type="hidden" name="name" value=name />
            <button class="button button-quiet button-small" type="submit" disabled=move || call_off.pending().get()>
                "Stop fetching it" <span class="sr-only">{spoken}</span>
            </button>
        </ActionForm>
    }
}

/// `12.5 MB of 142.0 MB`.
fn progress(fetching: &Fetching) -> String {
    let received = in_words(fetching.received);
    fetching.size.map_or_else(|| received.clone(), |size| format!("{received} of {}", in_words(size)))
}

#[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
fn in_words(size: u64) -> String {
    bytes(size as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_model_is_is_told_in_bytes() {
        let fetching =
            Fetching { name: "base.en".to_owned(), received: 12_500_000, size: Some(142_000_000), failure: None };
        assert_eq!(progress(&fetching), "12.5 MB of 142.0 MB");
        assert_eq!(progress(&Fetching { size: None, ..fetching }), "12.5 MB");
    }
}
