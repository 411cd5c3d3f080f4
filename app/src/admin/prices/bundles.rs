//! Bundles: all of them, a new one, and changing one.

use super::{Span, Times, phase_words};
use crate::admin::frame::Frame;
use crate::api::prices::{EndBundle, SaveBundle, bundle, list_bundles};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::Page;
use domain::promotions::{BundleForm, BundleRow, Phase};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// The fields that a refusal may belong to.
const FIELDS: &[&str] = &["name", "price", "titles", "starts", "ends"];

#[component]
pub fn BundlesPage() -> impl IntoView {
    let (save, end) = (ServerAction::<SaveBundle>::new(), ServerAction::<EndBundle>::new());
    let query = use_query_map();
    let number = Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1));
    let read = Resource::new(
        move || (number.get(), save.version().get(), end.version().get()),
        |(number, ..)| list_bundles(number),
    );
    let answer = FormState::of(save);
    answer.focus_refused();
    answer.empty_when_done(&["name", "price", "titles"]);
    let done = move || if answer.done().get() || query.read().get_str("saved").is_some() { "Saved." } else { "" };
    view! {
        <Title text="Bundles" />
        <Frame heading="Bundles".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Several titles at one price. A bundle counts by itself when all its titles are in a cart and it is cheaper than their prices of that moment; a coupon takes its part off what is left."
            </p>
            <p role="status" class="mt-2">{done}</p>
            <FormError message=FormState::of(end).refused() />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |page| view! { <List page end /> }) })}
            </Transition>
            <section class="panel mt-12 p-5 sm:p-6" aria-labelledby="new-bundle">
                <h2 class="text-xl" id="new-bundle">"New bundle"</h2>
                <Form id=None form=BundleForm::default() save answer />
            </section>
        </Frame>
    }
}

#[component]
fn List(page: Page<BundleRow>, end: ServerAction<EndBundle>) -> impl IntoView {
    let (number, count) = (page.number, page.count());
    if page.items.is_empty() {
        return view! { <div class="mt-6"><Empty title="No bundles yet"><p>"Make the first one below."</p></Empty></div> }
            .into_any();
    }
    view! {
        <ul class="mt-6 divide-y divide-line border-y border-line" data-testid="bundles">
            {page.items.into_iter().map(|row| view! { <Row row end /> }).collect_view()}
        </ul>
        <Pager number count address=|page| format!("/admin/bundles?page={page}") />
    }
    .into_any()
}

#[component]
fn Row(row: BundleRow, end: ServerAction<EndBundle>) -> impl IntoView {
    let BundleRow { id, name, price, titles, starts_at, ends_at, phase } = row;
    let open = phase != Phase::Over;
    let heading = if open {
        view! { <a class="link" href=paths::admin_bundle(id)>{name.clone()}</a> }.into_any()
    } else {
        name.clone().into_any()
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-4 py-4">
            <div class="min-w-0">
                <h2 class="font-sans text-base font-semibold break-words">{heading}</h2>
                <p class="text-sm">{format!("{price}, {}", phase_words(phase))}</p>
                <p class="text-sm break-words">{titles.join(", ")}</p>
                <p class="text-sm text-soft"><Span starts_at ends_at /></p>
            </div>
            {open
                .then(|| {
                    view! {
                        <ActionForm action=end>
                            <input type="hidden" name="id" value=id.to_string() />
                            <button class="button button-quiet button-small" type="submit" disabled=move || end.pending().get()>
                                "End now"
                                <span class="sr-only">{format!(" {name}")}</span>
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
}

#[component]
pub fn BundlePage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default());
    let save = ServerAction::<SaveBundle>::new();
    let answer = FormState::of(save);
    answer.focus_refused();
    let read = Resource::new(move || id.get(), bundle);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |form| {
                    let heading = form.name.clone();
                    view! {
                        <Title text=heading.clone() />
                        <Frame heading>
                            <p class="mt-2"><a class="link" href="/admin/bundles">"All bundles"</a></p>
                            <Form id=Some(id.get_untracked()) form save answer />
                        </Frame>
                    }
                })
            })}
        </Transition>
    }
}

#[component]
fn Form(id: Option<Uuid>, form: BundleForm, save: ServerAction<SaveBundle>, answer: FormState<()>) -> impl IntoView {
    let BundleForm { name, price, titles, starts, ends } = form;
    view! {
        <ActionForm action=save attr:class="mt-4 flex max-w-2xl flex-col gap-5">
            <FormError message=answer.on_form(FIELDS) />
            {id.map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> })}
            <Field
                name="name"
                within="form"
                label="Name"
                maxlength="100"
                hint="Shoppers read it in their cart and on the receipt."
                value=name
                error=answer.on_field("name")
            />
            <Field
                name="titles"
                within="form"
                label="Titles"
                lines="4"
                hint="Two to ten: their addresses, or what stands behind /books/ in them, one a line."
                value=titles
                error=answer.on_field("titles")
            />
            <Field
                name="price"
                within="form"
                label="Price"
                inputmode="decimal"
                maxlength="20"
                hint="For all of them together, in the currency of the shop."
                value=price
                error=answer.on_field("price")
            />
            <Times starts ends answer />
            <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
        </ActionForm>
    }
}
