//! What a title costs.

use domain::Money;
use domain::catalog::Price;
use leptos::prelude::*;

/// An amount, or "Free".
pub fn amount(money: Money) -> String {
    if money.minor == 0 { "Free".to_owned() } else { money.to_string() }
}

/// The price; during a sale beside the regular one, struck through and named for those who cannot see that.
#[component]
pub fn PriceTag(price: Price) -> impl IntoView {
    let was = price.on_sale().then(|| {
        view! {
            <span class="sr-only">"Regular price "</span>
            <s class="font-normal text-soft">{amount(price.list)}</s>
            <span class="sr-only">", now "</span>
            " "
        }
    });
    view! { <span class="whitespace-nowrap tabular-nums">{was} <span>{amount(price.now)}</span></span> }
}
