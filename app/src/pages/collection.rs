//! The pages of people and series: who they are, and their titles.

use crate::AppError;
use crate::api::catalog::{person, series};
use crate::components::books::Shelf;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::picture::{Art, Picture};
use crate::components::skeleton::PageSkeleton;
use crate::components::structured_data;
use crate::components::tags::{PageTags, StructuredData};
use crate::components::text::{beginning, count, paragraphs};
use crate::paths;
use domain::catalog::Collection;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn PersonPage() -> impl IntoView {
    let slug = slug();
    let read = Resource::new_blocking(move || slug.get(), person);
    view! { <CollectionPage read slug kind=Kind::Person /> }
}

#[component]
pub fn SeriesPage() -> impl IntoView {
    let slug = slug();
    let read = Resource::new_blocking(move || slug.get(), series);
    view! { <CollectionPage read slug kind=Kind::Series /> }
}

/// What a page of titles is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Person,
    Series,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Series => "Series",
        }
    }

    fn path(self, slug: &str) -> String {
        match self {
            Self::Person => paths::contributor(slug),
            Self::Series => paths::series(slug),
        }
    }
}

/// The last part of the address.
fn slug() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned())
}

#[component]
fn CollectionPage(read: Resource<Result<Collection, AppError>>, slug: Memo<String>, kind: Kind) -> impl IntoView {
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                let slug = slug.get_untracked();
                outcome(read.await, move |collection| view! { <Shown collection slug kind /> })
            })}
        </Transition>
    }
}

#[component]
fn Shown(collection: Collection, slug: String, kind: Kind) -> impl IntoView {
    let path = kind.path(&slug);
    let data = {
        let (collection, path) = (collection.clone(), path.clone());
        move || match kind {
            Kind::Person => structured_data::person(&collection, &path),
            Kind::Series => structured_data::series(&collection, &path),
        }
    };
    let Collection { name, about, portrait, titles } = collection;
    let described = if about.is_empty() { format!("Audiobooks: {name}") } else { beginning(&about, 160) };
    let number = count(titles.len() as u64, "title", "titles");
    view! {
        {match kind {
            Kind::Person => {
                let feed = paths::contributor_feed(&slug);
                view! { <PageTags title=name.clone() description=described path kind="profile" feed /> }.into_any()
            }
            Kind::Series => view! { <PageTags title=name.clone() description=described path /> }.into_any(),
        }}
        <StructuredData data />
        <div class="page py-10 sm:py-14">
            <p class="text-sm text-soft">{kind.name()}</p>
            <div class="mt-1 flex flex-wrap items-center gap-5">
                {portrait
                    .map(|version| {
                        let alt = format!("Portrait of {name}");
                        let class = "aspect-square w-24 shrink-0 rounded-full bg-sunken object-cover ring-1 ring-line sm:w-32";
                        let art = Art::portrait(&slug, version);
                        view! { <Picture art alt class sizes="8rem" first=true main=false /> }
                    })}
                <h1 class="min-w-0 text-3xl break-words sm:text-4xl">{name}</h1>
            </div>
            <div class="mt-5 flex max-w-prose flex-col gap-4 text-lg">
                {paragraphs(&about).into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
            </div>
            <div class="mt-12 mb-6 flex items-baseline justify-between gap-4 border-b border-line pb-3">
                <h2 class="text-2xl">"Titles"</h2>
                <p class="text-sm text-soft">{number}</p>
            </div>
            {if titles.is_empty() {
                view! {
                    <Empty title="Nothing for sale at the moment">
                        <a class="button" href="/browse">"Browse all titles"</a>
                    </Empty>
                }
                .into_any()
            } else {
                view! { <Shelf books=titles /> }.into_any()
            }}
        </div>
    }
}
