//! What buyers think of a title, on its page: the numbers, the reviews, and the form for who owns it.

use crate::AppError;
use crate::api::reviews::{Rate, RemoveReview, ReportReview, reviews};
use crate::components::failure::{FormError, and_back};
use crate::components::field::{Field, FormState};
use crate::components::stars::Stars;
use crate::components::text::count;
use crate::pages::account::Done;
use crate::paths;
use domain::catalog::stars;
use domain::reviews::{Breakdown, OwnReview, Review, ReviewForm, ReviewPage, ReviewViewer};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// What can be done here.
#[derive(Clone, Copy)]
struct Actions {
    rate: ServerAction<Rate>,
    remove: ServerAction<RemoveReview>,
    report: ServerAction<ReportReview>,
}

/// The section of the ratings of a title.
#[component]
pub fn Reviews(slug: String) -> impl IntoView {
    let actions = Actions { rate: ServerAction::new(), remove: ServerAction::new(), report: ServerAction::new() };
    let (rated, reported) = (FormState::of(actions.rate), FormState::of(actions.report));
    rated.focus_refused();
    let query = use_query_map();
    let before = Memo::new(move |_| query.read().get_str("reviews").unwrap_or_default().to_owned());
    let (done, removed) = (times_done(actions.rate), times_done(actions.remove));
    let of_title = slug.clone();
    let read = Resource::new(
        move || (before.get(), done.get(), removed.get()),
        move |(before, ..)| reviews(of_title.clone(), before),
    );
    let said = move |word: &'static str, now: Signal<bool>| {
        Signal::derive(move || now.get() || query.read().get_str(word).is_some())
    };
    let (kept, told) = (said("rated", rated.done()), said("reported", reported.done()));
    view! {
        <section class="mt-16" id="reviews" aria-labelledby="reviews-heading">
            <h2 class="mb-6 border-b border-line pb-3 text-2xl" id="reviews-heading">"Ratings and reviews"</h2>
            <Done words="Thank you. Your rating is kept." shown=kept />
            <Done words="Thank you. Somebody of the shop will read this review." shown=told />
            <FormError message=reported.refused() />
            <Transition>
                {move || {
                    let slug = slug.clone();
                    Suspend::new(async move {
                        match read.await {
                            Ok(page) => view! { <Shown page slug actions rated /> }.into_any(),
                            Err(error) => view! { <p class="alert">{error.to_string()}</p> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </section>
    }
}

/// Counts what was done. What was refused changes nothing, so that it stays as it was typed.
fn times_done<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*action.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { action.version().get() }
    })
}

#[component]
fn Shown(page: ReviewPage, slug: String, actions: Actions, rated: FormState<()>) -> impl IntoView {
    let ReviewPage { breakdown, reviews, older, viewer } = page;
    let ReviewViewer { logged_in, taken, may_rate, own } = viewer;
    let numbers = match breakdown {
        Some(breakdown) => view! { <Numbers breakdown /> }.into_any(),
        None => view! { <p class="text-soft">"Nobody has rated this title yet."</p> }.into_any(),
    };
    let own_id = own.as_ref().map(|own| own.id);
    let form =
        (may_rate || own.is_some()).then(|| view! { <RatingForm slug=slug.clone() may_rate own actions rated /> });
    let older = older.map(|id| {
        let href = format!("{}?reviews={id}#reviews", paths::book(&slug));
        view! { <p class="mt-6"><a class="button button-quiet" rel="next" href=href>"Older reviews"</a></p> }
    });
    let guest = (!logged_in && taken).then(|| {
        view! {
            <p class="mt-4 text-sm text-soft">
                "Who has this title can rate it. "
                <a class="link inline-flex min-h-6 items-center" href=and_back("/login")>"Log in"</a>
            </p>
        }
    });
    let one = move |review: Review| {
        let report = logged_in && own_id != Some(review.id);
        view! { <OneReview review slug=slug.clone() report actions /> }
    };
    view! {
        {numbers} {guest} {form}
        <ul class="mt-8 divide-y divide-line" data-testid="reviews">{reviews.into_iter().map(one).collect_view()}</ul>
        {older}
    }
}

#[component]
fn Numbers(breakdown: Breakdown) -> impl IntoView {
    let Breakdown { all, story, performance, stars: counts } = breakdown;
    let mean = |name: &'static str, hundredths: u32| {
        view! {
            <div class="flex items-center gap-2">
                <dt class="w-28 text-soft">{name}</dt>
                <dd class="flex items-center gap-2">
                    <Stars hundredths words=format!("{} of 5", stars(hundredths)) />
                    <span aria-hidden="true">{stars(hundredths)}</span>
                </dd>
            </div>
        }
    };
    let row = move |(number, given): (u32, u32)| {
        view! {
            <li class="flex items-center gap-3 text-sm">
                <span class="w-16">{count(number.into(), "star", "stars")}</span>
                <meter class="h-2 w-40" min="0" max=all.count.to_string() value=given.to_string() aria-hidden="true"></meter>
                <span class="tabular-nums">{given}</span>
            </li>
        }
    };
    view! {
        <div class="grid gap-6 sm:grid-cols-2" data-testid="breakdown">
            <div>
                <p class="flex flex-wrap items-center gap-2 text-lg font-semibold">
                    <Stars hundredths=all.hundredths words=all.words() />
                    <span aria-hidden="true">{all.words()}</span>
                </p>
                <dl class="mt-3 flex flex-col gap-1">{mean("Story", story)} {mean("Performance", performance)}</dl>
            </div>
            <ul aria-label="How many stars were given">
                {[1, 2, 3, 4, 5].into_iter().zip(counts).rev().map(row).collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn RatingForm(
    slug: String,
    may_rate: bool,
    own: Option<OwnReview>,
    actions: Actions,
    rated: FormState<()>,
) -> impl IntoView {
    let pending = actions.rate.pending();
    let (heading, button) =
        if own.is_some() { ("Your rating", "Change the rating") } else { ("Rate this title", "Rate") };
    let hidden = own.as_ref().and_then(|own| own.hidden.clone()).map(|reason| {
        view! { <p class="notice mt-3">"The shop has hidden your review: " {reason}</p> }
    });
    let of_title = slug.clone();
    let remove = own.is_some().then(|| {
        view! {
            <ActionForm action=actions.remove attr:class="mt-3">
                <input type="hidden" name="slug" value=of_title />
                <button class="button button-quiet button-small" type="submit">"Remove the rating"</button>
            </ActionForm>
        }
    });
    let ReviewForm { story, performance, text } = own.map(|own| own.form).unwrap_or_default();
    let form = may_rate.then(|| {
        view! {
            <ActionForm action=actions.rate attr:class="mt-4 flex max-w-prose flex-col gap-6">
                <FormError message=rated.on_form(&["story", "performance", "text"]) />
                <input type="hidden" name="slug" value=slug />
                <div class="flex flex-wrap gap-x-10 gap-y-6">
                    <Choice name="story" label="Story" chosen=story error=rated.on_field("story") />
                    <Choice name="performance" label="Performance" chosen=performance error=rated.on_field("performance") />
                </div>
                <Field
                    name="text"
                    label="Your review"
                    lines="5"
                    maxlength="4000"
                    may_be_empty=true
                    hint="If you like. Everybody can read it, with your name."
                    value=text
                    error=rated.on_field("text")
                />
                <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>{button}</button>
            </ActionForm>
        }
    });
    view! {
        <section class="panel mt-8 p-6" aria-labelledby="rate-heading">
            <h3 class="font-serif text-xl" id="rate-heading">{heading}</h3>
            {hidden} {form} {remove}
        </section>
    }
}

/// One to five stars, as radio buttons.
#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    chosen: u8,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let one = move |number: u8| {
        // The first has the name of the field, which brings the focus to what was refused.
        let id = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        view! {
            <label class="inline-flex min-h-8 items-center gap-2">
                <input
                    class="size-5 accent-accent"
                    id=id
                    type="radio"
                    name=name
                    value=number.to_string()
                    checked=number == chosen
                    required
                />
                <Stars hundredths={u32::from(number) * 100} words=count(number.into(), "star", "stars") />
            </label>
        }
    };
    view! {
        <fieldset aria-describedby=format!("{name}-error")>
            <legend class="font-semibold">{label}</legend>
            <div class="mt-2 flex flex-col">{(1..=5).map(one).collect_view()}</div>
            <p class="mt-1 text-sm font-medium text-danger" id=format!("{name}-error") aria-live="polite">
                {move || error.get().unwrap_or_default()}
            </p>
        </fieldset>
    }
}

#[component]
fn OneReview(review: Review, slug: String, report: bool, actions: Actions) -> impl IntoView {
    let rated = review.hundredths();
    let by = review.by.unwrap_or_else(|| "A listener".to_owned());
    let owned = review.owned.then(|| view! { <span>" · Verified buyer"</span> });
    let edited = review.edited.then_some(" · changed");
    let id = review.id.to_string();
    let whose = format!(" the review by {by}");
    let report = report.then(|| {
        view! {
            <ActionForm action=actions.report attr:class="mt-2">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="slug" value=slug />
                <button class="button button-quiet button-small" type="submit">
                    "Report" <span class="sr-only">{whose}</span>
                </button>
            </ActionForm>
        }
    });
    view! {
        <li class="py-6" data-testid="review">
            <p class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Stars hundredths=rated words=format!("{} of 5", stars(rated)) />
                <span class="font-semibold break-words">{by}</span>
            </p>
            <p class="mt-1 text-sm text-soft">
                <time datetime=review.at.rfc3339()>{review.at.date()}</time>
                {owned}
                {format!(" · Story {}, performance {}", review.story, review.performance)}
                {edited}
            </p>
            {(!review.text.is_empty())
                .then(|| view! { <p class="mt-3 max-w-prose break-words whitespace-pre-line">{review.text}</p> })}
            {report}
        </li>
    }
}
