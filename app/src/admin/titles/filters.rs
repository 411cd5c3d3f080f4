//! Search, filters and order: a form that asks by its address, and tabs that say how many stand where.

use crate::api::titles::TitleQuery;
use crate::components::text::language;
use domain::catalog::Link;
use domain::insight::{Bounded, Lack, TitleSort, TitleTab};
use leptos::prelude::*;
use leptos_router::components::Form;
use uuid::Uuid;

#[component]
pub fn Filters(wanted: TitleQuery, categories: Vec<(Uuid, Link)>, languages: Vec<String>) -> impl IntoView {
    let categories = categories.into_iter().map(|(_, link)| (link.slug, link.name));
    let languages = languages.into_iter().map(|tag| {
        let name = language(&tag);
        (tag, name)
    });
    let lacks = Lack::ALL.into_iter().map(|(_, param, words)| (param.to_owned(), words.to_owned()));
    let sorts = TitleSort::ALL.into_iter().map(|(_, param, words)| (param.to_owned(), words.to_owned()));
    let any = |words: &str| (String::new(), words.to_owned());
    let filtered = !wanted.is_open();
    let clear = TitleTab::from_param(&wanted.status);
    view! {
        <Form action="/admin/titles" method="get" attr:class="mt-6" attr:role="search">
            <input type="hidden" name="status" value=wanted.status />
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1 basis-64">
                    <label class="text-sm font-semibold" for="find-title">"Search"</label>
                    <input
                        class="input mt-1"
                        id="find-title"
                        type="search"
                        name="q"
                        value=wanted.q.clone()
                        prop:value=wanted.q
                        placeholder="Title, author, narrator or series"
                        autocomplete="off"
                        maxlength="200"
                    />
                </div>
                <Choice name="sort" label="Order" chosen=wanted.sort choices=sorts.collect() />
                <button class="button button-quiet" type="submit">"Show"</button>
            </div>
            <div class="mt-3 flex flex-wrap items-end gap-3">
                <Choice
                    name="category"
                    label="Category"
                    chosen=wanted.category
                    choices=std::iter::once(any("All categories")).chain(categories).collect()
                />
                <Choice
                    name="language"
                    label="Language"
                    chosen=wanted.language
                    choices=std::iter::once(any("All languages")).chain(languages).collect()
                />
                <Choice
                    name="lacks"
                    label="Lacks"
                    chosen=wanted.lacks
                    choices=std::iter::once(any("Whatever it has")).chain(lacks).collect()
                />
                <div class="flex min-h-11 items-center gap-2">
                    <input
                        class="size-5 shrink-0 accent-accent"
                        type="checkbox"
                        id="reduced"
                        name="reduced"
                        value="1"
                        checked=!wanted.reduced.is_empty()
                        prop:checked=!wanted.reduced.is_empty()
                    />
                    <label class="text-sm font-semibold" for="reduced">"Sale price now"</label>
                </div>
                {filtered
                    .then(|| {
                        let to = TitleQuery { status: clear.param().to_owned(), ..TitleQuery::default() }.address(1);
                        view! { <a class="link flex min-h-11 items-center" href=to>"Clear the filters"</a> }
                    })}
            </div>
        </Form>
    }
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    chosen: String,
    /// As the address and as a person says it.
    choices: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <div class="min-w-0 max-w-full">
            <label class="text-sm font-semibold" for=name>{label}</label>
            <select class="input mt-1" id=name name=name>
                {choices
                    .into_iter()
                    .map(|(value, words)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected prop:selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// Where titles stand, and how many there.
#[component]
pub fn Tabs(tabs: Vec<(TitleTab, Bounded)>, wanted: TitleQuery) -> impl IntoView {
    let shown = TitleTab::from_param(&wanted.status);
    view! {
        <nav class="mt-6 flex flex-wrap gap-2" aria-label="Status">
            {tabs
                .into_iter()
                .map(|(tab, count)| {
                    let words = TitleTab::ALL.into_iter().find(|(known, ..)| *known == tab).map_or("", |(.., words)| words);
                    let current = (tab == shown).then_some("page");
                    view! {
                        <a class="chip" href=wanted.under(tab) aria-current=current>
                            {words} " " <span class="tabular-nums">{count.words()}</span>
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}
