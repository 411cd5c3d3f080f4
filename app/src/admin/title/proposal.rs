//! What the writer proposes, and where in the book it found that.

use super::editor::TitleEditor;
use crate::api::admin::UseProposal;
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::text::{clock, paragraphs};
use domain::catalog::{Evidence, Proposal};
use domain::production::Step;
use leptos::prelude::*;

#[component]
pub fn ProposalPanel(editor: TitleEditor, adopt: ServerAction<UseProposal>) -> impl IntoView {
    let proposal = Memo::new(move |_| editor.live.now.read().view.proposal.clone());
    view! {
        <section class="space-y-4" id="proposal" aria-labelledby="proposal-heading">
            <h2 class="text-xl" id="proposal-heading">"Proposal of the writer"</h2>
            <FormError message=FormState::of(adopt).refused() />
            {move || match proposal.get() {
                Some(proposal) => view! { <Written editor proposal adopt /> }.into_any(),
                None => {
                    view! { <p class="text-soft">"Nothing yet. The writer begins when the transcript is complete."</p> }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Why to read it with care, when there is a reason.
fn warning(editor: TitleEditor) -> Option<&'static str> {
    let now = editor.live.now.read();
    let step = now.view.steps.iter().find(|view| view.step == Step::Describe)?;
    if step.provider.as_deref() == Some("extractive") {
        Some("The extractive writer made this: it picks sentences from the transcript and writes none of its own.")
    } else if now.view.demonstration {
        Some(
            "A demonstration model made this, or the transcript it was made from: read it as a sample of the form, not as a text.",
        )
    } else {
        None
    }
}

#[component]
fn Written(editor: TitleEditor, proposal: Proposal, adopt: ServerAction<UseProposal>) -> impl IntoView {
    let categories: Vec<String> = proposal.categories.iter().map(|slug| editor.category(slug)).collect();
    let categories = if categories.is_empty() { "none".to_owned() } else { categories.join(", ") };
    let reasons: Vec<(String, String)> =
        proposal.reasons.iter().map(|reason| (editor.category(&reason.category), reason.because.clone())).collect();
    let description = proposal.description.clone();
    let in_use = Memo::new(move |_| editor.base.read().description == description);
    let version = move || editor.base.read().version.to_string();
    let warned = Memo::new(move |_| warning(editor));
    view! {
        <div class="panel space-y-4 p-5 sm:p-6" data-testid="proposal">
            {move || warned.get().map(|words| view! { <p class="notice">{words}</p> })}
            <div class="max-w-prose space-y-3 font-serif">
                {paragraphs(&proposal.description).into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            </div>
            <p><span class="font-semibold">"Categories: "</span> {categories}</p>
            <Reasons reasons />
            <Sources editor evidence=proposal.evidence />
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <ActionForm action=adopt>
                    <input type="hidden" name="id" value=editor.id.to_string() />
                    <input type="hidden" name="version" value=version />
                    <button
                        class="button button-quiet"
                        type="submit"
                        disabled=move || adopt.pending().get() || in_use.get()
                        data-testid="use-proposal"
                    >
                        "Use this description"
                    </button>
                </ActionForm>
                <p class="text-sm text-soft" role="status">
                    {move || {
                        if in_use.get() {
                            "This is the title's description now."
                        } else {
                            "It replaces the description and the categories of the title."
                        }
                    }}
                </p>
            </div>
        </div>
    }
}

/// Why each category.
#[component]
fn Reasons(reasons: Vec<(String, String)>) -> impl IntoView {
    (!reasons.is_empty()).then(|| {
        view! {
            <ul class="space-y-1 text-sm" data-testid="category-reasons">
                {reasons
                    .into_iter()
                    .map(|(category, because)| {
                        view! { <li><span class="font-semibold">{category}": "</span> {because}</li> }
                    })
                    .collect_view()}
            </ul>
        }
    })
}

/// Each sentence with the stretch of the book behind it.
#[component]
fn Sources(editor: TitleEditor, evidence: Vec<Evidence>) -> impl IntoView {
    (!evidence.is_empty()).then(|| {
        view! {
            <div>
                <h3 class="font-semibold">"Where it comes from"</h3>
                <ul class="mt-2 space-y-2 text-sm">
                    {evidence
                        .into_iter()
                        .map(|source| {
                            let (from, to) = (clock(source.start_ms), clock(source.end_ms));
                            view! {
                                <li class="flex flex-wrap gap-x-3">
                                    <a
                                        class="link whitespace-nowrap tabular-nums"
                                        href=move || editor.play_from(source.start_ms)
                                        aria-label=format!("Listen from {from} to {to}")
                                    >
                                        {format!("{from} to {to}")}
                                    </a>
                                    <span class="min-w-0 flex-1 basis-60">{source.sentence}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </div>
        }
    })
}
