//! Titles on a shelf.

use super::heart::Heart;
use super::picture::{Art, ON_A_SHELF, Picture};
use super::price::{PriceTag, Until};
use super::stars::RatingLine;
use super::text::{length, names};
use crate::paths;
use domain::catalog::AudiobookSummary;
use leptos::prelude::*;

/// How wide the cover of a title is that the shop puts forward.
const FEATURED: &str = "9rem";

/// A cover, in a square. It repeats the title beside it, so it is decoration.
#[component]
pub fn Cover(
    /// Of a title: `&AudiobookSummary`.
    #[prop(into)]
    art: Art,
    /// How wide it is on the page, as `sizes` says it.
    #[prop(default = ON_A_SHELF)]
    sizes: &'static str,
    /// Worth loading at once: it is in sight when the page opens.
    #[prop(optional)]
    first: bool,
    /// The page is about it.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    let class = "aspect-square w-full rounded-sm bg-sunken object-contain shadow-sm ring-1 ring-line";
    view! { <Picture art alt="" class sizes first=first || main main /> }
}

/// A title on a shelf. The whole card leads to its page; for a keyboard or a screen reader it is one link.
#[component]
pub fn BookCard(
    book: AudiobookSummary,
    /// It stands on the page of the wishlist.
    #[prop(optional)]
    from_wishlist: bool,
) -> impl IntoView {
    let authors = names(&book.authors);
    let (id, slug, title) = (book.id, book.slug.clone(), book.title.clone());
    let sold_out = book.sold_out();
    view! {
        <article class="group relative flex h-full flex-col">
            <Cover art=&book />
            <h3 class="mt-3 font-serif text-base leading-snug font-semibold">
                <a
                    class="after:absolute after:inset-0 after:content-[''] group-hover:underline group-hover:underline-offset-4"
                    href=paths::book(&book.slug)
                >
                    <span class="line-clamp-3">{book.title}</span>
                </a>
            </h3>
            <p class="mt-1 line-clamp-2 text-sm text-soft">{authors}</p>
            <RatingLine rating=book.rating />
            <p class="mt-auto flex flex-wrap items-baseline justify-between gap-x-3 pt-2 text-sm">
                <span class="text-soft">{length(book.duration_ms)}</span>
                <span class="font-semibold">
                    {if sold_out {
                        view! { <span class="font-normal text-soft">"Sold out"</span> }.into_any()
                    } else {
                        view! { <PriceTag price=book.price /> }.into_any()
                    }}
                </span>
            </p>
            {(!sold_out).then(|| view! { <Until price=book.price /> })}
            // After the link, so that it lies above it; in the corner of the cover where least is written.
            <div class="pointer-events-none absolute inset-x-0 top-0 z-10 flex aspect-square items-end justify-end p-1">
                <div class="pointer-events-auto"><Heart id slug title from_list=from_wishlist /></div>
            </div>
        </article>
    }
}

/// Titles side by side.
#[component]
pub fn Shelf(
    books: Vec<AudiobookSummary>,
    /// It is the wishlist.
    #[prop(optional)]
    from_wishlist: bool,
) -> impl IntoView {
    view! {
        <ul class="grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-6">
            {books.into_iter().map(|book| view! { <li><BookCard book from_wishlist /></li> }).collect_view()}
        </ul>
    }
}

/// A title that the shop puts forward: larger, and with its subtitle.
#[component]
pub fn FeatureCard(
    book: AudiobookSummary,
    /// It is in sight when the page opens.
    first: bool,
) -> impl IntoView {
    let authors = names(&book.authors);
    view! {
        <article class="panel group relative flex h-full gap-4 p-4 hover:border-accent sm:gap-5 sm:p-5">
            <div class="w-28 shrink-0 sm:w-36 md:w-28 lg:w-36">
                <Cover art=&book sizes=FEATURED first=first />
            </div>
            <div class="flex min-w-0 flex-col">
                <h3 class="font-serif text-lg leading-snug font-semibold">
                    <a
                        class="after:absolute after:inset-0 after:content-[''] group-hover:underline group-hover:underline-offset-4"
                        href=paths::book(&book.slug)
                    >
                        <span class="line-clamp-3">{book.title}</span>
                    </a>
                </h3>
                {book.subtitle.map(|subtitle| view! { <p class="mt-1 line-clamp-2 text-sm">{subtitle}</p> })}
                <p class="mt-1 line-clamp-2 text-sm text-soft">{authors}</p>
                <RatingLine rating=book.rating />
                <p class="mt-auto flex flex-wrap items-baseline gap-x-4 pt-3 text-sm">
                    <span class="text-soft">{length(book.duration_ms)}</span>
                    <span class="font-semibold"><PriceTag price=book.price /></span>
                </p>
                <Until price=book.price />
            </div>
        </article>
    }
}
