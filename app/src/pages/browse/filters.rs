//! The search field, the order, and what narrows the list: one form, which works without JavaScript.

use super::address::{address, narrowings, unnarrowed};
use crate::AppError;
use crate::api::catalog::{Choices, choices};
use crate::components::text::language;
use domain::catalog::{BrowseForm, CategoryCount, Length, Sort};
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::NavigateOptions;
use leptos_router::components::Form;
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long typing has to pause before the shop searches.
const PAUSE: Duration = Duration::from_millis(250);

pub type Shelves = Resource<Result<Vec<CategoryCount>, AppError>>;

/// A plain form to `/browse`; with JavaScript the list itself answers while one types, so that nothing is suggested here.
#[component]
pub fn Filters(wanted: Memo<BrowseForm>, shelves: Shelves) -> impl IntoView {
    let navigate = use_navigate();
    let field = NodeRef::<html::Input>::new();
    // The text that this field last brought into the address: another one there came from elsewhere, such as Back.
    let sent = StoredValue::new(wanted.with_untracked(|wanted| wanted.text.clone()));
    let go = move |wanted: BrowseForm| {
        sent.set_value(wanted.text.clone());
        let quietly = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&address(&wanted), quietly);
    };
    let search = {
        let go = go.clone();
        move |text: String| {
            let mut next = wanted.get_untracked();
            if next.text.trim() != text.trim() {
                (next.text, next.page) = (text.trim().to_owned(), 1);
                next.exact.clear();
                go(next);
            }
        }
    };
    let typed = {
        let search = search.clone();
        debounce(PAUSE, move |event: ev::Event| {
            if let Some(field) = field.try_get_untracked().flatten() {
                search(field.value());
            }
            drop(event);
        })
    };
    Effect::new(move |before: Option<()>| {
        let text = wanted.read().text.clone();
        let Some(field) = field.get_untracked() else { return };
        if before.is_none() {
            // Typed before the page came to life: nothing of it is lost.
            search(field.value());
        } else if sent.with_value(|sent| *sent != text) {
            field.set_value(&text);
            sent.set_value(text);
        }
    });
    let sorted = move |event: ev::Event| {
        let mut next = wanted.get_untracked();
        (next.sort, next.page) = (event_target_value(&event), 1);
        go(next);
    };
    let text = wanted.with_untracked(|wanted| wanted.text.clone());
    view! {
        <Form action="/browse" method="get" attr:class="mt-6" attr:role="search">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1 basis-72">
                    <label class="text-sm font-semibold" for="search">"Search"</label>
                    <input
                        class="input mt-1"
                        id="search"
                        type="search"
                        name="q"
                        value=text
                        placeholder="Title, author, narrator or series"
                        autocomplete="off"
                        maxlength="200"
                        node_ref=field
                        on:input=typed
                    />
                </div>
                <input type="hidden" name="category" value=move || wanted.read().category.clone() />
                <div>
                    <label class="text-sm font-semibold" for="sort">"Order"</label>
                    <select class="input mt-1" id="sort" name="sort" on:change=sorted>
                        {Sort::ALL
                            .into_iter()
                            .map(|(_, param, words)| {
                                view! { <option value=param selected=move || wanted.read().sort == param>{words}</option> }
                            })
                            .collect_view()}
                    </select>
                </div>
                <button class="button button-quiet" type="submit">"Search"</button>
            </div>
            <Narrow wanted />
        </Form>
        <Narrowed wanted shelves />
    }
}

/// What narrows the list, folded away until somebody wants it.
#[component]
fn Narrow(wanted: Memo<BrowseForm>) -> impl IntoView {
    let known = Resource::new(|| (), |()| choices());
    // Words, order and page are not its own: what is being typed here outlives them.
    let own = Memo::new(move |_| {
        let form = wanted.get();
        BrowseForm { text: String::new(), sort: String::new(), exact: String::new(), page: 1, ..form }
    });
    let count = move || match narrowings(&wanted.read(), &[]).len() {
        0 => "Filters".to_owned(),
        on => format!("Filters ({on} on)"),
    };
    view! {
        <details class="mt-4" data-testid="filters">
            <summary class="inline-flex min-h-11 items-center rounded-md px-1 font-semibold text-accent">{count}</summary>
            <Transition>
                {move || Suspend::new(async move {
                    let known = known.await.ok();
                    // Made anew when a filter changes, so that every field shows what is on.
                    move || view! { <Fields form=own.get() known=known.clone() /> }
                })}
            </Transition>
        </details>
    }
}

#[component]
fn Fields(form: BrowseForm, known: Option<Choices>) -> impl IntoView {
    let (languages, currency) =
        known.map_or_else(Default::default, |known| (known.languages, format!(" ({})", known.currency.code())));
    let mut languages: Vec<(String, String)> = languages.into_iter().map(|code| (language(&code), code)).collect();
    languages.sort_unstable();
    let languages: Vec<(String, String)> = languages.into_iter().map(|(name, code)| (code, name)).collect();
    let lengths: Vec<(String, String)> =
        Length::ALL.into_iter().map(|(_, param, words)| (param.to_owned(), words.to_owned())).collect();
    view! {
        <div class="panel mt-2 grid gap-4 p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-3">
            <Line name="author" label="Author".to_owned() value=form.author />
            <Line name="narrator" label="Narrator".to_owned() value=form.narrator />
            <Choice name="language" label="Language" any="Any language" options=languages chosen=form.language />
            <Choice name="length" label="Length" any="Any length" options=lengths chosen=form.length />
            <Line name="from" label=format!("Price from{currency}") value=form.price_from inputmode="decimal" />
            <Line name="to" label=format!("Price up to{currency}") value=form.price_to inputmode="decimal" />
            <div class="flex flex-wrap items-center gap-x-6 gap-y-2 sm:col-span-2 lg:col-span-3">
                <Tick name="price" value="free" label="Free" on={form.price == "free"} />
                <Tick name="sale" value="1" label="On sale" on={!form.on_sale.is_empty()} />
                <Tick name="rated" value="4" label="4 stars and up" on={form.rated == "4"} />
                <button class="button ml-auto" type="submit">"Apply filters"</button>
            </div>
        </div>
    }
}

#[component]
fn Line(
    name: &'static str,
    label: String,
    value: String,
    #[prop(optional)] inputmode: Option<&'static str>,
) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div>
            <label class="text-sm font-semibold" for=id.clone()>{label}</label>
            <input class="input mt-1" id=id name=name type="text" value=value inputmode=inputmode maxlength="200" autocomplete="off" />
        </div>
    }
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    /// What stands for no choice.
    any: &'static str,
    /// Values and their words.
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div>
            <label class="text-sm font-semibold" for=id.clone()>{label}</label>
            <select class="input mt-1" id=id name=name>
                <option value="">{any}</option>
                {options
                    .into_iter()
                    .map(|(value, words)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

#[component]
fn Tick(name: &'static str, value: &'static str, label: &'static str, on: bool) -> impl IntoView {
    view! {
        <label class="inline-flex min-h-11 items-center gap-2">
            <input class="size-5 accent-accent" type="checkbox" name=name value=value checked=on />
            <span>{label}</span>
        </label>
    }
}

/// What is on, and a way to take each of it off.
#[component]
fn Narrowed(wanted: Memo<BrowseForm>, shelves: Shelves) -> impl IntoView {
    let on = move |shelves: Vec<CategoryCount>| {
        move || {
            let form = wanted.get();
            let all = narrowings(&form, &shelves);
            (!all.is_empty()).then(|| {
                let several = all.len() > 1;
                view! {
                    <ul class="mt-4 flex flex-wrap gap-2" aria-label="Filters that are on" data-testid="filters-on">
                        {all
                            .into_iter()
                            .map(|one| {
                                view! {
                                    <li>
                                        <a class="chip max-w-full" href=address(&one.without)>
                                            <span class="sr-only">"Remove "</span>
                                            <span class="truncate">{one.words}</span>
                                            <span aria-hidden="true">"×"</span>
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()}
                        {several
                            .then(|| {
                                view! {
                                    <li>
                                        <a class="link inline-flex min-h-11 items-center px-2" href=address(&unnarrowed(&form))>"Clear all"</a>
                                    </li>
                                }
                            })}
                    </ul>
                }
            })
        }
    };
    view! {
        <Transition>
            {move || Suspend::new(async move { on(shelves.await.unwrap_or_default()) })}
        </Transition>
    }
}
