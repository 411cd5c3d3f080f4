//! What a title costs.

use crate::api::rates::{about, about_in_words};
use domain::Money;
use domain::catalog::Price;
use domain::ordering::Order;
use domain::pricing::BundleSaving;
use domain::pricing::tax::TaxSum;
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
    let about = about(price.now).map(|about| {
        view! { <span class="block text-sm font-normal text-soft" data-testid="about">{about}</span> }
    });
    view! { <span class="whitespace-nowrap tabular-nums">{was} <span>{amount(price.now)}</span> {about}</span> }
}

/// About what a total is in the currency that was chosen, and in what it is paid.
#[component]
pub fn AboutTotal(total: Money) -> impl IntoView {
    about_in_words(total).map(|words| view! { <p class="mt-1 text-sm text-soft" data-testid="about-total">{words}</p> })
}

/// When a sale is over, where somebody knows; the exact moment is in the tag.
#[component]
pub fn Until(price: Price) -> impl IntoView {
    price.on_sale().then_some(price.until).flatten().map(|until| {
        view! {
            <p class="text-sm text-soft" data-testid="until">
                "until " <time datetime=until.rfc3339()>{until.date()}</time>
            </p>
        }
    })
}

/// A line of a bill: what it is, and how much.
#[component]
pub fn BillLine(#[prop(into)] words: String, #[prop(into)] amount: String) -> impl IntoView {
    view! {
        <p class="mt-2 flex items-baseline justify-between gap-4">
            <span class="break-words text-soft">{words}</span>
            <span class="whitespace-nowrap tabular-nums">{amount}</span>
        </p>
    }
}

/// Taxes in a bill: those that come on top stand before its total (`added`), those that are in it after it.
#[component]
pub fn TaxLines(taxes: Vec<TaxSum>, added: bool) -> impl IntoView {
    let taxes: Vec<_> = taxes.into_iter().filter(|tax| tax.added == added).collect();
    (!taxes.is_empty()).then(|| {
        let line = |tax: TaxSum| {
            let words = if tax.added { tax.words() } else { format!("In it, {}", tax.words()) };
            view! { <BillLine words amount=tax.amount.to_string() /> }
        };
        view! { <div class="mt-2" data-testid="tax">{taxes.into_iter().map(line).collect_view()}</div> }
    })
}

/// A line for each bundle that takes something off.
#[component]
pub fn BundleLines(bundles: Vec<BundleSaving>) -> impl IntoView {
    bundles
        .into_iter()
        .map(|BundleSaving { name, off }| {
            view! { <BillLine words=format!("Together as “{name}”") amount=format!("−{off}") /> }
        })
        .collect_view()
}

/// What the titles of an order came to, and what bundles and a coupon took off, where something comes after it.
#[component]
pub fn Discount(order: Order) -> impl IntoView {
    let (subtotal, bundles) = (order.subtotal(), order.bundles());
    let on_top = order.taxes().iter().any(|tax| tax.added);
    let coupon = order.coupon;
    (on_top || coupon.is_some() || !bundles.is_empty()).then(|| {
        let coupon = coupon.map(|code| {
            view! { <BillLine words=format!("Coupon {code}") amount=format!("−{}", order.discount) /> }
        });
        view! {
            <div class="mt-4" data-testid="discount">
                <BillLine words="Subtotal" amount=amount(subtotal) />
                <BundleLines bundles />
                {coupon}
            </div>
        }
    })
}
