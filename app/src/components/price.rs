//! What a title costs.

use domain::Money;
use domain::catalog::Price;
use domain::ordering::Order;
use domain::pricing::BundleSaving;
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

/// What bundles and a coupon took off an order.
#[component]
pub fn Discount(order: Order) -> impl IntoView {
    let (subtotal, bundles) = (order.subtotal(), order.bundles());
    let coupon = order.coupon;
    (coupon.is_some() || !bundles.is_empty()).then(|| {
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
