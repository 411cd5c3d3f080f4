//! The shop's list of categories: order, names, and the way to each.

mod one;

pub use one::CategoryPage;

use super::frame::Frame;
use super::named::Shift;
use crate::api::categories::{AddStarterCategories, CreateCategory, MoveCategory, list_categories};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use crate::paths;
use domain::catalog::CategoryRow;
use leptos::prelude::*;

#[component]
pub fn CategoriesPage() -> impl IntoView {
    let create = ServerAction::<CreateCategory>::new();
    let start = ServerAction::<AddStarterCategories>::new();
    let shift = ServerAction::<MoveCategory>::new();
    let read = Resource::new(
        move || (create.version().get(), start.version().get(), shift.version().get()),
        |_| list_categories(),
    );
    view! {
        <Title text="Categories" />
        <Frame heading="Categories".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "What shoppers browse by, in this order. A title stands in up to three of them, and needs one to be published."
            </p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    outcome(read.await, move |rows| view! { <Rows rows start shift /> })
                })}
            </Transition>
            <New create />
        </Frame>
    }
}

#[component]
fn Rows(
    rows: Vec<CategoryRow>,
    start: ServerAction<AddStarterCategories>,
    shift: ServerAction<MoveCategory>,
) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <div class="mt-8">
                <Empty title="No categories yet">
                    <p>"Begin with a usual list of fourteen and change it as you like, or make your own below."</p>
                    <ActionForm action=start>
                        <FormError message=FormState::of(start).refused() />
                        <button class="button" type="submit" disabled=move || start.pending().get()>"Begin with the usual ones"</button>
                    </ActionForm>
                </Empty>
            </div>
        }
        .into_any();
    }
    let last = rows.len() - 1;
    view! {
        <FormError message=FormState::of(shift).refused() />
        <ol class="mt-8 divide-y divide-line border-y border-line" data-testid="categories">
            {rows
                .into_iter()
                .enumerate()
                .map(|(place, row)| view! { <Row row shift first=place == 0 last=place == last /> })
                .collect_view()}
        </ol>
    }
    .into_any()
}

#[component]
fn Row(row: CategoryRow, shift: ServerAction<MoveCategory>, first: bool, last: bool) -> impl IntoView {
    let CategoryRow { id, titles, form, .. } = row;
    let name = form.name.clone();
    view! {
        <li class="flex items-center justify-between gap-4 py-3">
            <div class="min-w-0">
                <h2 class="font-sans text-base font-semibold break-words">
                    <a class="link" href=paths::admin_category(id)>{form.name}</a>
                </h2>
                <p class="text-sm text-soft">
                    {count(titles, "title", "titles")} {(!form.description.is_empty()).then(|| format!(" · {}", form.description))}
                </p>
            </div>
            <div class="flex shrink-0 gap-2">
                <Shift action=shift up=true name=name.clone() disabled=first>
                    <input type="hidden" name="id" value=id.to_string() />
                </Shift>
                <Shift action=shift up=false name disabled=last>
                    <input type="hidden" name="id" value=id.to_string() />
                </Shift>
            </div>
        </li>
    }
}

#[component]
fn New(create: ServerAction<CreateCategory>) -> impl IntoView {
    let answer = FormState::of(create);
    answer.focus_refused();
    answer.empty_when_done(&["name"]);
    view! {
        <section class="panel mt-12 p-5 sm:p-6" aria-labelledby="new-category">
            <h2 class="text-xl" id="new-category">"New category"</h2>
            <ActionForm action=create attr:class="mt-4 flex max-w-xl flex-col gap-4">
                <FormError message=answer.on_form(&["name"]) />
                <Field name="name" label="Name" maxlength="60" error=answer.on_field("name") />
                <button class="button w-fit" type="submit" disabled=move || create.pending().get()>"Add"</button>
            </ActionForm>
        </section>
    }
}
