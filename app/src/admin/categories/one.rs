//! One category: its name and words, merging it into another, deleting it.

use super::super::named::{DeedPanel, NamedPage, SavePanel};
use crate::AppError;
use crate::api::categories::{DeleteCategory, MergeCategory, SaveCategory, list_categories};
use crate::components::failure::outcome;
use crate::components::field::{Choice, Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::catalog::CategoryRow;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
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
    let CategoryRow { id, slug, titles, form } = category;
    view! {
        <NamedPage
            name=form.name.clone()
            about=count(titles, "title", "titles")
            in_shop=Some(paths::category(&slug))
            all=("/admin/categories", "All categories")
        >
            <SavePanel action=save saved fields=&["name", "description", "keywords"] id>
                <Field
                    name="name"
                    label="Name"
                    maxlength="60"
                    hint="Its address changes with it; the one before leads to the new one."
                    value=form.name
                    error=saved.on_field("name")
                />
                <Field
                    name="description"
                    label="Description"
                    lines="3"
                    may_be_empty=true
                    hint="A sentence for shoppers. May be empty."
                    value=form.description
                    error=saved.on_field("description")
                />
                <Field
                    name="keywords"
                    label="Keywords"
                    lines="3"
                    may_be_empty=true
                    hint="Words between commas that speak for it. The writer that needs no model counts them in a transcript."
                    value=form.keywords
                    error=saved.on_field("keywords")
                />
            </SavePanel>
            <Merge id others />
            <Delete id titles />
        </NamedPage>
    }
}

#[component]
fn Merge(id: Uuid, others: Vec<CategoryRow>) -> impl IntoView {
    let merge = ServerAction::<MergeCategory>::new();
    let answer = FormState::of(merge);
    let choose = (String::new(), "Choose…".to_owned());
    let rest = others.into_iter().map(|other| (other.id.to_string(), other.form.name));
    let options: Vec<_> = std::iter::once(choose).chain(rest).collect();
    (options.len() > 1).then(|| {
        view! {
            <DeedPanel
                action=merge
                anchor="merge"
                heading="Merge into another"
                about="Its titles move there, its address leads there, and it is gone. This cannot be undone."
                button="Merge"
                fields=&["into"]
                id
            >
                <Choice name="into" label="Into" options chosen="" error=answer.on_field("into") />
            </DeedPanel>
        }
    })
}

#[component]
fn Delete(id: Uuid, titles: u64) -> impl IntoView {
    let delete = ServerAction::<DeleteCategory>::new();
    let about = match titles {
        0 => "No title is in it.".to_owned(),
        titles => format!("{} will no longer be in it.", count(titles, "title", "titles")),
    };
    view! { <DeedPanel action=delete anchor="delete" heading="Delete" about button="Delete it" id /> }
}
