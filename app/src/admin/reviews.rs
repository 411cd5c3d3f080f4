//! All reviews: those that were reported first, then the newest.

use super::frame::Frame;
use crate::api::reviews::{HideReview, Moderated, ShowReview, moderated};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::stars::Stars;
use crate::components::tags::Title;
use crate::components::text::count;
use crate::paths;
use domain::catalog::stars;
use domain::reviews::ModeratedReview;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What can be done about a review.
#[derive(Clone, Copy)]
struct Actions {
    hide: ServerAction<HideReview>,
    show: ServerAction<ShowReview>,
}

#[component]
pub fn ReviewsPage() -> impl IntoView {
    let actions = Actions { hide: ServerAction::new(), show: ServerAction::new() };
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get_str("after").unwrap_or_default().to_owned());
    let read = Resource::new(
        move || (after.get(), actions.hide.version().get(), actions.show.version().get()),
        |(after, ..)| moderated(after),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, move |found| view! { <All found actions /> }) })}
        </Transition>
    }
}

#[component]
fn All(found: Moderated, actions: Actions) -> impl IntoView {
    let next = found.next.map(|place| {
        let href = format!("/admin/reviews?after={place}");
        view! { <p class="mt-6"><a class="button button-quiet" rel="next" href=href>"More reviews"</a></p> }
    });
    let list = if found.reviews.is_empty() {
        view! { <Empty title="No reviews here"><p>"Nobody has rated a title yet."</p></Empty> }.into_any()
    } else {
        view! {
            <ul class="divide-y divide-line border-y border-line">
                {found.reviews.into_iter().map(|one| view! { <One one actions /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <Title text="Reviews" />
        <Frame heading="Reviews".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Those that were reported come first. What is hidden counts no more; its author reads why."
            </p>
            <FormError message=FormState::of(actions.hide).refused() />
            <FormError message=FormState::of(actions.show).refused() />
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-6">{list}</div>
            {next}
        </Frame>
    }
}

#[component]
fn One(one: ModeratedReview, actions: Actions) -> impl IntoView {
    let ModeratedReview { review, title, open_reports, hidden } = one;
    let (id, rated) = (review.id.to_string(), review.hundredths());
    let reported = (open_reports > 0).then(|| {
        view! { <span class="font-semibold text-danger">{count(open_reports.into(), "report", "reports")}</span> }
    });
    let show_words = if hidden.is_some() { "Show again" } else { "Let it stand" };
    let field = format!("reason-{id}");
    let same = id.clone();
    let show = (hidden.is_some() || open_reports > 0).then(|| {
        view! {
            <ActionForm action=actions.show>
                <input type="hidden" name="id" value=same />
                <button class="button button-quiet button-small" type="submit">{show_words}</button>
            </ActionForm>
        }
    });
    let hide = hidden.is_none().then(|| {
        view! {
            <ActionForm action=actions.hide attr:class="flex flex-wrap items-end gap-2">
                <input type="hidden" name="id" value=id />
                <div>
                    <label class="text-sm font-semibold" for=field.clone()>"Reason"</label>
                    <input class="input mt-1" id=field name="reason" required maxlength="300" autocomplete="off" />
                </div>
                <button class="button button-quiet button-small" type="submit">"Hide"</button>
            </ActionForm>
        }
    });
    view! {
        <li class="py-5" data-testid="review">
            <h3 class="font-sans text-base font-semibold">
                <a class="link" href=paths::book(&title.slug)>{title.name}</a>
            </h3>
            <p class="mt-1 flex flex-wrap items-center gap-x-3 text-sm text-soft">
                <Stars hundredths=rated words=format!("{} of 5", stars(rated)) />
                <span class="break-words">{review.by.unwrap_or_else(|| "A listener".to_owned())}</span>
                <time datetime=review.at.rfc3339()>{review.at.date()}</time>
                {reported}
            </p>
            <p class="mt-2 max-w-prose break-words whitespace-pre-line">{review.text}</p>
            {hidden.map(|reason| view! { <p class="mt-2 text-sm">"Hidden: " {reason}</p> })}
            <div class="mt-3 flex flex-wrap items-end gap-3">{hide} {show}</div>
        </li>
    }
}
