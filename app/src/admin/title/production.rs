//! The way from audio to product page: where it is, and how to steer it.

use super::editor::TitleEditor;
use super::step::StepRow;
use crate::admin::labels::summary;
use crate::admin::workers::NoWorker;
use crate::api::production::{Cancel, Redo, Resume};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::use_hydrated;
use crate::paths;
use domain::production::StepStatus;
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn ProductionPanel(editor: TitleEditor) -> impl IntoView {
    let (resume, redo, cancel) =
        (ServerAction::<Resume>::new(), ServerAction::<Redo>::new(), ServerAction::<Cancel>::new());
    let live = editor.live;
    let heading = NodeRef::<html::H2>::new();
    // The button that was pressed goes away: the focus stays near.
    Effect::new(move |before: Option<()>| {
        let _ = (resume.version().get(), redo.version().get(), cancel.version().get());
        if before.is_some() {
            live.refresh();
            if let Some(heading) = heading.get_untracked() {
                heading.focus().ok();
            }
        }
    });
    let steps = live.steps();
    let said = Memo::new(move |_| summary(&steps.read()));
    let queued = Memo::new(move |_| {
        steps.read().iter().any(|step| matches!(step.status, StepStatus::Queued | StepStatus::Running))
    });
    let no_worker = Memo::new(move |_| live.now.read().workers == 0 && queued.get());
    let demonstration = Memo::new(move |_| live.now.read().view.demonstration);
    view! {
        <section class="space-y-4" id="production" aria-labelledby="production-heading">
            <h2 class="text-xl" id="production-heading" tabindex="-1" node_ref=heading>"Production"</h2>
            <p class="sr-only" role="status" aria-live="polite">{said}</p>
            {move || no_worker.get().then(|| view! { <NoWorker /> })}
            {move || {
                demonstration
                    .get()
                    .then(|| {
                        view! {
                            <p class="notice" data-testid="demonstration">
                                "A demonstration model is at work here. It knows a few hundred words and one synthetic voice: of any other recording it makes nonsense. Before you sell this, "
                                <a class="link" href="/admin/models">"get a real model"</a> " and redo the steps."
                            </p>
                        }
                    })
            }}
            {move || {
                live.lost
                    .get()
                    .then(|| view! { <p class="alert">"The shop does not answer at the moment. This page asks again by itself."</p> })
            }}
            <FormError message=FormState::of(resume).refused() />
            <FormError message=FormState::of(redo).refused() />
            <FormError message=FormState::of(cancel).refused() />
            <ol class="panel divide-y divide-line px-4 sm:px-5">
                {steps
                    .get_untracked()
                    .into_iter()
                    .enumerate()
                    .map(|(place, first)| view! { <StepRow editor place first redo /> })
                    .collect_view()}
            </ol>
            <Steering editor resume cancel />
        </section>
    }
}

/// Going on, stopping, and looking again.
#[component]
fn Steering(editor: TitleEditor, resume: ServerAction<Resume>, cancel: ServerAction<Cancel>) -> impl IntoView {
    let hydrated = use_hydrated();
    let now = editor.live.now;
    let can_resume = Memo::new(move |_| now.read().view.can_resume);
    let can_cancel = Memo::new(move |_| now.read().view.can_cancel);
    let id = editor.id.to_string();
    let (of_resume, of_cancel) = (id.clone(), id.clone());
    view! {
        <div class="flex flex-wrap items-center gap-3">
            {move || {
                let id = of_resume.clone();
                can_resume
                    .get()
                    .then(|| {
                        view! {
                            <ActionForm action=resume>
                                <input type="hidden" name="id" value=id />
                                <button class="button" type="submit" disabled=move || resume.pending().get() data-testid="resume">
                                    "Resume"
                                </button>
                            </ActionForm>
                        }
                    })
            }}
            {move || {
                let id = of_cancel.clone();
                can_cancel
                    .get()
                    .then(|| {
                        view! {
                            <ActionForm action=cancel>
                                <input type="hidden" name="id" value=id />
                                <button
                                    class="button button-quiet"
                                    type="submit"
                                    disabled=move || cancel.pending().get()
                                    data-testid="cancel-run"
                                >
                                    "Cancel the run"
                                </button>
                            </ActionForm>
                        }
                    })
            }}
            <a class="link" class:hidden=move || hydrated.get() href=paths::admin_title(id)>"Refresh"</a>
        </div>
    }
}
