//! All titles: search, status and page, all of it in the address.

use super::frame::{Frame, StatusBadge, StepBadge};
use super::labels;
use crate::api::admin::{CreateDraft, titles};
use crate::components::books::Cover;
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::pager::Pager;
use crate::components::price::amount;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::{count, length};
use crate::paths;
use domain::Page;
use domain::catalog::Status;
use domain::insight::TitleRow;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// What can be asked for beside all titles, as the address and as a person says it.
const CHOICES: [(&str, &str); 5] = [
    ("", "All"),
    ("draft", "Drafts"),
    ("published", "Published"),
    ("archived", "Archived"),
    ("attention", "Needing attention"),
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    status: String,
    page: u32,
}

impl Wanted {
    fn address(&self, page: u32) -> String {
        let (text, status) = (Url::escape(&self.text), Url::escape(&self.status));
        format!("/admin/titles?q={text}&status={status}&page={page}")
    }
}

#[component]
pub fn TitlesPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted { text: text("q"), status: text("status"), page: text("page").parse().unwrap_or(1) }
    });
    let read = Resource::new(move || wanted.get(), |wanted| titles(wanted.text, wanted.status, wanted.page));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| view! { <Titles page wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Titles(page: Page<TitleRow>, wanted: Wanted) -> impl IntoView {
    let (number, pages, total) = (page.number, page.count(), page.total);
    let found = match (total, page.items.is_empty()) {
        (0, _) if wanted.text.is_empty() && wanted.status.is_empty() => view! {
            <Empty title="No titles yet">
                <p>"Give the first one a name below, or drop its audio files on the dashboard."</p>
                <a class="button" href="/admin">"Upload audio"</a>
            </Empty>
        }
        .into_any(),
        (_, true) => view! {
            <Empty title="Nothing found">
                <p>"Try fewer or shorter words, or another status."</p>
                <a class="button" href="/admin/titles">"Show all titles"</a>
            </Empty>
        }
        .into_any(),
        _ => view! { <TitleRows rows=page.items /> }.into_any(),
    };
    let asked = wanted.clone();
    view! {
        <Title text="Titles" />
        <Frame heading="Titles".to_owned()>
            <Filters wanted />
            <p class="mt-6 text-soft" role="status">{count(total, "title", "titles")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
            <NewTitle />
        </Frame>
    }
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let chosen = wanted.status;
    view! {
        <Form action="/admin/titles" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1 basis-64">
                <label class="text-sm font-semibold" for="find-title">"Search"</label>
                <input
                    class="input mt-1"
                    id="find-title"
                    type="search"
                    name="q"
                    value=wanted.text
                    placeholder="Title, author, narrator or series"
                    autocomplete="off"
                    maxlength="200"
                />
            </div>
            <div>
                <label class="text-sm font-semibold" for="status">"Status"</label>
                <select class="input mt-1" id="status" name="status">
                    {CHOICES
                        .into_iter()
                        .map(|(value, words)| {
                            view! { <option value=value selected=chosen == value>{words}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            <button class="button button-quiet" type="submit">"Show"</button>
        </Form>
    }
}

/// Titles, one under the other, each leading to its page.
#[component]
pub fn TitleRows(rows: Vec<TitleRow>) -> impl IntoView {
    view! {
        <ul class="divide-y divide-line border-y border-line">
            {rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Row(row: TitleRow) -> impl IntoView {
    let cover = paths::drawn_cover(&row.slug, row.updated_at.0);
    let authors = if row.authors.is_empty() { "No author yet".to_owned() } else { row.authors.join(", ") };
    let price = if row.status == Status::Draft && row.price.minor == 0 { "—".to_owned() } else { amount(row.price) };
    let long = if row.duration_ms > 0 { length(row.duration_ms) } else { "no audio".to_owned() };
    let sold = u64::try_from(row.sold).unwrap_or(0);
    let step = match row.step {
        Some((step, status)) => view! {
            <span class="text-sm text-soft">{labels::step(step)} ": "</span>
            <StepBadge status=Signal::stored(status) />
        }
        .into_any(),
        None => view! { <span class="text-sm text-soft">"Not begun"</span> }.into_any(),
    };
    view! {
        <li class="relative grid grid-cols-[4rem_minmax(0,1fr)] gap-x-4 gap-y-1 py-4 hover:bg-sunken sm:grid-cols-[4rem_minmax(0,1fr)_17rem]">
            <div class="row-span-2 w-16 sm:row-span-1"><Cover art=cover /></div>
            <div class="min-w-0">
                <h3 class="font-serif text-base leading-snug font-semibold">
                    <a class="link after:absolute after:inset-0 after:content-['']" href=paths::admin_title(row.id)>
                        <span class="line-clamp-2">{row.title}</span>
                    </a>
                </h3>
                <p class="truncate text-sm text-soft">{authors}</p>
                <p class="text-sm text-soft tabular-nums">{price} " · " {long} " · " {format!("{sold} sold")}</p>
            </div>
            <div class="col-start-2 flex flex-wrap items-center gap-x-4 gap-y-1 sm:col-start-3 sm:flex-col sm:items-end sm:justify-center">
                <StatusBadge status=Signal::stored(row.status) />
                <p class="flex items-center gap-1">{step}</p>
            </div>
        </li>
    }
}

/// The beginning of a title whose files come later.
#[component]
fn NewTitle() -> impl IntoView {
    let create = ServerAction::<CreateDraft>::new();
    let answer = FormState::of(create);
    answer.focus_refused();
    view! {
        <section class="panel mt-12 p-5 sm:p-6" id="new" aria-labelledby="new-title">
            <h2 class="text-xl" id="new-title">"New title"</h2>
            <ActionForm action=create attr:class="mt-4 flex max-w-xl flex-col gap-4">
                <FormError message=answer.on_form(&["title"]) />
                <Field
                    name="title"
                    label="Title"
                    hint="You can change it later. The audio files are added on the title's own page."
                    maxlength="300"
                    error=answer.on_field("title")
                />
                <button class="button w-fit" type="submit" disabled=move || create.pending().get() data-testid="create-title">
                    "Begin"
                </button>
            </ActionForm>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_the_search() {
        let wanted = Wanted { text: "sea & sky".to_owned(), status: "draft".to_owned(), page: 1 };
        assert_eq!(wanted.address(2), "/admin/titles?q=sea%20%26%20sky&status=draft&page=2");
    }
}
