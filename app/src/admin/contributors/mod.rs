//! All authors and narrators: search and page, all of it in the address.

mod one;

pub use one::ContributorPage;

use super::frame::Frame;
use crate::api::contributors::contributors;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::Page;
use domain::catalog::ContributorRow;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    page: u32,
}

impl Wanted {
    fn address(&self, page: u32) -> String {
        format!("/admin/contributors?q={}&page={page}", Url::escape(&self.text))
    }
}

#[component]
pub fn ContributorsPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted { text: text("q"), page: text("page").parse().unwrap_or(1) }
    });
    let read = Resource::new(move || wanted.get(), |wanted| contributors(wanted.text, wanted.page));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| view! { <Contributors page wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Contributors(page: Page<ContributorRow>, wanted: Wanted) -> impl IntoView {
    let (number, pages, total) = (page.number, page.count(), page.total);
    let found = match (page.items.is_empty(), wanted.text.is_empty()) {
        (true, true) => view! {
            <Empty title="Nobody yet">
                <p>"Authors and narrators are added with the first title that names them."</p>
                <a class="button" href="/admin/titles">"Titles"</a>
            </Empty>
        }
        .into_any(),
        (true, false) => view! {
            <Empty title="Nobody found">
                <p>"The search looks for names that begin with what you type."</p>
                <a class="button" href="/admin/contributors">"Show everybody"</a>
            </Empty>
        }
        .into_any(),
        _ => view! {
            <ul class="divide-y divide-line border-y border-line">
                {page.items.into_iter().map(|row| view! { <Row row /> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    let asked = wanted.clone();
    view! {
        <Title text="Authors and narrators" />
        <Frame heading="Authors and narrators".to_owned()>
            <Form action="/admin/contributors" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
                <div class="min-w-0 flex-1 basis-64">
                    <label class="text-sm font-semibold" for="find-contributor">"Name begins with"</label>
                    <input
                        class="input mt-1"
                        id="find-contributor"
                        type="search"
                        name="q"
                        value=wanted.text
                        autocomplete="off"
                        maxlength="200"
                    />
                </div>
                <button class="button button-quiet" type="submit">"Show"</button>
            </Form>
            <p class="mt-6 text-soft" role="status">{count(total, "person", "people")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
        </Frame>
    }
}

#[component]
fn Row(row: ContributorRow) -> impl IntoView {
    let did = [(row.wrote, "wrote"), (row.reads, "reads")]
        .into_iter()
        .filter(|(titles, _)| *titles > 0)
        .map(|(titles, verb)| format!("{verb} {}", count(titles, "title", "titles")))
        .collect::<Vec<_>>()
        .join(", ");
    let did = if did.is_empty() { "no titles".to_owned() } else { did };
    view! {
        <li class="relative flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-3 hover:bg-sunken">
            <h3 class="min-w-0 font-sans text-base font-semibold break-words">
                <a class="link after:absolute after:inset-0 after:content-['']" href=paths::admin_contributor(row.id)>
                    {row.form.name}
                </a>
            </h3>
            <p class="text-sm text-soft">{did}</p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_the_search() {
        let wanted = Wanted { text: "ann & bob".to_owned(), page: 1 };
        assert_eq!(wanted.address(2), "/admin/contributors?q=ann%20%26%20bob&page=2");
    }
}
