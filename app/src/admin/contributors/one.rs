//! One author or narrator: name, biography, and merging two entries of one person.

use super::super::named::{DeedPanel, NamedPage, SavePanel};
use super::super::picture::PicturePanel;
use crate::AppError;
use crate::api::contributors::{MergeContributor, SaveContributor, contributor};
use crate::components::failure::outcome;
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::paths;
use domain::catalog::ContributorRow;
use domain::catalog::covers::PictureOf;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
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
    let ContributorRow { id, slug, in_shop, form, .. } = row;
    view! {
        <NamedPage
            name=form.name.clone()
            in_shop=in_shop.then(|| paths::contributor(&slug))
            all=("/admin/contributors", "All authors and narrators")
        >
            <SavePanel action=save saved fields=&["name", "about"] id>
                <Field
                    name="name"
                    label="Name"
                    maxlength="200"
                    hint="Their address changes with it; the one before leads to the new one."
                    value=form.name
                    error=saved.on_field("name")
                />
                <Field
                    name="about"
                    label="Biography"
                    lines="8"
                    may_be_empty=true
                    hint="Paragraphs are separated by an empty line. May be empty."
                    value=form.about
                    error=saved.on_field("about")
                />
            </SavePanel>
            <div class="mt-6 max-w-sm"><PicturePanel of=PictureOf::Contributor(id) /></div>
            <Merge id />
        </NamedPage>
    }
}

#[component]
fn Merge(id: Uuid) -> impl IntoView {
    let merge = ServerAction::<MergeContributor>::new();
    let answer = FormState::of(merge);
    view! {
        <DeedPanel
            action=merge
            anchor="merge"
            heading="The same person as"
            about="The titles move to that entry, this one’s address leads there, and it is gone. Files that name this one are \
                   theirs from then on. This cannot be undone."
            button="Merge"
            fields=&["into"]
            id
        >
            <Field name="into" label="Name of the other entry" maxlength="200" error=answer.on_field("into") />
        </DeedPanel>
    }
}
