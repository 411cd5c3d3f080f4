//! Putting a title on sale, and taking it off.

use super::editor::TitleEditor;
use super::schedule::Schedule;
use crate::admin::frame::StatusBadge;
use crate::api::admin::{Archive, Publish, Unpublish};
use crate::api::titles::{DuplicateTitle, ScheduleTitle, UnscheduleTitle};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::paths;
use domain::catalog::Status;
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn PublishPanel(editor: TitleEditor) -> impl IntoView {
    let (publish, unpublish, archive) =
        (ServerAction::<Publish>::new(), ServerAction::<Unpublish>::new(), ServerAction::<Archive>::new());
    let (schedule, unschedule) = (ServerAction::<ScheduleTitle>::new(), ServerAction::<UnscheduleTitle>::new());
    let duplicate = ServerAction::<DuplicateTitle>::new();
    let heading = NodeRef::<html::H2>::new();
    // The button that was pressed goes away: the focus stays near.
    Effect::new(move |before: Option<()>| {
        let _ = (publish.version().get(), unpublish.version().get(), archive.version().get());
        let _ = unschedule.version().get();
        if before.is_some() {
            editor.refresh();
            if let Some(heading) = heading.get_untracked() {
                heading.focus().ok();
            }
        }
    });
    Effect::new(move |before: Option<()>| {
        schedule.version().track();
        if before.is_some() {
            editor.refresh();
        }
    });
    let status = editor.status;
    let product = move || {
        if status.get() == Status::Published {
            paths::book(editor.slug.get())
        } else {
            paths::preview(editor.slug.get(), false)
        }
    };
    view! {
        <section class="panel space-y-4 p-5" id="shelf" aria-labelledby="shelf-heading">
            <div class="flex flex-wrap items-center justify-between gap-2">
                <h2 class="text-xl" id="shelf-heading" tabindex="-1" node_ref=heading>"On sale"</h2>
                <span role="status" data-testid="title-status"><StatusBadge status=status /></span>
            </div>
            <FormError message=FormState::of(publish).refused() />
            <FormError message=FormState::of(unpublish).refused() />
            <FormError message=FormState::of(archive).refused() />
            {move || match status.get() {
                Status::Draft => {
                    view! {
                        <Missing editor />
                        <Unreviewed editor />
                        <ActionForm action=publish>
                            <Button editor words="Publish" testid="publish" />
                        </ActionForm>
                        <Schedule editor schedule unschedule />
                    }
                        .into_any()
                }
                Status::Published => {
                    view! {
                        <p class="text-sm text-soft">"Everybody can find and buy it."</p>
                        <Unreviewed editor />
                        <ActionForm action=unpublish>
                            <Button editor words="Back to draft" testid="unpublish" quiet=true />
                        </ActionForm>
                        <ActionForm action=archive>
                            <Button editor words="Archive" testid="archive" quiet=true />
                        </ActionForm>
                        <p class="text-sm text-soft">"Either way, those who bought it keep it."</p>
                    }
                        .into_any()
                }
                Status::Archived => {
                    view! {
                        <p class="text-sm text-soft">"No longer for sale. Those who bought it keep it."</p>
                        <Missing editor />
                        <Unreviewed editor />
                        <ActionForm action=publish>
                            <Button editor words="Publish again" testid="publish" />
                        </ActionForm>
                        <ActionForm action=unpublish>
                            <Button editor words="Back to draft" testid="unpublish" quiet=true />
                        </ActionForm>
                        <Schedule editor schedule unschedule />
                    }
                        .into_any()
                }
            }}
            {move || {
                editor.dirty()
                    .then(|| view! { <p class="text-sm text-soft">"The form has changes that are not saved. They do not count until they are."</p> })
            }}
            <p><a class="link" href=product>{move || if status.get() == Status::Published { "See the product page" } else { "See it as a shopper" }}</a></p>
            <div class="space-y-3 border-t border-line pt-4">
                <FormError message=FormState::of(duplicate).refused() />
                <ActionForm action=duplicate>
                    <Button editor words="Duplicate" testid="duplicate" quiet=true />
                </ActionForm>
                {move || {
                    (status.get() == Status::Draft)
                        .then(|| {
                            // A page of its own: what is drawn of the title ends with it.
                            let delete = paths::admin_title_delete(editor.id);
                            view! { <p><a class="link" href=delete>"Delete this draft…"</a></p> }
                        })
                }}
            </div>
        </section>
    }
}

#[component]
fn Button(
    editor: TitleEditor,
    words: &'static str,
    testid: &'static str,
    #[prop(optional)] quiet: bool,
) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=editor.id.to_string() />
        <button class="button w-full" class=("button-quiet", quiet) type="submit" data-testid=testid>{words}</button>
    }
}

/// That its text has places nobody has decided about: it can be sold all the same, without them.
#[component]
fn Unreviewed(editor: TitleEditor) -> impl IntoView {
    let doubtful = editor.doubtful();
    move || {
        (doubtful.get() > 0).then(|| {
            let number = doubtful.get();
            let (places, them) =
                if number == 1 { ("place of its text is", "it") } else { ("places of its text are", "them") };
            view! {
                <p class="text-sm" data-testid="unreviewed">
                    {format!("{number} {places} not reviewed. It can be sold, but readers do not get {them}. ")}
                    <a class="link" href=paths::admin_text(editor.id, "doubtful", 1)>"Review the text"</a>
                </p>
            }
        })
    }
}

/// What it lacks to be sold.
#[component]
fn Missing(editor: TitleEditor) -> impl IntoView {
    move || {
        let missing = editor.missing.get();
        if missing.is_empty() {
            view! { <p class="text-sm text-soft">"Nothing is missing: it can be published."</p> }.into_any()
        } else {
            view! {
                <div class="text-sm" data-testid="missing">
                    <p>"Before it can be published it needs:"</p>
                    <ul class="mt-1 list-disc pl-5">
                        {missing.into_iter().map(|what| view! { <li>{what}</li> }).collect_view()}
                    </ul>
                </div>
            }
            .into_any()
        }
    }
}
