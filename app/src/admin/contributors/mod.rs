//! All authors and narrators: search and page, all of it in the address.

mod one;

pub use one::ContributorPage;

use super::found::{FoundPage, FoundRow, Wanted};
use crate::api::contributors::contributors;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::Page;
use domain::catalog::ContributorRow;
use leptos::prelude::*;

const BASE: &str = "/admin/contributors";

#[component]
pub fn ContributorsPage() -> impl IntoView {
    let wanted = Wanted::here();
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
                <a class="button" href=BASE>"Show everybody"</a>
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
    let total = count(total, "person", "people");
    view! {
        <FoundPage heading="Authors and narrators" base=BASE wanted total number pages>
            {found}
        </FoundPage>
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
    view! { <FoundRow href=paths::admin_contributor(row.id) name=row.form.name about=did /> }
}
