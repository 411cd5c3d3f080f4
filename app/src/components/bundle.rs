//! What a title can be bought together with.

use super::failure::FormError;
use super::field::FormState;
use crate::api::cart::{AddBundle, use_cart};
use crate::components::price::PriceTag;
use crate::components::text::names;
use crate::paths;
use domain::catalog::BundleOffer;
use leptos::prelude::*;

/// The bundles that a title is in.
#[component]
pub fn Bundles(offers: Vec<BundleOffer>) -> impl IntoView {
    let add = use_cart().add_bundle;
    let answer = FormState::of(add);
    let done = move || if answer.done().get() { "All of them are in your cart." } else { "" };
    (!offers.is_empty()).then(|| {
        view! {
            <section class="mt-12" aria-labelledby="bundles" data-testid="bundles">
                <h2 class="text-2xl" id="bundles">"Cheaper together"</h2>
                <FormError message=answer.refused() />
                <p role="status">{done}</p>
                <ul class="mt-4 grid gap-4 md:grid-cols-2">
                    {offers.into_iter().map(|offer| view! { <Bundle offer add /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Bundle(offer: BundleOffer, add: ServerAction<AddBundle>) -> impl IntoView {
    let BundleOffer { id, name, others, price, saves, until } = offer;
    let said = name.clone();
    view! {
        <li class="panel flex flex-col gap-4 p-5">
            <h3 class="font-sans text-base font-semibold break-words">{name}</h3>
            <p class="text-sm text-soft">"Together with"</p>
            <ul class="flex flex-col gap-2">
                {others
                    .into_iter()
                    .map(|book| {
                        view! {
                            <li class="flex flex-wrap items-baseline justify-between gap-x-4">
                                <span>
                                    <a class="link font-serif font-semibold" href=paths::book(&book.slug)>{book.title}</a>
                                    <span class="block text-sm text-soft">{names(&book.authors)}</span>
                                </span>
                                <PriceTag price=book.price />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p>
                <span class="text-xl font-semibold tabular-nums">{price.to_string()}</span>
                {format!(" for all of them: you save {saves}.")}
            </p>
            {until
                .map(|until| {
                    view! {
                        <p class="text-sm text-soft">"until " <time datetime=until.rfc3339()>{until.date()}</time></p>
                    }
                })}
            <ActionForm action=add>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet w-fit" type="submit" disabled=move || add.pending().get()>
                    "Add all to cart"
                    <span class="sr-only">{format!(": {said}")}</span>
                </button>
            </ActionForm>
        </li>
    }
}
