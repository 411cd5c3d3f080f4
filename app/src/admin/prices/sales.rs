//! Sales: all of them, a new one, and changing one.

use super::{Choose, Span, Times, covers_words, phase_words, takes_words};
use crate::AppError;
use crate::admin::frame::Frame;
use crate::api::prices::{EndSale, SaveSale, list_sales, promotion_choices, sale};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::Page;
use domain::catalog::Link;
use domain::promotions::{Chosen, Phase, SaleForm, SaleRow};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// The fields that a refusal may belong to.
const FIELDS: &[&str] = &["name", "percent", "price", "titles", "starts", "ends"];

#[component]
pub fn SalesPage() -> impl IntoView {
    let (save, end) = (ServerAction::<SaveSale>::new(), ServerAction::<EndSale>::new());
    let query = use_query_map();
    let number = Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1));
    let read = Resource::new(
        move || (number.get(), save.version().get(), end.version().get()),
        |(number, ..)| list_sales(number),
    );
    // What the address names is chosen already.
    let title = Memo::new(move |_| query.read().get_str("title").unwrap_or_default().to_owned());
    // Apart from the list, so that what was typed stays when it is read again.
    let choices = Resource::new(|| (), |()| promotion_choices());
    let answer = FormState::of(save);
    answer.focus_refused();
    answer.empty_when_done(&["name", "percent", "price", "titles"]);
    let done = move || if answer.done().get() || query.read().get_str("saved").is_some() { "Saved." } else { "" };
    view! {
        <Title text="Sales" />
        <Frame heading="Sales".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Lower prices for a while. Where a title is in several sales, the lowest price counts; where it has a price of its own for a while, that one counts too."
            </p>
            <p role="status" class="mt-2">{done}</p>
            <FormError message=FormState::of(end).refused() />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |page| view! { <List page end /> }) })}
            </Transition>
            <section class="panel mt-12 p-5 sm:p-6" aria-labelledby="new-sale">
                <h2 class="text-xl" id="new-sale">"New sale"</h2>
                <Transition>
                    {move || {
                        let chosen = Chosen { titles: title.get(), ..Chosen::default() };
                        let form = SaleForm { chosen, ..SaleForm::default() };
                        Suspend::new(async move {
                            outcome(choices.await, move |choices| view! { <Form id=None form choices save answer /> })
                        })
                    }}
                </Transition>
            </section>
        </Frame>
    }
}

#[component]
fn List(page: Page<SaleRow>, end: ServerAction<EndSale>) -> impl IntoView {
    let (number, count) = (page.number, page.count());
    if page.items.is_empty() {
        return view! { <div class="mt-6"><Empty title="No sales yet"><p>"Make the first one below."</p></Empty></div> }.into_any();
    }
    view! {
        <ul class="mt-6 divide-y divide-line border-y border-line" data-testid="sales">
            {page.items.into_iter().map(|row| view! { <Row row end /> }).collect_view()}
        </ul>
        <Pager number count address=|page| format!("/admin/sales?page={page}") />
    }
    .into_any()
}

#[component]
fn Row(row: SaleRow, end: ServerAction<EndSale>) -> impl IntoView {
    let SaleRow { id, name, takes, covers, starts_at, ends_at, phase } = row;
    let open = phase != Phase::Over;
    let heading = if open {
        view! { <a class="link" href=format!("/admin/sales/{id}")>{name.clone()}</a> }.into_any()
    } else {
        name.clone().into_any()
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-4 py-4">
            <div class="min-w-0">
                <h2 class="font-sans text-base font-semibold break-words">{heading}</h2>
                <p class="text-sm">{format!("{} for {}, {}", takes_words(takes), covers_words(covers), phase_words(phase))}</p>
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

/// The form of a sale, and what can be chosen in it.
async fn one(id: Uuid) -> Result<(SaleForm, (Vec<Link>, String)), AppError> {
    let form = sale(id).await?;
    Ok((form, promotion_choices().await?))
}

#[component]
pub fn SalePage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default());
    let save = ServerAction::<SaveSale>::new();
    let answer = FormState::of(save);
    answer.focus_refused();
    let read = Resource::new(move || id.get(), one);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |(form, choices)| {
                    let heading = form.name.clone();
                    view! {
                        <Title text=heading.clone() />
                        <Frame heading>
                            <p class="mt-2"><a class="link" href="/admin/sales">"All sales"</a></p>
                            <Form id=Some(id.get_untracked()) form choices save answer />
                        </Frame>
                    }
                })
            })}
        </Transition>
    }
}

#[component]
fn Form(
    id: Option<Uuid>,
    form: SaleForm,
    choices: (Vec<Link>, String),
    save: ServerAction<SaveSale>,
    answer: FormState<()>,
) -> impl IntoView {
    let SaleForm { name, percent, price, chosen, starts, ends } = form;
    let (categories, currency) = choices;
    view! {
        <ActionForm action=save attr:class="mt-4 flex max-w-2xl flex-col gap-5">
            <FormError message=answer.on_form(FIELDS) />
            {id.map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> })}
            <Field name="name" within="form" label="Name" maxlength="100" hint="Only admins read it." value=name error=answer.on_field("name") />
            <div class="grid gap-4 sm:grid-cols-2">
                <Field
                    name="percent"
                    within="form"
                    label="Percent off"
                    inputmode="numeric"
                    maxlength="5"
                    may_be_empty=true
                    value=percent
                    error=answer.on_field("percent")
                />
                <Field
                    name="price"
                    within="form"
                    label="Or a price"
                    inputmode="decimal"
                    maxlength="20"
                    may_be_empty=true
                    hint=format!("In {currency}, for each title.")
                    value=price
                    error=answer.on_field("price")
                />
            </div>
            <Choose chosen categories answer />
            <Times starts ends answer />
            <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
        </ActionForm>
    }
}
