//! A title's page.

use super::preview::{PreviewBar, PreviewBuy, PreviewCard};
use super::reviews::Reviews;
use crate::api::catalog::{Product, product};
use crate::components::books::{Cover, Shelf};
use crate::components::bundle::Bundles;
use crate::components::buy::BuyBox;
use crate::components::failure::outcome;
use crate::components::heart::Heart;
use crate::components::picture::LARGE;
use crate::components::sample::SamplePlayer;
use crate::components::skeleton::PageSkeleton;
use crate::components::stars::Stars;
use crate::components::structured_data;
use crate::components::tags::{PageTags, StructuredData};
use crate::components::text::{beginning, clock, count, language, length, names, paragraphs};
use crate::paths;
use domain::catalog::{AudiobookDetail, AudiobookSummary, Edition, Link, Status};
use domain::reviews::Review;
use domain::transcript::Chapter;
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ProductPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned());
    // Blocking: title, tags and status have to be in the first piece of HTML.
    let read = Resource::new_blocking(move || slug.get(), product);
    // A draft is shown in two ways to admins: the same page is drawn anew.
    let query = use_query_map();
    let preview = Memo::new(move |_| query.read().get_str("preview").map(str::to_owned));
    view! {
        <Transition fallback=PageSkeleton>
            {move || {
                let card = preview.get().as_deref() == Some("card");
                Suspend::new(async move { outcome(read.await, move |product| view! { <Shown product card /> }) })
            }}
        </Transition>
    }
}

#[component]
fn Shown(
    product: Product,
    /// A draft as it stands in a list.
    card: bool,
) -> impl IntoView {
    let Product { detail, more, preview, reviews } = product;
    let tags = view! { <Tags detail=detail.clone() reviews /> };
    let AudiobookDetail { summary, description, status, sample, chapters, edition, bundles, .. } = detail;
    let withdrawn = match status {
        Status::Draft if !preview => Some("This title is not for sale at the moment. Those who bought it keep it."),
        Status::Archived => Some("This title is no longer for sale. Those who bought it keep it."),
        Status::Draft | Status::Published => None,
    };
    let buy = if preview {
        view! { <PreviewBuy price=summary.price /> }.into_any()
    } else {
        view! { <BuyBox slug=summary.slug.clone() price=summary.price left=summary.licences_left /> }.into_any()
    };
    let may_wish = !preview && status == Status::Published;
    let may_give = may_wish && !summary.sold_out() && summary.price.now.minor > 0;
    let as_card = preview && card;
    let bar = preview.then(|| view! { <PreviewBar id=summary.id slug=summary.slug.clone() card=as_card /> });
    if as_card {
        return view! { {tags} {bar} <PreviewCard card=summary /> }.into_any();
    }
    view! {
        {tags}
        {bar}
        <article class="page py-8 sm:py-12">
            {withdrawn.map(|words| view! { <p class="notice mb-8">{words}</p> })}
            <div class="grid gap-8 md:grid-cols-[minmax(0,20rem)_minmax(0,1fr)] md:gap-12">
                <div class="mx-auto w-full max-w-56 md:max-w-none">
                    <Cover art=&summary sizes=LARGE main=true />
                </div>
                <div>
                    <Heading summary=summary.clone() />
                    <div class="mt-6 flex flex-col gap-4">
                        {buy}
                        {may_give
                            .then(|| {
                                view! {
                                    <a class="link inline-flex min-h-6 w-fit items-center" href=paths::give(&summary.slug)>
                                        "Give as a gift"
                                    </a>
                                }
                            })}
                        {may_wish.then(|| view! { <Heart id=summary.id slug=summary.slug.clone() title=summary.title.clone() in_words=true /> })}
                    </div>
                    <Facts summary=summary.clone() edition />
                </div>
            </div>
            <div class="mt-12 grid gap-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:items-start">
                <div class="flex flex-col gap-10">
                    <section aria-labelledby="about">
                        <h2 class="text-2xl" id="about">"About this book"</h2>
                        <div class="mt-4 flex max-w-prose flex-col gap-4">
                            {paragraphs(&description).into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
                        </div>
                    </section>
                    {sample.map(|sample| view! { <SamplePlayer slug=summary.slug.clone() sample /> })}
                </div>
                <Chapters chapters />
            </div>
            {(!preview).then(|| view! { <Bundles offers=bundles /> })}
            {(!preview).then(|| view! { <Reviews slug=summary.slug.clone() /> })}
            {(!more.is_empty())
                .then(|| {
                    view! {
                        <section class="mt-16" aria-labelledby="more">
                            <h2 class="mb-6 border-b border-line pb-3 text-2xl" id="more">"More like this"</h2>
                            <Shelf books=more />
                        </section>
                    }
                })}
        </article>
    }
    .into_any()
}

#[component]
fn Heading(summary: AudiobookSummary) -> impl IntoView {
    let series = summary.series.map(|place| {
        let number = place.position.map(|number| format!(", book {number}"));
        view! {
            <p class="mb-2 text-sm text-soft">
                <a class="link inline-flex min-h-6 items-center" href=paths::series(&place.series.slug)>{place.series.name}</a>
                {number}
            </p>
        }
    });
    view! {
        {series}
        <h1 class="text-3xl sm:text-4xl">{summary.title}</h1>
        {summary.subtitle.map(|subtitle| view! { <p class="mt-2 font-serif text-xl text-soft">{subtitle}</p> })}
        <p class="mt-4 text-lg">"By " <People people=summary.authors /></p>
        {(!summary.narrators.is_empty())
            .then(|| view! { <p class="text-soft">"Read by " <People people=summary.narrators /></p> })}
        {summary
            .rating
            .map(|rating| {
                view! {
                    <p class="mt-3 flex flex-wrap items-center gap-2" data-testid="rating">
                        <Stars hundredths=rating.hundredths words=rating.words() />
                        <a class="link inline-flex min-h-6 items-center text-sm" href="#reviews">
                            {count(rating.count.into(), "rating", "ratings")}
                        </a>
                    </p>
                }
            })}
    }
}

/// Names that lead to their pages, joined as in a sentence.
#[component]
fn People(people: Vec<Link>) -> impl IntoView {
    let last = people.len().saturating_sub(1);
    people
        .into_iter()
        .enumerate()
        .map(|(place, person)| {
            let joint = match place {
                0 => "",
                place if place == last => " and ",
                _ => ", ",
            };
            view! {
                {joint}
                <a class="link" href=paths::contributor(&person.slug)>{person.name}</a>
            }
        })
        .collect_view()
}

#[component]
fn Facts(summary: AudiobookSummary, edition: Edition) -> impl IntoView {
    let Edition { year, publisher, isbn } = edition;
    let facts = [("Published", year.map(|year| year.to_string())), ("Publisher", publisher), ("ISBN", isbn)];
    let published = summary.published_at.map(|at| {
        view! {
            <div>
                <dt class="text-sm text-soft">"In the shop since"</dt>
                <dd><time datetime=at.rfc3339()>{at.date()}</time></dd>
            </div>
        }
    });
    view! {
        <dl class="mt-8 grid grid-cols-2 gap-x-6 gap-y-4 border-t border-line pt-6 sm:grid-cols-3">
            <div>
                <dt class="text-sm text-soft">"Length"</dt>
                <dd>{length(summary.duration_ms)}</dd>
            </div>
            <div>
                <dt class="text-sm text-soft">"Language"</dt>
                <dd>{language(&summary.language)}</dd>
            </div>
            {facts
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .map(|(name, value)| {
                    view! {
                        <div class="min-w-0">
                            <dt class="text-sm text-soft">{name}</dt>
                            <dd class="break-words">{value}</dd>
                        </div>
                    }
                })
                .collect_view()}
            {published}
        </dl>
        {(!summary.categories.is_empty())
            .then(|| {
                view! {
                    <ul class="mt-6 flex flex-wrap gap-2" aria-label="Categories">
                        {summary
                            .categories
                            .into_iter()
                            .map(|category| {
                                view! {
                                    <li>
                                        <a class="chip" href=paths::category(&category.slug)>{category.name}</a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
            })}
    }
}

#[component]
fn Chapters(chapters: Vec<Chapter>) -> impl IntoView {
    (!chapters.is_empty()).then(|| {
        view! {
            <section aria-labelledby="chapters">
                <h2 class="text-2xl" id="chapters">"Chapters"</h2>
                <ol class="mt-4 max-h-96 divide-y divide-line overflow-y-auto border-y border-line" tabindex="0" aria-labelledby="chapters">
                    {chapters
                        .into_iter()
                        .map(|chapter| {
                            view! {
                                <li class="flex items-baseline justify-between gap-4 py-2.5">
                                    <span>{chapter.title}</span>
                                    <span class="text-sm text-soft tabular-nums">{clock(chapter.end_ms - chapter.start_ms)}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </section>
        }
    })
}

/// The title and tags of the page, for search engines and shared links.
#[component]
fn Tags(detail: AudiobookDetail, reviews: Vec<Review>) -> impl IntoView {
    let summary = &detail.summary;
    let price = summary.price.now;
    let crumbs = summary.clone();
    view! {
        <PageTags
            title=format!("{} by {}", summary.title, names(&summary.authors))
            description=beginning(&detail.description, 160)
            path=paths::book(&summary.slug)
            image=paths::shared_cover(summary)
            kind="product"
        />
        <Meta property="product:price:amount" content=price.decimal() />
        <Meta property="product:price:currency" content=price.currency.code().to_owned() />
        <StructuredData data=move || structured_data::audiobook(&detail, &reviews) />
        <StructuredData data=move || structured_data::breadcrumbs(&crumbs) />
    }
}
