//! What the parts of a title's page share: what the shop holds, what is typed, and what became of both.

use super::form::typed::{merged, padded};
use super::live::Live;
use crate::AppError;
use crate::api::admin::{FormFacts, SaveTitle, UseProposal, title_form};
use crate::api::production::Production;
use crate::paths;
use domain::Timestamp;
use domain::catalog::{AudiobookForm, Link, Status};
use domain::production::{StepStatus, StepView, UploadStatus};
use leptos::prelude::*;
use uuid::Uuid;

#[derive(Clone, Copy)]
pub struct TitleEditor {
    pub id: Uuid,
    pub live: Live,
    pub slug: RwSignal<String>,
    pub status: RwSignal<Status>,
    /// What it lacks to be sold.
    pub missing: RwSignal<Vec<String>>,
    /// When it goes on sale by itself, or was to.
    pub publish_at: RwSignal<Option<Timestamp>>,
    /// Why it could not.
    pub publish_failure: RwSignal<Option<String>>,
    /// The form as the shop holds it.
    pub base: RwSignal<AudiobookForm>,
    /// The form as it stands on the page.
    pub typed: RwSignal<AudiobookForm>,
    /// The form as it was last sent.
    pub sent: StoredValue<Option<AudiobookForm>>,
    pub currency: StoredValue<String>,
    pub categories: StoredValue<Vec<Link>>,
    reread: Action<(), Result<FormFacts, AppError>>,
}

impl TitleEditor {
    pub fn new(
        facts: FormFacts,
        production: Production,
        save: ServerAction<SaveTitle>,
        adopt: ServerAction<UseProposal>,
    ) -> Self {
        let id = production.view.audiobook_id;
        let base = padded(facts.form);
        let editor = Self {
            id,
            live: Live::new(id, production),
            slug: RwSignal::new(facts.slug),
            status: RwSignal::new(facts.status),
            missing: RwSignal::new(facts.missing),
            publish_at: RwSignal::new(facts.publish_at),
            publish_failure: RwSignal::new(facts.publish_failure),
            typed: RwSignal::new(facts.typed.map_or_else(|| base.clone(), padded)),
            base: RwSignal::new(base),
            sent: StoredValue::new(None),
            currency: StoredValue::new(facts.currency),
            categories: StoredValue::new(facts.categories),
            reread: Action::new(move |(): &()| title_form(id)),
        };
        editor.keep_up();
        editor.follow_saving(save, adopt);
        editor
    }

    /// What is typed differs from what the shop holds.
    pub fn dirty(self) -> bool {
        let base = self.base.read();
        *self.typed.read() != AudiobookForm { version: self.typed.read().version, ..base.clone() }
    }

    /// Places of the text that wait for an admin.
    pub fn doubtful(self) -> Memo<u64> {
        Memo::new(move |_| self.live.now.read().view.doubtful)
    }

    /// Reads the form again; what was typed and not saved stays.
    pub fn refresh(self) {
        self.reread.dispatch(());
    }

    /// The name of a category.
    pub fn category(self, slug: &str) -> String {
        self.categories.with_value(|known| {
            known.iter().find(|link| link.slug == slug).map_or_else(|| slug.to_owned(), |link| link.name.clone())
        })
    }

    /// What the cover follows: the form that it is drawn from, and the files and steps that may bring one.
    pub fn looks(self) -> Memo<String> {
        Memo::new(move |_| {
            let now = self.live.now.read();
            let files = now.view.uploads.iter().filter(|file| file.status == UploadStatus::Done).count();
            let steps = now.view.steps.iter().filter(|step| step.status == StepStatus::Done).count();
            format!("{} {} {files} {steps}", self.slug.get(), self.base.read().version)
        })
    }

    /// Where in the player a moment of the book is.
    pub fn play_from(self, ms: i64) -> String {
        format!("{}?from={ms}", paths::library_book(self.slug.get()))
    }

    /// A step that is done may have filled in the form.
    fn keep_up(self) {
        let done = Memo::new(move |_| {
            let now = self.live.now.read();
            // Since when, as a step may be done again between two looks.
            let is_done = |step: &StepView| (step.status == StepStatus::Done).then_some(step.finished_at);
            let done = now.view.steps.iter().map(is_done).collect::<Vec<_>>();
            (done, now.view.proposal.clone())
        });
        // As it was when the form was read: on a slow machine steps end before anything here runs for the first time.
        let read_with = done.get_untracked();
        Effect::new(move |before: Option<_>| {
            let now = done.get();
            if *before.as_ref().unwrap_or(&read_with) != now {
                self.refresh();
            }
            now
        });
        Effect::new(move |_| {
            let Some(Ok(facts)) = self.reread.value().get() else { return };
            let fresh = padded(facts.form);
            let base = self.base.get_untracked();
            self.slug.set(facts.slug);
            self.status.set(facts.status);
            self.missing.set(facts.missing);
            self.publish_at.set(facts.publish_at);
            self.publish_failure.set(facts.publish_failure);
            self.typed.update(|typed| *typed = merged(&base, typed, &fresh));
            self.base.set(fresh);
        });
    }

    fn follow_saving(self, save: ServerAction<SaveTitle>, adopt: ServerAction<UseProposal>) {
        Effect::new(move |_| {
            if let Some(Ok(version)) = *save.value().read()
                && let Some(mut sent) = self.sent.get_value()
            {
                sent.version = version;
                self.typed.update(|typed| typed.version = version);
                self.base.set(sent);
                self.refresh();
            }
        });
        Effect::new(move |_| {
            if let Some(Ok(_)) = *adopt.value().read() {
                // What the proposal replaces was asked to go.
                let base = self.base.get_untracked();
                self.typed.update(|typed| {
                    typed.description = base.description;
                    typed.categories = base.categories;
                });
                self.refresh();
            }
        });
    }
}
