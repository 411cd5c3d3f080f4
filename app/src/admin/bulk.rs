//! What became of a change to many titles. While it goes on, the page follows it.

use super::frame::Frame;
use crate::api::titles::changed_titles;
use crate::components::failure::outcome;
use crate::components::moment::Moment;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use crate::paths;
use domain::insight::{BulkRefusal, BulkView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::time::Duration;
use uuid::Uuid;

/// How often the shop is asked while it goes on.
const SOON: Duration = Duration::from_secs(1);

#[component]
pub fn BulkPage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default());
    let read = Resource::new(move || id.get(), changed_titles);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, |view| view! { <Bulk view /> }) })}
        </Transition>
    }
}

/// Follows a change until it is over.
fn follow(first: BulkView) -> RwSignal<BulkView> {
    let id = first.id;
    let now = RwSignal::new(first);
    let ask = Action::new(move |(): &()| changed_titles(id));
    Effect::new(move |_| {
        if let Some(Ok(heard)) = ask.value().get() {
            now.set(heard);
        }
        if !now.with_untracked(BulkView::is_over) {
            // Gone with the page.
            let again = set_timeout_with_handle(
                move || {
                    ask.dispatch(());
                },
                SOON,
            );
            on_cleanup(move || {
                if let Ok(again) = again {
                    again.clear();
                }
            });
        }
    });
    now
}

#[component]
fn Bulk(view: BulkView) -> impl IntoView {
    let (words, who, begun) = (view.words.clone(), view.who.clone(), view.created_at);
    let now = follow(view);
    let said = move || {
        let now = now.get();
        let number = count(now.total(), "title", "titles");
        let over = now.total() - now.waiting;
        match (now.stopped, now.finished_at) {
            (_, Some(_)) => format!("Done with {number}."),
            (Some(reason), None) => format!("Stopped with {} left of {number}: {reason}", now.waiting),
            (None, None) => format!("{over} of {number} done."),
        }
    };
    let figures = move || {
        let now = now.get();
        [
            ("Changed", now.changed),
            ("As they were already", now.unchanged),
            ("Refused", now.refused),
            ("To do", now.waiting),
        ]
    };
    let over = move || now.with(BulkView::is_over);
    view! {
        <Title text="Change to several titles" />
        <Frame heading=words>
            <p class="mt-2 text-soft">"Asked for by " {who} ", " <Moment at=begun /></p>
            <p class="mt-6 text-lg font-semibold" role="status" data-testid="bulk-said">{said}</p>
            {move || {
                let now = now.get();
                (!now.is_over())
                    .then(|| {
                        let done = now.total() - now.waiting;
                        view! {
                            <progress class="mt-3 h-3 w-full max-w-xl accent-accent" max=now.total().to_string() value=done.to_string() aria-label="Progress"></progress>
                            <p class="mt-2 text-sm text-soft">
                                "It goes on by itself, also when you leave this page. "
                                <a class="link" href=paths::admin_bulk(now.id)>"Look again"</a>
                            </p>
                        }
                    })
            }}
            <dl class="mt-6 grid max-w-2xl grid-cols-2 gap-4 sm:grid-cols-4" data-testid="bulk-figures">
                {move || {
                    figures()
                        .map(|(words, number)| {
                            view! {
                                <div class="panel p-4">
                                    <dt class="text-sm text-soft">{words}</dt>
                                    <dd class="text-2xl font-semibold tabular-nums">{number}</dd>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </dl>
            {move || {
                let now = now.get();
                (!now.refusals.is_empty()).then(|| view! { <Refusals refusals=now.refusals of=now.refused /> })
            }}
            <p class="mt-8 flex flex-wrap gap-4">
                <a class="button" class=("button-quiet", move || !over()) href="/admin/titles">"All titles"</a>
            </p>
        </Frame>
    }
}

/// The titles that were left as they are, and why.
#[component]
fn Refusals(refusals: Vec<BulkRefusal>, of: u64) -> impl IntoView {
    let named = refusals.len() as u64;
    view! {
        <section class="mt-8" aria-labelledby="refused">
            <h2 class="text-xl" id="refused">"Left as they are"</h2>
            <ul class="mt-3 divide-y divide-line border-y border-line" data-testid="bulk-refusals">
                {refusals
                    .into_iter()
                    .map(|refusal| {
                        let name = match refusal.title {
                            Some(title) => {
                                view! { <a class="link font-semibold" href=paths::admin_title(refusal.id)>{title}</a> }.into_any()
                            }
                            None => view! { <span class="font-semibold">"A title that is gone"</span> }.into_any(),
                        };
                        view! { <li class="py-3">{name} <p class="text-sm text-soft">{refusal.reason}</p></li> }
                    })
                    .collect_view()}
            </ul>
            {(of > named).then(|| view! { <p class="mt-3 text-sm text-soft">{format!("And {} more.", of - named)}</p> })}
        </section>
    }
}
