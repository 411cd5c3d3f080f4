//! One author or narrator: name, biography, and merging two entries of one person.

use super::super::frame::Frame;
use super::super::picture::PicturePanel;
use crate::AppError;
use crate::api::contributors::{MergeContributor, SaveContributor, contributor};
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState, TextArea};
use crate::components::skeleton::PageSkeleton;
use crate::paths;
use domain::catalog::ContributorRow;
use domain::catalog::covers::PictureOf;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

#[component]
pub fn ContributorPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
    let save = ServerAction::<SaveContributor>::new();
    let read = Resource::new(
        move || (id.get(), save.version().get()),
        |(id, _)| async move {
            match id {
                Some(id) => contributor(id).await,
                None => Err(AppError::NotFound("person".to_owned())),
            }
        },
    );
    let saved = FormState::of(save);
    saved.focus_refused();
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |row| view! { <Contributor row save saved /> })
            })}
        </Transition>
    }
}

#[component]
fn Contributor(
    row: ContributorRow,
    save: ServerAction<SaveContributor>,
    /// What saving came back with.
    saved: FormState<()>,
) -> impl IntoView {
    let query = use_query_map();
    let done = move || saved.done().get() || query.read().get_str("saved").is_some();
    let ContributorRow { id, slug, form, .. } = row;
    view! {
        <Title text=form.name.clone() />
        <Frame heading=form.name.clone()>
            <p class="mt-2 text-soft">
                <a class="link" href=paths::contributor(&slug)>"In the shop"</a> " · "
                <a class="link" href="/admin/contributors">"All authors and narrators"</a>
            </p>
            <ActionForm action=save attr:class="panel mt-8 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
                <FormError message=saved.on_form(&["name", "about"]) />
                <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
                <input type="hidden" name="id" value=id.to_string() />
                <Field
                    name="name"
                    label="Name"
                    maxlength="200"
                    hint="Their address changes with it; the one before leads to the new one."
                    value=form.name
                    error=saved.on_field("name")
                />
                <TextArea
                    name="about"
                    label="Biography"
                    rows="8"
                    hint="Paragraphs are separated by an empty line. May be empty."
                    value=form.about
                    error=saved.on_field("about")
                />
                <button class="button w-fit" type="submit" disabled=move || save.pending().get()>"Save"</button>
            </ActionForm>
            <div class="mt-6 max-w-sm"><PicturePanel of=PictureOf::Contributor(id) /></div>
            <Merge id />
        </Frame>
    }
}

#[component]
fn Merge(id: Uuid) -> impl IntoView {
    let merge = ServerAction::<MergeContributor>::new();
    let answer = FormState::of(merge);
    answer.focus_refused();
    view! {
        <section class="panel mt-6 max-w-2xl p-5 sm:p-6" aria-labelledby="merge">
            <h2 class="text-xl" id="merge">"The same person as"</h2>
            <p class="mt-2 text-soft">
                "The titles move to that entry, this one’s address leads there, and it is gone. Files that name this one are \
                 theirs from then on. This cannot be undone."
            </p>
            <ActionForm action=merge attr:class="mt-4 flex flex-col gap-4">
                <FormError message=answer.on_form(&["into"]) />
                <input type="hidden" name="id" value=id.to_string() />
                <Field name="into" label="Name of the other entry" maxlength="200" error=answer.on_field("into") />
                <button class="button button-quiet w-fit" type="submit" disabled=move || merge.pending().get()>"Merge"</button>
            </ActionForm>
        </section>
    }
}
