//! The trials of mails and models: a button, and truly what came of it.

use super::super::workers::NoWorker;
use crate::AppError;
use crate::api::settings::{TryMail, TryModels, opening};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::icons::{CHECK, Icon};
use domain::account::Language;
use domain::settings::{Finding, Opening, Trial};
use leptos::prelude::*;
use std::time::Duration;

/// How often the shop is asked while a trial goes on.
const SOON: Duration = Duration::from_secs(1);

/// How far the shop is set up, as last heard.
#[derive(Clone, Copy)]
pub struct Live {
    now: RwSignal<Opening>,
    ask: Action<(), Result<Opening, AppError>>,
}

fn goes_on(opening: &Opening) -> bool {
    [&opening.mail, &opening.models].into_iter().flatten().any(|trial| trial.done_at.is_none())
}

/// Follows the trials in the browser while one goes on; on the server what was read first is all there is.
pub fn follow(first: Opening) -> Live {
    let now = RwSignal::new(first);
    let ask = Action::new(|(): &()| opening());
    Effect::new(move |_| {
        if let Some(Ok(heard)) = ask.value().get()
            && now.with_untracked(|known| *known != heard)
        {
            now.set(heard);
        }
        // Also when nothing was heard: the shop may have been busy.
        ask.version().track();
        if now.with_untracked(goes_on) {
            let look = move || {
                ask.dispatch(());
            };
            if let Ok(again) = set_timeout_with_handle(look, SOON) {
                on_cleanup(move || again.clear());
            }
        }
    });
    Live { now, ask }
}

/// Both trials.
#[component]
pub fn TrialPanels(
    live: Live,
    /// It is known that nobody is there who could try the models.
    nobody_works: bool,
) -> impl IntoView {
    let (mail, models) = (ServerAction::<TryMail>::new(), ServerAction::<TryModels>::new());
    let (mail_answer, models_answer) = (FormState::of(mail), FormState::of(models));
    Effect::new(move |before: Option<(usize, usize)>| {
        let now = (mail.version().get(), models.version().get());
        if before.is_some_and(|before| before != now) {
            live.ask.dispatch(());
        }
        now
    });
    let of_mail = Signal::derive(move || live.now.with(|opening| opening.mail.clone()));
    let of_models = Signal::derive(move || live.now.with(|opening| opening.models.clone()));
    view! {
        <section class="panel mt-4 max-w-2xl p-5 sm:p-6" aria-labelledby="mail-trial" data-testid="mail-trial">
            <h3 class="text-lg" id="mail-trial">"Mails"</h3>
            <p class="mt-2 text-soft">"Sends one to your own address, and says what became of it."</p>
            <ActionForm action=mail attr:class="mt-4">
                <FormError message=mail_answer.refused() />
                <button class="button button-quiet" type="submit" disabled=move || mail.pending().get()>"Send a mail to me"</button>
            </ActionForm>
            <Outcome trial=of_mail />
        </section>
        <section class="panel mt-4 max-w-2xl p-5 sm:p-6" aria-labelledby="models-trial" data-testid="models-trial">
            <h3 class="text-lg" id="models-trial">"Models"</h3>
            <p class="mt-2 text-soft">
                "Loads the models that are used, and lets them hear and write a little. Which there are stands on "
                <a class="link" href="/admin/models">"the page of the models"</a> "."
            </p>
            {nobody_works.then(|| view! { <div class="mt-4"><NoWorker /></div> })}
            <ActionForm action=models attr:class="mt-4">
                <FormError message=models_answer.refused() />
                <button class="button button-quiet" type="submit" disabled=move || models.pending().get()>"Try the models"</button>
            </ActionForm>
            <Outcome trial=of_models />
        </section>
    }
}

#[component]
fn Outcome(trial: Signal<Option<Trial>>) -> impl IntoView {
    let shown = move || {
        trial.get().map(|trial| match trial.done_at {
            None => view! {
                <p class="mt-4">
                    {format!("Asked for on {}. It is under way. ", Language::default().moment(trial.asked_at))}
                    <a class="link" rel="external" href="/admin/settings">"Look again"</a>
                </p>
            }
            .into_any(),
            Some(at) => view! {
                <p class="mt-4 text-sm text-soft">{format!("Tried on {}.", Language::default().moment(at))}</p>
                <ul class="mt-2 flex flex-col gap-3">
                    {trial.findings.into_iter().map(|finding| view! { <Found finding /> }).collect_view()}
                </ul>
            }
            .into_any(),
        })
    };
    view! { <div role="status">{shown}</div> }
}

#[component]
fn Found(finding: Finding) -> impl IntoView {
    let Finding { good, words } = finding;
    if good {
        view! { <li class="flex items-start gap-2 break-words"><Icon path=CHECK /> <span class="min-w-0">{words}</span></li> }
            .into_any()
    } else {
        view! { <li class="alert break-words">{words}</li> }.into_any()
    }
}
