//! The shop's own settings, and the trials of what it needs.

use super::frame::Frame;
use super::opening::{TrialPanels, follow};
use super::switches::{SwitchPanel, Switches};
use crate::AppError;
use crate::api::production::workers;
use crate::api::settings::{opening, shop_settings, use_shop};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::Currency;
use domain::account::{Language, Permission};
use domain::settings::{Country, Opening, ShopSettings};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the page shows: the settings, how far the shop is set up, and whether it is known that nobody works.
async fn read() -> Result<(ShopSettings, Opening, bool), AppError> {
    let user = crate::api::account::viewer().await?.ok_or(AppError::Unauthenticated)?;
    if !user.may(Permission::Settings) {
        return Err(AppError::Forbidden);
    }
    let makes_titles = user.may(Permission::Catalogue) || user.may(Permission::Production);
    let nobody_works = makes_titles && workers().await?.is_empty();
    Ok((shop_settings().await?, opening().await?, nobody_works))
}

#[component]
pub fn SettingsPage() -> impl IntoView {
    let answer = FormState::of(use_shop().save);
    answer.focus_refused();
    let read = Resource::new(|| (), |()| read());
    let switches = Switches::new();
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    move |(settings, opening, nobody_works)| view! { <Settings settings opening nobody_works answer switches /> },
                )
            })}
        </Transition>
    }
}

#[component]
fn Settings(
    settings: ShopSettings,
    opening: Opening,
    nobody_works: bool,
    /// What saving came back with.
    answer: FormState<ShopSettings>,
    switches: Switches,
) -> impl IntoView {
    let live = follow(opening);
    view! {
        <Title text="Settings" />
        <Frame heading="Settings".to_owned()>
            <p class="mt-2 max-w-prose text-soft">"What the shop says of itself, on every page and in every mail."</p>
            <ShopForm settings answer />
            <h2 class="mt-12 text-xl">"Does it work?"</h2>
            <TrialPanels live nobody_works />
            <SwitchPanel all=switches />
        </Frame>
    }
}

#[component]
fn ShopForm(settings: ShopSettings, answer: FormState<ShopSettings>) -> impl IntoView {
    let save = use_shop().save;
    let query = use_query_map();
    let done = move || answer.done().get() || query.read().get_str("saved").is_some();
    let ShopSettings { name, currency, country, contact, language } = settings;
    let called = |currency: Currency| match currency.name() {
        Some(name) => (currency.to_string(), format!("{currency}, {name}")),
        None => (currency.to_string(), currency.to_string()),
    };
    // One that the configuration names may be none of those in use.
    let strange = currency.name().is_none().then_some(currency);
    let currencies = strange.into_iter().chain(Currency::in_use()).map(called).collect();
    let nowhere = (String::new(), "Not said".to_owned());
    let countries = Country::all().map(|country| (country.code().to_owned(), country.name().to_owned()));
    let countries = std::iter::once(nowhere).chain(countries).collect();
    let languages = Language::ALL.map(|language| (language.tag().to_owned(), language.name().to_owned())).to_vec();
    view! {
        <ActionForm action=save attr:class="panel mt-6 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=answer.on_form(&["name", "currency", "country", "contact", "language"]) />
            <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
            <Field name="name" label="Name of the shop" maxlength="40" value=name error=answer.on_field("name") />
            <Choice
                name="currency"
                label="Currency"
                hint="What titles are priced in. It stays once something has a price or was sold."
                options=currencies
                chosen=currency.to_string()
                error=answer.on_field("currency")
            />
            <Choice
                name="country"
                label="Country"
                hint="Where the shop stands."
                options=countries
                chosen=country.map(Country::code).unwrap_or_default()
                error=answer.on_field("country")
            />
            <Field
                name="contact"
                label="Contact address"
                kind="email"
                may_be_empty=true
                hint="Where people write to. It stands at the foot of every page and mail. May be empty."
                value=contact.map(|contact| contact.to_string()).unwrap_or_default()
                error=answer.on_field("contact")
            />
            <Choice
                name="language"
                label="Language"
                hint="That of the shop’s pages."
                options=languages
                chosen=language.tag()
                error=answer.on_field("language")
            />
            <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
        </ActionForm>
    }
}
