//! One step of the way.

use super::editor::TitleEditor;
use crate::admin::frame::StepBadge;
use crate::admin::labels;
use crate::api::production::Redo;
use crate::components::text::{count, length};
use domain::production::{Step, StepStatus, StepView};
use leptos::prelude::*;

#[component]
pub fn StepRow(
    editor: TitleEditor,
    /// Counted from 0.
    place: usize,
    first: StepView,
    redo: ServerAction<Redo>,
) -> impl IntoView {
    let now = editor.live.now;
    let step = first.step;
    let view = Memo::new(move |_| {
        let now = now.read();
        now.view.steps.iter().find(|view| view.step == step).cloned().unwrap_or_else(|| first.clone())
    });
    let status = Memo::new(move |_| view.read().status);
    let made_by = Memo::new(move |_| details(&view.read(), now.read().view.demonstration));
    let message = Memo::new(move |_| view.read().message.clone());
    let others = Memo::new(move |_| stand_ins(&view.read()));
    let alarming = move || matches!(status.get(), StepStatus::Failed | StepStatus::Blocked);
    view! {
        <li
            class="py-4"
            data-testid=format!("step-{}", step.name())
            data-status=move || labels::step_status_name(status.get())
        >
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                <h3 class="font-semibold">{format!("{}. {}", place + 1, labels::step(step))}</h3>
                <StepBadge status />
            </div>
            <p class="text-sm text-soft">{labels::step_result(step)}</p>
            {move || (status.get() == StepStatus::Running).then(|| view! { <Progress editor view /> })}
            {move || {
                message
                    .get()
                    .map(|message| {
                        view! {
                            <p class="mt-2" class=("text-danger", alarming) data-testid=format!("message-{}", step.name())>
                                {message}
                            </p>
                        }
                    })
            }}
            {move || made_by.get().map(|words| view! { <p class="mt-1 text-sm text-soft break-words">{words}</p> })}
            {move || {
                let others = others.get();
                (!others.is_empty())
                    .then(|| {
                        view! {
                            <ul class="mt-1 list-disc pl-5 text-sm text-soft break-words" data-testid=format!("stood-in-{}", step.name())>
                                {others.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                            </ul>
                        }
                    })
            }}
            <Again editor step status redo />
        </li>
    }
}

/// Who did it, how much of the audio it covers, and whether it took more than one attempt.
fn details(view: &StepView, demonstration: bool) -> Option<String> {
    let of = if view.step == Step::Describe { "transcript" } else { "audio" };
    let parts = [
        labels::made_by(view, demonstration),
        view.coverage_permille.map(|covered| format!("covers {} of the {of}", labels::per_cent(covered))),
        (view.attempt > 1).then(|| format!("attempt {}", view.attempt)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// Who did how much where several did it, and who was meant to before them and why they did not.
fn stand_ins(view: &StepView) -> Vec<String> {
    let made = view.makers.iter().map(|maker| {
        let pieces = count(u64::from(maker.pieces), "piece", "pieces");
        format!("{pieces} heard by {}", maker.by)
    });
    let passed = view.passed_over.iter().map(|over| {
        let times = if over.times > 1 { format!(" {} times, the last one so", over.times) } else { String::new() };
        format!("Passed over{times}: {}. {}", over.provider, over.reason)
    });
    made.chain(passed).collect()
}

#[component]
fn Progress(editor: TitleEditor, view: Memo<StepView>) -> impl IntoView {
    let step = view.get_untracked().step;
    let done = Memo::new(move |_| view.read().progress_permille);
    let words = Memo::new(move |_| {
        let view = view.read();
        let mut parts = vec![labels::per_cent(view.progress_permille)];
        let now = editor.live.now.read();
        if step == Step::Transcribe && now.view.chunks_total > 0 {
            parts.push(format!("{} of {} pieces heard", now.view.chunks_done, now.view.chunks_total));
        }
        if let Some(left) = view.time_left_ms {
            parts.push(format!("about {} left", length(left)));
        }
        parts.join(" · ")
    });
    view! {
        <progress
            class="bar mt-3"
            max="1000"
            value=move || done.get().to_string()
            aria-label=format!("{}, progress", labels::step(step))
        ></progress>
        <p class="mt-1 text-sm text-soft tabular-nums">{words}</p>
    }
}

/// Doing a step again, behind a fold: it throws away what was made.
#[component]
fn Again(editor: TitleEditor, step: Step, status: Memo<StepStatus>, redo: ServerAction<Redo>) -> impl IntoView {
    if matches!(step, Step::Upload | Step::Done) {
        return ().into_any();
    }
    let now = editor.live.now;
    let possible = Memo::new(move |_| {
        let earlier_done = now
            .read()
            .view
            .steps
            .iter()
            .take_while(|view| view.step != step)
            .all(|view| view.status == StepStatus::Done);
        earlier_done && !matches!(status.get(), StepStatus::Waiting | StepStatus::Queued | StepStatus::Running)
    });
    let name = step.name();
    let id = editor.id.to_string();
    let corrections = Memo::new(move |_| now.read().view.corrections);
    (move || {
        let id = id.clone();
        possible.get().then(|| {
            view! {
                <details class="mt-2">
                    <summary class="link inline-flex min-h-6 items-center text-sm" data-testid=format!("redo-menu-{name}")>
                        "Do this again…"
                        <span class="sr-only">{format!(" ({})", labels::step(step))}</span>
                    </summary>
                    <div class="mt-2 flex flex-wrap items-center gap-3">
                        <p class="text-sm text-soft">"What it made is made anew, and the steps after it follow."</p>
                        <ActionForm action=redo attr:class="space-y-3">
                            <input type="hidden" name="id" value=id />
                            <input type="hidden" name="step" value=name />
                            {(step == Step::Transcribe && corrections.get() > 0)
                                .then(|| view! { <Corrected number=corrections.get() /> })}
                            <button
                                class="button button-quiet button-small"
                                type="submit"
                                disabled=move || redo.pending().get()
                                data-testid=format!("redo-{name}")
                            >
                                "Do it again"
                            </button>
                        </ActionForm>
                    </div>
                </details>
            }
        })
    })
    .into_any()
}

/// What becomes of sentences that people put right, when the recording is heard again.
#[component]
fn Corrected(number: u64) -> impl IntoView {
    let said = count(number, "sentence was put right by hand.", "sentences were put right by hand.");
    view! {
        <fieldset class="space-y-1" data-testid="corrections">
            <legend class="text-sm font-semibold">{said}</legend>
            <label class="flex min-h-6 items-center gap-2 text-sm">
                <input type="radio" name="corrections" value="keep" checked />
                "They stay, and what is heard there is left out"
            </label>
            <label class="flex min-h-6 items-center gap-2 text-sm">
                <input type="radio" name="corrections" value="discard" />
                "They go, and what is heard takes their place; this cannot be undone"
            </label>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::production::{Maker, PassedOver};

    #[test]
    fn a_step_says_who_did_it_and_how_much_it_covers() {
        let view = StepView {
            step: Step::Describe,
            status: StepStatus::Done,
            progress_permille: 1000,
            attempt: 2,
            message: None,
            provider: Some("extractive".to_owned()),
            model: None,
            coverage_permille: Some(1000),
            started_at: None,
            finished_at: None,
            time_left_ms: None,
            makers: Vec::new(),
            passed_over: Vec::new(),
        };
        let said = details(&view, false).unwrap();
        assert!(said.starts_with("The extractive writer"), "{said}");
        assert!(said.ends_with("covers 100 % of the transcript · attempt 2"), "{said}");
        assert!(stand_ins(&view).is_empty());
        let bare = StepView { provider: None, coverage_permille: None, attempt: 1, ..view };
        assert_eq!(details(&bare, false), None);
    }

    #[test]
    fn a_step_says_who_stood_in_for_whom_and_why() {
        let over = |times| PassedOver { provider: "Cloud".to_owned(), reason: "It answered 500.".to_owned(), times };
        let view = StepView {
            step: Step::Transcribe,
            status: StepStatus::Done,
            progress_permille: 1000,
            attempt: 1,
            message: None,
            provider: Some("whisper.cpp".to_owned()),
            model: Some("base.en".to_owned()),
            coverage_permille: Some(1000),
            started_at: None,
            finished_at: None,
            time_left_ms: None,
            makers: vec![Maker { by: "whisper.cpp, base.en".to_owned(), pieces: 1 }],
            passed_over: vec![over(1), over(7)],
        };
        let told = stand_ins(&view);
        assert_eq!(told[0], "1 piece heard by whisper.cpp, base.en");
        assert_eq!(told[1], "Passed over: Cloud. It answered 500.");
        assert!(told[2].starts_with("Passed over 7 times, the last one so: Cloud"), "{told:?}");
    }
}
