//! The choice of a currency in which prices are shown as well.

use crate::api::rates::use_rates;
use crate::api::settings::use_shop;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A plain form at the foot of every page: it works with and without JavaScript alike, and the page is drawn anew.
#[component]
pub fn CurrencyChoice() -> impl IntoView {
    let (shown, shop, location) = (use_rates(), use_shop(), use_location());
    let here = move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        if search.is_empty() { path } else { format!("{path}?{search}") }
    };
    (!shown.choices.is_empty()).then(|| {
        let own = shop.settings().with_untracked(|settings| settings.currency);
        let option = |code: &str, chosen: bool| {
            view! { <option value=code.to_owned() selected=chosen>{code.to_owned()}</option> }
        };
        let options = shown
            .choices
            .iter()
            .filter(|currency| **currency != own)
            .map(|currency| option(currency.code(), shown.chosen == Some(*currency)))
            .collect_view();
        let by = shown.chosen.zip(shown.rates.as_ref()).map(|(chosen, rates)| {
            let day = rates.day.starts_at().date();
            view! {
                <p class="w-full" data-testid="rates">
                    {format!("Amounts in {chosen} are about, by the rates of {day}. You pay in the currency of the price.")}
                </p>
            }
        });
        view! {
            <form
                class="flex w-full flex-wrap items-center gap-x-3 gap-y-2"
                method="post"
                action="/api/shop/choose-currency"
                data-testid="currency-choice"
            >
                <label for="show-prices-in">"Show prices in"</label>
                <select class="input w-auto" id="show-prices-in" name="currency">
                    <option value="" selected=shown.chosen.is_none()>{own.code().to_owned()}</option>
                    {options}
                </select>
                <input type="hidden" name="next" value=here />
                <button class="button button-quiet button-small" type="submit">"Use this currency"</button>
                {by}
            </form>
        }
    })
}
