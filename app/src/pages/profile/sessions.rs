//! Where one is logged in, and ways to end it.

use super::Section;
use super::forms::saved;
use crate::api::account::use_viewer;
use crate::api::profile::{LogOutElsewhere, LogOutThere};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::pages::account::Done;
use domain::account::{ActiveSession, Language};
use leptos::prelude::*;

/// What can be done about log-ins, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub there: ServerAction<LogOutThere>,
    pub elsewhere: ServerAction<LogOutElsewhere>,
    // Made with the page, which outlives the list: that is made anew by what they are the answers to.
    ended_there: FormState<()>,
    ended_elsewhere: FormState<()>,
}

impl Ends {
    pub fn new() -> Self {
        let (there, elsewhere) = (ServerAction::new(), ServerAction::new());
        Self { there, elsewhere, ended_there: FormState::of(there), ended_elsewhere: FormState::of(elsewhere) }
    }
}

#[component]
pub(super) fn Sessions(sessions: Vec<ActiveSession>, language: Language, ends: Ends) -> impl IntoView {
    let viewer = use_viewer();
    let (there, elsewhere) = (ends.ended_there, ends.ended_elsewhere);
    let (one, others) = (saved(there, "sessions"), saved(elsewhere, "sessions"));
    let elsewhere_too = (sessions.len() > 1).then(|| {
        view! {
            <ActionForm action=ends.elsewhere>
                <button class="button button-quiet" type="submit" disabled=move || ends.elsewhere.pending().get()>
                    "Log out everywhere else"
                </button>
            </ActionForm>
        }
    });
    view! {
        <Section id="sessions-section" heading="Where you are logged in">
            <p class="mt-2 max-w-prose text-soft">
                "If something here is not yours, log it out and change your password. What a browser calls itself is a hint, \
                 no proof."
            </p>
            <Done words="Logged out there." shown=Signal::derive(move || one.get() || others.get()) />
            <div class="mt-4"><FormError message=there.refused() /></div>
            <ul class="mt-4 divide-y divide-line border-y border-line" data-testid="sessions">
                {sessions.into_iter().map(|session| view! { <Row session language ends /> }).collect_view()}
            </ul>
            <div class="mt-4"><FormError message=elsewhere.refused() /></div>
            <div class="mt-4 flex flex-wrap gap-3">
                {elsewhere_too}
                <ActionForm action=viewer.leave_all>
                    <button class="button button-quiet" type="submit" disabled=move || viewer.leave_all.pending().get()>
                        "Log out everywhere"
                    </button>
                </ActionForm>
            </div>
        </Section>
    }
}

#[component]
fn Row(session: ActiveSession, language: Language, ends: Ends) -> impl IntoView {
    let viewer = use_viewer();
    let ActiveSession { handle, device, program, ip, since, seen_at, here } = session;
    let kind = if here {
        "This browser"
    } else if program {
        "Program"
    } else {
        "Browser"
    };
    let moment = |at: domain::Timestamp| view! { <time datetime=at.rfc3339()>{language.moment(at)}</time> };
    let from = ip.map(|ip| view! { <span class="break-all">"From " {ip} ". "</span> });
    let which = format!(": {device}");
    let end = if here {
        view! {
            <ActionForm action=viewer.logout>
                <button class="button button-quiet button-small" type="submit">"Log out here"</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=ends.there>
                <input type="hidden" name="handle" value=handle />
                <button class="button button-quiet button-small" type="submit" disabled=move || ends.there.pending().get()>
                    "Log out there" <span class="sr-only">{which}</span>
                </button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-4">
            <div class="min-w-0 flex-1 basis-64">
                <p class="font-semibold break-words">{device}</p>
                <p class="text-sm font-medium">{kind}</p>
                <p class="text-sm text-soft">
                    {from} "Logged in " {moment(since)} ", last seen " {moment(seen_at)} "."
                </p>
            </div>
            {end}
        </li>
    }
}
