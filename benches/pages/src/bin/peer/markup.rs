//! How pages look: about as much markup as the shop's.

use crate::{Book, Category, Found};
use maud::{DOCTYPE, Markup, html};

pub fn shown(found: &Found) -> Markup {
    match found {
        Found::Home { lists, categories } => html! {
            h1 class="max-w-3xl text-3xl leading-tight sm:text-5xl" { "Audiobooks you can read along with" }
            @for (heading, books) in lists {
                section class="mt-16" {
                    h2 class="mb-6 border-b border-line pb-3 text-2xl" { (heading) }
                    (shelf(books))
                }
            }
            (of_categories(categories))
        },
        Found::List { books, total } => html! {
            h1 { "Browse" }
            p role="status" { (total) " titles" }
            (shelf(books))
        },
        Found::Title { book, description, categories, like } => html! {
            h1 class="text-3xl sm:text-4xl" { (book.title) }
            (card(book))
            @for paragraph in description.split("\n\n") { p class="mt-4 max-w-prose" { (paragraph) } }
            (of_categories(categories))
            h2 class="text-2xl" { "More like this" }
            (shelf(like))
        },
        Found::Nothing => html! { h1 { "There is no such title." } },
    }
}

fn shelf(books: &[Book]) -> Markup {
    html! { ul class="grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 lg:grid-cols-6" { @for book in books { li { (card(book)) } } } }
}

fn card(book: &Book) -> Markup {
    html! {
        article class="group relative flex h-full flex-col" {
            img class="aspect-square w-full rounded-sm bg-sunken object-contain shadow-sm ring-1 ring-line" alt=""
                src={ "/covers/" (book.slug) ".svg" } width="640" height="640" loading="lazy";
            h3 class="mt-3 font-serif text-base leading-snug font-semibold" {
                a class="after:absolute after:inset-0 after:content-['']" href={ "/books/" (book.slug) } { (book.title) }
            }
            p class="mt-1 line-clamp-2 text-sm text-soft" { (book.people) }
            @if let Some((ratings, mean)) = book.rating { p class="text-sm" { (format!("{mean:.1}")) " of 5, " (ratings) } }
            p class="mt-auto flex flex-wrap items-baseline justify-between gap-x-3 pt-2 text-sm" {
                span class="text-soft" { (book.minutes / 60) " h " (book.minutes % 60) " min" }
                span class="font-semibold" { (book.price) }
            }
        }
    }
}

fn of_categories(categories: &[Category]) -> Markup {
    html! {
        ul class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4" {
            @for category in categories {
                li class="panel group relative p-4 hover:border-accent" {
                    h3 { a href={ "/browse?category=" (category.slug) } { (category.name) } }
                    p class="mt-1 text-sm text-soft" { (category.description) }
                    p class="mt-2 text-sm text-soft" { (category.titles) " titles" }
                }
            }
        }
    }
}

pub fn page(title: &str, inner: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/pkg/lectern.css";
            }
            body {
                header class="border-b border-line bg-paper" {
                    a href="/" { "Lectern" }
                    form action="/browse" role="search" { input type="search" name="q"; button { "Search" } }
                    nav { a href="/browse" { "Browse" } a href="/library" { "Library" } a href="/cart" { "Cart" } }
                }
                main id="main" { (inner) }
                footer { p { "Lectern, an audiobook shop where you can read along." } }
            }
        }
    }
}
