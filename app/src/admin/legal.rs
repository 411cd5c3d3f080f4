//! Who sells, and the words of the pages that the law asks for.

use super::frame::Frame;
use crate::api::legal::{SaveLegalText, SaveSeller, SellerFacts, TextFacts, legal_text, seller};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, Field, FormState};
use crate::components::plain_text::PlainText;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::settings::legal::{LegalPage, OwnText, Seller};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn LegalPagesPage() -> impl IntoView {
    let save = ServerAction::<SaveSeller>::new();
    let answer = FormState::of(save);
    answer.focus_refused();
    // Only what was saved is read again: a form that was refused stays as it was typed.
    let saved = Memo::new(move |before: Option<&usize>| {
        let version = save.version().get();
        if matches!(&*save.value().read(), Some(Ok(_))) { version } else { before.copied().unwrap_or_default() }
    });
    let read = Resource::new(move || saved.get(), |_| seller());
    view! {
        <Title text="Legal" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |facts| view! { <Shown facts save answer /> })
            })}
        </Transition>
    }
}

#[component]
fn Shown(facts: SellerFacts, save: ServerAction<SaveSeller>, answer: FormState<Seller>) -> impl IntoView {
    let SellerFacts { seller, typed, missing, pages } = facts;
    let page = |(page, own): (LegalPage, OwnText)| {
        let said = match (own.text.is_empty(), own.instead) {
            (true, _) => "The shop’s own words.",
            (false, false) => "The shop’s own words, and yours after them.",
            (false, true) => "Your words instead of the shop’s own.",
        };
        view! {
            <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
                <div class="min-w-0 flex-1 basis-56">
                    <h3 class="font-sans text-base font-semibold">
                        <a class="link" href=page.path()>{page.title()}</a>
                    </h3>
                    <p class="text-sm text-soft">{said}</p>
                </div>
                <a class="button button-quiet button-small" href=format!("/admin/legal/{}", page.name())>
                    "Change" <span class="sr-only">{format!(" the words of {}", page.title())}</span>
                </a>
            </li>
        }
    };
    view! {
        <Frame heading="Legal".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "What the law asks a shop to say. The shop brings words of its own that are true of this software; whether they \
                 are enough where you sell is for you to find out."
            </p>
            {missing.map(|words| view! { <p class="notice mt-6 max-w-2xl" data-testid="legal-missing">{words}</p> })}
            <h2 class="mt-8 text-xl">"Who sells"</h2>
            <SellerForm seller=typed.unwrap_or(seller) save answer />
            <h2 class="mt-12 text-xl">"Pages"</h2>
            <ul class="mt-3 max-w-2xl divide-y divide-line border-y border-line">
                {pages.into_iter().map(page).collect_view()}
            </ul>
        </Frame>
    }
}

#[component]
fn SellerForm(seller: Seller, save: ServerAction<SaveSeller>, answer: FormState<Seller>) -> impl IntoView {
    let query = use_query_map();
    let done = move || answer.done().get() || query.read().get_str("saved").is_some();
    let Seller { name, address, phone, register, vat } = seller;
    view! {
        <ActionForm action=save attr:class="panel mt-4 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=answer.on_form(&["name", "address", "phone", "register", "vat"]) />
            <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
            <Field
                name="name"
                within="form"
                label="Name of the seller"
                hint="The person or company that people buy from."
                maxlength="200"
                value=name
                error=answer.on_field("name")
            />
            <Field
                name="address"
                within="form"
                label="Postal address"
                hint="In lines, as on a letter."
                lines="4"
                maxlength="500"
                value=address
                error=answer.on_field("address")
            />
            <Field
                name="phone"
                within="form"
                label="Phone"
                hint="May be empty."
                inputmode="tel"
                may_be_empty=true
                maxlength="40"
                value=phone
                error=answer.on_field("phone")
            />
            <Field
                name="register"
                within="form"
                label="Register and number"
                hint="Such as the commercial register of a town. May be empty."
                may_be_empty=true
                maxlength="200"
                value=register
                error=answer.on_field("register")
            />
            <Field
                name="vat"
                within="form"
                label="VAT number"
                hint="May be empty."
                may_be_empty=true
                maxlength="40"
                value=vat
                error=answer.on_field("vat")
            />
            <p class="text-sm text-soft">
                "It stands on the contact page, in the form to withdraw and on each receipt. The shop’s mail address and \
                 country are in the " <a class="link" href="/admin/settings">"settings"</a> "."
            </p>
            <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
        </ActionForm>
    }
}

#[component]
pub fn LegalTextPage() -> impl IntoView {
    let params = use_params_map();
    let page = Memo::new(move |_| params.read().get_str("page").unwrap_or_default().to_owned());
    let save = ServerAction::<SaveLegalText>::new();
    let answer = FormState::of(save);
    answer.focus_refused();
    let read = Resource::new(move || page.get(), legal_text);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |facts| view! { <TextShown facts save answer /> })
            })}
        </Transition>
    }
}

#[component]
fn TextShown(facts: TextFacts, save: ServerAction<SaveLegalText>, answer: FormState<OwnText>) -> impl IntoView {
    let query = use_query_map();
    let TextFacts { page, own, typed, standing } = facts;
    let OwnText { text, instead } = typed.unwrap_or(own);
    let done = move || answer.done().get() || query.read().get_str("saved").is_some();
    let places = [("false", "After the shop’s own words"), ("true", "Instead of them")];
    let places = places.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    let heading = format!("{}: your own words", page.title());
    view! {
        <Title text=heading.clone() />
        <Frame heading>
            <p class="mt-2">
                <a class="link" href="/admin/legal">"All legal pages"</a> ", "
                <a class="link" href=page.path()>"the page itself"</a>
            </p>
            <ActionForm action=save attr:class="panel mt-6 flex max-w-3xl flex-col gap-5 p-5 sm:p-6">
                <FormError message=answer.on_form(&["text", "instead"]) />
                <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
                <input type="hidden" name="page" value=page.name() />
                <Field
                    name="text"
                    label="Your own words"
                    hint="Plain text. An empty line ends a paragraph; a line that begins with # and a space is a heading. At most \
                          50,000 characters; empty for none."
                    lines="16"
                    maxlength="50000"
                    may_be_empty=true
                    value=text
                    error=answer.on_field("text")
                />
                <Choice name="instead" label="Where they stand" options=places chosen=instead.to_string() error=answer.on_field("instead") />
                <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
            </ActionForm>
            <section class="mt-12 max-w-3xl" aria-labelledby="standing">
                <h2 class="text-xl" id="standing">"The shop’s own words"</h2>
                <p class="mt-2 text-sm text-soft">"They change with the settings. Copy them if you want to change a part."</p>
                <div class="panel mt-4 p-5 sm:p-6">
                    <PlainText text=standing />
                </div>
            </section>
        </Frame>
    }
}
