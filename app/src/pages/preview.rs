//! A draft as a shopper will see it: on its page, and as a card in a list. Only admins come here, and nothing can be bought.

use crate::components::books::Shelf;
use crate::components::price::PriceTag;
use crate::paths;
use domain::catalog::{AudiobookSummary, Price};
use leptos::prelude::*;
use uuid::Uuid;

/// A thin bar over the page, which shoppers never see.
#[component]
pub fn PreviewBar(id: Uuid, slug: String, card: bool) -> impl IntoView {
    let current = |here: bool| here.then_some("page");
    view! {
        <aside class="bg-accent text-on-accent" aria-label="Preview" data-testid="preview-bar">
            <div class="page flex flex-wrap items-center gap-x-5 gap-y-1 py-1.5 text-sm">
                <p class="font-semibold">"Preview: only admins see this"</p>
                <a class="underline underline-offset-4" href=paths::preview(&slug, false) aria-current=current(!card)>"Its page"</a>
                <a class="underline underline-offset-4" href=paths::preview(&slug, true) aria-current=current(card)>"In a list"</a>
                <a class="underline underline-offset-4" href=paths::admin_title(id)>"Back to editing"</a>
            </div>
        </aside>
    }
}

/// What stands in the place of buying.
#[component]
pub fn PreviewBuy(price: Price) -> impl IntoView {
    view! {
        <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
            <p class="text-2xl font-semibold"><PriceTag price /></p>
            <button class="button min-w-44" type="button" disabled>"Add to cart"</button>
        </div>
    }
}

/// The title as it stands on a shelf.
#[component]
pub fn PreviewCard(card: AudiobookSummary) -> impl IntoView {
    view! {
        <div class="page py-8 sm:py-12">
            <h1 class="text-3xl">"In a list"</h1>
            <div class="mt-8"><Shelf books=vec![card] /></div>
        </div>
    }
}
