//! Following the production of a title while it goes on.

use crate::api::production::{Production, production};
use domain::production::{StepStatus, StepView, UploadStatus};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// How often the shop is asked while something goes on.
const SOON: Duration = Duration::from_secs(1);
/// How often otherwise, and while nobody looks.
const LATER: Duration = Duration::from_secs(10);

/// Where a title stands, as last heard. Only what changed is drawn anew, so an open menu stays open and the focus where it
/// is.
#[derive(Clone, Copy)]
pub struct Live {
    pub now: RwSignal<Production>,
    /// The shop did not answer the last time.
    pub lost: RwSignal<bool>,
    ask: Action<(), Result<Production, crate::AppError>>,
}

impl Live {
    /// Begins to follow, in the browser; on the server what was read first is all there is.
    pub fn new(id: Uuid, first: Production) -> Self {
        let now = RwSignal::new(first);
        let lost = RwSignal::new(false);
        let ask = Action::new(move |(): &()| production(id));
        let next = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            match ask.value().get() {
                Some(Ok(heard)) => {
                    lost.set(false);
                    if now.with_untracked(|known| *known != heard) {
                        now.set(heard);
                    }
                }
                Some(Err(_)) => lost.set(true),
                None => {}
            }
            let pause = if now.with_untracked(goes_on) && !document().hidden() { SOON } else { LATER };
            if let Some(waiting) = next.get_value() {
                waiting.clear();
            }
            let again = move || {
                ask.dispatch(());
            };
            next.set_value(set_timeout_with_handle(again, pause).ok());
        });
        on_cleanup(move || {
            if let Some(waiting) = next.try_get_value().flatten() {
                waiting.clear();
            }
        });
        Self { now, lost, ask }
    }

    /// Asks at once.
    pub fn refresh(self) {
        self.ask.dispatch(());
    }

    pub fn steps(self) -> Memo<Vec<StepView>> {
        Memo::new(move |_| self.now.read().view.steps.clone())
    }
}

/// Whether something may change by itself.
fn goes_on(production: &Production) -> bool {
    let view = &production.view;
    view.steps.iter().any(|step| matches!(step.status, StepStatus::Running | StepStatus::Queued))
        || view.uploads.iter().any(|file| matches!(file.status, UploadStatus::Receiving | UploadStatus::Checking))
}
