//! One who hears or writes, as it stands in the list.

use crate::admin::named::Shift;
use crate::api::providers::{MoveProvider, SwitchProvider};
use crate::components::moment::Moment;
use crate::components::text::count;
use crate::paths;
use domain::providers::{Breaker, Month, Prices, Provider, ProviderKind};
use leptos::prelude::*;

#[component]
pub fn Row(
    provider: Provider,
    switch: ServerAction<SwitchProvider>,
    shift: ServerAction<MoveProvider>,
    first: bool,
    last: bool,
) -> impl IntoView {
    let (id, on, name) = (provider.id, provider.on, provider.name.clone());
    let spoken = format!(" {name}");
    let heading = if provider.is_elsewhere() {
        view! { <a class="link" href=paths::admin_provider(id)>{name.clone()}</a> }.into_any()
    } else {
        name.clone().into_any()
    };
    view! {
        <li class="flex flex-wrap items-start justify-between gap-4 py-4" data-testid="provider" data-on=on.to_string()>
            <div class="min-w-0">
                <h4 class="font-sans text-base font-semibold break-words">{heading}</h4>
                <p class="text-sm text-soft break-words">{about(&provider)}</p>
                <Fares provider=provider.clone() />
            </div>
            <div class="flex shrink-0 flex-wrap gap-2">
                <ActionForm action=switch>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="on" value=(!on).to_string() />
                    <button class="button button-quiet button-small" type="submit" disabled=move || switch.pending().get()>
                        {if on { "Switch off" } else { "Switch on" }} <span class="sr-only">{spoken}</span>
                    </button>
                </ActionForm>
                <Shift action=shift up=true name=name.clone() disabled=first>
                    <input type="hidden" name="id" value=id.to_string() />
                </Shift>
                <Shift action=shift up=false name=name.clone() disabled=last>
                    <input type="hidden" name="id" value=id.to_string() />
                </Shift>
            </div>
        </li>
    }
}

/// Whether it is on, how it stands with its failures, and what it cost.
#[component]
pub fn Fares(provider: Provider) -> impl IntoView {
    let elsewhere = provider.is_elsewhere();
    let spent = elsewhere.then(|| view! { <p class="text-sm text-soft">{spent(provider.prices, provider.month)}</p> });
    let failed = provider.failed.map(|(at, why)| {
        view! { <p class="text-sm text-soft break-words">"It failed last on " <Moment at /> {format!(": {why}.")}</p> }
    });
    let state = if provider.on {
        match provider.breaker {
            Breaker::Open { until } => view! {
                <p class="text-sm font-medium text-danger" data-testid="breaker">
                    "On, and left alone until " <Moment at=until /> ", as it failed again and again"
                </p>
            }
            .into_any(),
            Breaker::HalfOpen => view! {
                <p class="text-sm font-medium text-danger" data-testid="breaker">
                    "On; the next call looks whether it is well again"
                </p>
            }
            .into_any(),
            Breaker::Closed { .. } => {
                view! { <p class="text-sm font-medium" data-testid="breaker">"On"</p> }.into_any()
            }
        }
    } else {
        view! { <p class="text-sm font-medium" data-testid="breaker">"Off"</p> }.into_any()
    };
    view! {
        {state}
        {spent}
        {failed}
    }
}

/// Who it is, in a line.
fn about(provider: &Provider) -> String {
    match provider.kind {
        ProviderKind::Engine => "On the machines of the shop’s workers, with the model that they use.".to_owned(),
        ProviderKind::Extractive => "Picks sentences of the transcript. It needs no model and always can.".to_owned(),
        ProviderKind::Http => {
            let key = if provider.has_key { "with a key" } else { "without a key" };
            let tries = count(u64::try_from(provider.tries).unwrap_or(0), "try", "tries");
            let (host, model) = (provider.host().unwrap_or_default(), &provider.model);
            format!("{model} at {host}, {key} · {tries} of {} s at most", provider.time_limit_s)
        }
    }
}

/// What it cost this month.
fn spent(prices: Prices, month: Month) -> String {
    let calls = count(u64::try_from(month.calls).unwrap_or(0), "call", "calls");
    let currency = prices.currency;
    let of = prices.budget.map_or_else(|| ", no limit".to_owned(), |budget| format!(" of {budget} {currency}"));
    format!("This month: {calls}, {} {currency}{of}", month.spent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;
    use domain::providers::Micros;

    #[test]
    fn what_was_spent_is_told_with_what_may_be() {
        let prices = Prices {
            currency: Currency::USD,
            input: Micros(6_000),
            output: Micros(0),
            budget: Some(Micros(20_000_000)),
        };
        let month = Month { calls: 1, spent: Micros(3_000) };
        assert_eq!(spent(prices, month), "This month: 1 call, 0.003 USD of 20 USD");
        let free = Prices { budget: None, ..prices };
        assert!(spent(free, month).ends_with(", no limit"));
    }
}
