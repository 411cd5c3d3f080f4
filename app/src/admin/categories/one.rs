//! One category: its name and words, merging it into another, deleting it.

use super::super::frame::Frame;
use crate::AppError;
use crate::api::categories::{DeleteCategory, MergeCategory, SaveCategory, list_categories};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState, TextArea};
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::catalog::CategoryRow;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

#[component]
pub fn CategoryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
    let save = ServerAction::<SaveCategory>::new();
    let read = Resource::new(move || (id.get(), save.version().get()), |(id, _)| one(id));
    let saved = FormState::of(save);
    saved.focus_refused();
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |(category, others)| view! { <Category category others save saved /> })
            })}
        </Transition>
    }
}

/// A category, and the others that it could be merged into.
async fn one(id: Option<Uuid>) -> Result<(CategoryRow, Vec<CategoryRow>), AppError> {
    let (found, others): (Vec<_>, Vec<_>) = list_categories().await?.into_iter().partition(|row| Some(row.id) == id);
    let found = found.into_iter().next().ok_or_else(|| AppError::NotFound("category".to_owned()))?;
    Ok((found, others))
}

#[component]
fn Category(
    category: CategoryRow,
    others: Vec<CategoryRow>,
    save: ServerAction<SaveCategory>,
    /// What saving came back with.
    saved: FormState<()>,
) -> impl IntoView {
    let query = use_query_map();
    let done = move || saved.done().get() || query.read().get_str("saved").is_some();
    let CategoryRow { id, slug, titles, form } = category;
    view! {
        <Title text=form.name.clone() />
        <Frame heading=form.name.clone()>
            <p class="mt-2 text-soft">
                {count(titles, "title", "titles")} " · " <a class="link" href=paths::category(&slug)>"In the shop"</a> " · "
                <a class="link" href="/admin/categories">"All categories"</a>
            </p>
            <ActionForm action=save attr:class="panel mt-8 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
                <FormError message=saved.on_form(&["name", "description", "keywords"]) />
                <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
                <input type="hidden" name="id" value=id.to_string() />
                <Field
                    name="name"
                    label="Name"
                    maxlength="60"
                    hint="Its address changes with it; the one before leads to the new one."
                    value=form.name
                    error=saved.on_field("name")
                />
                <TextArea
                    name="description"
                    label="Description"
                    hint="A sentence for shoppers. May be empty."
                    value=form.description
                    error=saved.on_field("description")
                />
                <TextArea
                    name="keywords"
                    label="Keywords"
                    hint="Words between commas that speak for it. The writer that needs no model counts them in a transcript."
                    value=form.keywords
                    error=saved.on_field("keywords")
                />
                <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
            </ActionForm>
            <Merge id others />
            <Delete id titles />
        </Frame>
    }
}

#[component]
fn Merge(id: Uuid, others: Vec<CategoryRow>) -> impl IntoView {
    let merge = ServerAction::<MergeCategory>::new();
    let answer = FormState::of(merge);
    (!others.is_empty()).then(|| {
        view! {
            <section class="panel mt-6 max-w-2xl p-5 sm:p-6" aria-labelledby="merge">
                <h2 class="text-xl" id="merge">"Merge into another"</h2>
                <p class="mt-2 text-soft">"Its titles move there, its address leads there, and it is gone. This cannot be undone."</p>
                <ActionForm action=merge attr:class="mt-4 flex flex-wrap items-end gap-3">
                    <input type="hidden" name="id" value=id.to_string() />
                    <div class="min-w-0 flex-1 basis-56">
                        <label class="font-semibold" for="into">"Into"</label>
                        <select class="input mt-1" id="into" name="into">
                            <option value="">"Choose…"</option>
                            {others
                                .into_iter()
                                .map(|other| view! { <option value=other.id.to_string()>{other.form.name}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    <button class="button button-quiet" type="submit" disabled=move || merge.pending().get()>"Merge"</button>
                </ActionForm>
                <FormError message=answer.refused() />
            </section>
        }
    })
}

#[component]
fn Delete(id: Uuid, titles: u64) -> impl IntoView {
    let delete = ServerAction::<DeleteCategory>::new();
    let answer = FormState::of(delete);
    let what = match titles {
        0 => "No title is in it.".to_owned(),
        titles => format!("{} will no longer be in it.", count(titles, "title", "titles")),
    };
    view! {
        <section class="panel mt-6 max-w-2xl p-5 sm:p-6" aria-labelledby="delete">
            <h2 class="text-xl" id="delete">"Delete"</h2>
            <p class="mt-2 text-soft">{what}</p>
            <ActionForm action=delete attr:class="mt-4">
                <FormError message=answer.refused() />
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet" type="submit" disabled=move || delete.pending().get()>"Delete it"</button>
            </ActionForm>
        </section>
    }
}
