//! The way from a title's page to owning it.

use super::failure::FormError;
use super::field::FormState;
use super::icons::{CHECK, Icon};
use super::price::{PriceTag, Until};
use crate::AppError;
use crate::api::cart::use_cart;
use crate::api::catalog::availability;
use crate::paths;
use domain::catalog::Price;
use domain::ordering::Availability;
use leptos::html;
use leptos::prelude::*;

/// The price, and what one can do about it: add to the cart, go to the cart, go to the library.
#[component]
pub fn BuyBox(
    slug: String,
    price: Price,
    /// Licences that are left to sell, where they are counted.
    left: Option<i32>,
) -> impl IntoView {
    let cart = use_cart();
    let availability = {
        let slug = slug.clone();
        Resource::new(move || cart.version.get(), move |_| availability(slug.clone()))
    };
    // What was refused for one title is not said on another's page.
    let answer = FormState::of(cart.add);
    let pressed = RwSignal::new(false);
    let (refused, done) = (answer.refused(), answer.done());
    let announced = move || if pressed.get() && done.get() { "Added to your cart." } else { "" };
    view! {
        <div class="flex flex-col gap-4">
            <FormError message=refused />
            <Transition fallback=|| view! { <div class="skeleton h-11 w-48"></div> }>
                {move || {
                    let slug = slug.clone();
                    Suspend::new(async move { choice(availability.await, slug, price, left, pressed) })
                }}
            </Transition>
            <p class="sr-only" role="status">{announced}</p>
        </div>
    }
}

fn choice(
    availability: Result<Availability, AppError>,
    slug: String,
    price: Price,
    left: Option<i32>,
    pressed: RwSignal<bool>,
) -> AnyView {
    let cart = use_cart();
    let left = left.map(|left| view! { <p class="text-soft" data-testid="licences-left">{format!("{left} left")}</p> });
    let tag = view! {
        <div>
            <p class="text-2xl font-semibold"><PriceTag price /></p>
            <Until price />
        </div>
        {left}
    };
    match availability {
        Ok(Availability::ForSale) => view! {
            <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
                {tag}
                <ActionForm action=cart.add>
                    <input type="hidden" name="slug" value=slug />
                    <button
                        class="button min-w-44"
                        type="submit"
                        disabled=move || cart.add.pending().get()
                        on:click=move |_| pressed.set(true)
                    >
                        "Add to cart"
                    </button>
                </ActionForm>
            </div>
        }
        .into_any(),
        Ok(Availability::InCart) => {
            let link = NodeRef::<html::A>::new();
            // The button that was pressed is gone: the focus goes on to what took its place.
            link.on_load(move |link| {
                if pressed.get_untracked() {
                    request_animation_frame(move || {
                        link.focus().ok();
                    });
                }
            });
            view! {
                <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
                    {tag}
                    <a class="button min-w-44" href="/cart" node_ref=link>
                        <Icon path=CHECK />
                        "In your cart"
                    </a>
                </div>
            }
            .into_any()
        }
        Ok(Availability::Owned) => view! {
            <a class="button w-fit min-w-44" href=paths::library_book(&slug)>
                <Icon path=CHECK />
                "In your library"
            </a>
        }
        .into_any(),
        Ok(Availability::SoldOut) => view! {
            <p class="text-lg font-semibold">"Sold out"</p>
            <p class="text-soft">"Every licence of this title has been sold."</p>
        }
        .into_any(),
        Ok(Availability::NotForSale) => {
            view! { <p class="text-lg">"This title is not for sale at the moment."</p> }.into_any()
        }
        Err(error) => view! { <p class="alert">{error.to_string()}</p> }.into_any(),
    }
}
