//! What tax the people of a country pay, and whether it is in the prices.

use super::frame::Frame;
use crate::api::taxes::{RemoveTax, SaveTax, SaveTaxMode, taxes};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::Country;
use domain::pricing::tax::{CountryTax, Taxes};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What can be done, and what it came back with.
#[derive(Clone, Copy)]
struct Deeds {
    save: ServerAction<SaveTax>,
    saved: FormState<CountryTax>,
    mode: ServerAction<SaveTaxMode>,
    moded: FormState<()>,
    remove: ServerAction<RemoveTax>,
}

#[component]
pub fn TaxesPage() -> impl IntoView {
    let (save, mode, remove) =
        (ServerAction::<SaveTax>::new(), ServerAction::<SaveTaxMode>::new(), ServerAction::<RemoveTax>::new());
    let deeds = Deeds { save, saved: FormState::of(save), mode, moded: FormState::of(mode), remove };
    deeds.saved.focus_refused();
    deeds.saved.empty_when_done(&["name", "rate"]);
    let query = use_query_map();
    let done = move || {
        let asked = query.read().get_str("saved").is_some();
        if deeds.saved.done().get() || deeds.moded.done().get() || asked { "Saved." } else { "" }
    };
    let read = Resource::new(move || (save.version().get(), mode.version().get(), remove.version().get()), |_| taxes());
    view! {
        <Title text="Taxes" />
        <Frame heading="Taxes".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Buyers say at the checkout where they live, and pay the tax of that country. Without any tax here nobody is asked. An order keeps the taxes of its day."
            </p>
            <p role="status" class="mt-2">{done}</p>
            <FormError message=FormState::of(remove).refused() />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |taxes| view! { <Shown taxes deeds /> }) })}
            </Transition>
            <TaxForm deeds />
        </Frame>
    }
}

#[component]
fn Shown(taxes: Taxes, deeds: Deeds) -> impl IntoView {
    let Taxes { added, of } = taxes;
    let remove = deeds.remove;
    let row = move |CountryTax { country, name, rate }: CountryTax| {
        view! {
            <li class="flex flex-wrap items-center justify-between gap-4 py-3">
                <p><span class="font-semibold">{country.name()}</span> ": " {format!("{name} {rate}")}</p>
                <ActionForm action=remove>
                    <input type="hidden" name="country" value=country.code() />
                    <button class="button button-quiet button-small" type="submit" disabled=move || remove.pending().get()>
                        "Remove"
                        <span class="sr-only">{format!(" the tax of {country}")}</span>
                    </button>
                </ActionForm>
            </li>
        }
    };
    let list = if of.is_empty() {
        view! { <Empty title="No taxes yet"><p>"Nothing that is sold has a tax in it."</p></Empty> }.into_any()
    } else {
        view! {
            <ul class="max-w-2xl divide-y divide-line border-y border-line" data-testid="taxes">
                {of.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any()
    };
    let options = vec![
        ("false".to_owned(), "Prices include tax".to_owned()),
        ("true".to_owned(), "Tax is added at the checkout".to_owned()),
    ];
    let mode = deeds.mode;
    view! {
        <div class="mt-6">{list}</div>
        <ActionForm action=mode attr:class="panel mt-8 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=deeds.moded.refused() />
            <Choice
                name="added"
                label="Prices in this shop"
                hint="With tax in them, everybody pays the price that is shown, whatever the tax."
                options
                chosen=added.to_string()
                error=deeds.moded.on_field("added")
            />
            <button class="button w-fit" type="submit" disabled=move || mode.pending().get()>"Save"</button>
        </ActionForm>
    }
}

#[component]
fn TaxForm(deeds: Deeds) -> impl IntoView {
    let (save, answer) = (deeds.save, deeds.saved);
    let options = Country::all().map(|country| (country.code().to_owned(), country.name().to_owned())).collect();
    view! {
        <section class="panel mt-8 max-w-2xl p-5 sm:p-6" aria-labelledby="tax-of-a-country">
            <h2 class="text-xl" id="tax-of-a-country">"Tax of a country"</h2>
            <ActionForm action=save attr:class="mt-4 flex flex-col gap-5">
                <FormError message=answer.on_form(&["country", "name", "rate"]) />
                <Choice
                    name="country"
                    within="form"
                    label="Country"
                    hint="One that has a tax already gets this one in its place."
                    options
                    chosen=String::new()
                    error=answer.on_field("country")
                />
                <Field
                    name="name"
                    within="form"
                    label="Name of the tax"
                    hint="As it stands on receipts, such as VAT."
                    maxlength="40"
                    error=answer.on_field("name")
                />
                <Field
                    name="rate"
                    within="form"
                    label="Rate in percent"
                    hint="Such as 19 or 9.975."
                    inputmode="decimal"
                    maxlength="10"
                    error=answer.on_field("rate")
                />
                <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Set the tax"</button>
            </ActionForm>
        </section>
    }
}
