//! A title's page.

use crate::api::catalog::{Product, product};
use crate::components::books::{Cover, Shelf};
use crate::components::buy::BuyBox;
use crate::components::failure::outcome;
use crate::components::sample::SamplePlayer;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::{beginning, clock, iso_length, language, length, names, paragraphs};
use crate::paths;
use domain::catalog::{AudiobookDetail, AudiobookSummary, Link, Status};
use domain::transcript::Chapter;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;
use serde_json::json;

#[component]
pub fn ProductPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned());
    // Blocking: title, tags and status have to be in the first piece of HTML.
    let read = Resource::new_blocking(move || slug.get(), product);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, |product| view! { <Shown product /> }) })}
        </Transition>
    }
}

#[component]
fn Shown(product: Product) -> impl IntoView {
    let Product { detail, more, site } = product;
    let tags = view! { <Tags detail=detail.clone() site /> };
    let AudiobookDetail { summary, description, status, sample, chapters, .. } = detail;
    let unpublished = match status {
        Status::Published => None,
        Status::Draft => Some("This is a draft: only admins see this page."),
        Status::Archived => Some("This title is no longer for sale. Those who bought it keep it."),
    };
    view! {
        {tags}
        <article class="page py-8 sm:py-12">
            {unpublished.map(|words| view! { <p class="notice mb-8">{words}</p> })}
            <div class="grid gap-8 md:grid-cols-[minmax(0,20rem)_minmax(0,1fr)] md:gap-12">
                <div class="mx-auto w-full max-w-56 md:max-w-none">
                    <Cover url=paths::cover_of(&summary) first=true />
                </div>
                <div>
                    <Heading summary=summary.clone() />
                    <div class="mt-6">
                        <BuyBox slug=summary.slug.clone() price=summary.price />
                    </div>
                    <Facts summary=summary.clone() />
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
fn Facts(summary: AudiobookSummary) -> impl IntoView {
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
fn Tags(detail: AudiobookDetail, site: String) -> impl IntoView {
    let summary = &detail.summary;
    let title = format!("{} by {}", summary.title, names(&summary.authors));
    let described = beginning(&detail.description, 160);
    let address = format!("{site}/books/{}", summary.slug);
    let cover = format!("{site}{}", paths::cover_of(summary));
    let price = summary.price.now;
    let data = structured_data(&detail, &address, &cover);
    view! {
        <Title text=title.clone() />
        <Meta name="description" content=described.clone() />
        <Meta property="og:type" content="product" />
        <Meta property="og:site_name" content="Lectern" />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=described />
        <Meta property="og:url" content=address />
        <Meta property="og:image" content=cover />
        <Meta property="product:price:amount" content=price.decimal() />
        <Meta property="product:price:currency" content=price.currency.code().to_owned() />
        <script type="application/ld+json" inner_html=data></script>
    }
}

/// The title as schema.org describes an audiobook and a product (JSON-LD), safe to stand inside a script element.
fn structured_data(detail: &AudiobookDetail, address: &str, cover: &str) -> String {
    let summary = &detail.summary;
    let people = |links: &[Link]| -> Vec<_> {
        links.iter().map(|link| json!({ "@type": "Person", "name": link.name })).collect()
    };
    let available = if summary.sold_out || detail.status != Status::Published { "SoldOut" } else { "InStock" };
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": ["Audiobook", "Product"],
        "name": summary.title,
        "url": address,
        "image": cover,
        "description": detail.description,
        "author": people(&summary.authors),
        "readBy": people(&summary.narrators),
        "inLanguage": summary.language,
        "duration": iso_length(summary.duration_ms),
        "genre": summary.categories.iter().map(|category| category.name.as_str()).collect::<Vec<_>>(),
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": summary.price.now.decimal(),
            "priceCurrency": summary.price.now.currency.code(),
            "availability": format!("https://schema.org/{available}"),
        },
    });
    if let Some(published) = summary.published_at {
        data["datePublished"] = json!(published.rfc3339());
    }
    if let Some(place) = &summary.series {
        data["isPartOf"] = json!({ "@type": "BookSeries", "name": place.series.name });
    }
    // The end of the script must not be found inside it.
    data.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Currency, Money};

    #[test]
    fn a_description_cannot_end_the_structured_data() {
        let price = Money::new(990, Currency::USD);
        let detail = AudiobookDetail {
            summary: AudiobookSummary {
                id: uuid::Uuid::nil(),
                slug: "a".to_owned(),
                title: "</script><b>".to_owned(),
                subtitle: None,
                authors: vec![Link { slug: "n".to_owned(), name: "Nora".to_owned() }],
                narrators: Vec::new(),
                categories: Vec::new(),
                series: None,
                price: domain::catalog::Price { list: price, now: price },
                duration_ms: 90_000,
                language: "en".to_owned(),
                published_at: None,
                cover: domain::catalog::Cover { uploaded: false, version: domain::Timestamp(1) },
                sold_out: false,
            },
            description: "A story.".to_owned(),
            status: Status::Published,
            text_rights: domain::catalog::TextRights::ReadAlong,
            sample: None,
            chapters: Vec::new(),
        };
        let data = structured_data(&detail, "https://shop.example/books/a", "https://shop.example/covers/a.svg");
        assert!(!data.contains('<'), "{data}");
        let read: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!(read["name"], "</script><b>");
        assert_eq!(read["offers"]["price"], "9.90");
        assert_eq!(read["duration"], "PT0H1M30S");
    }
}
