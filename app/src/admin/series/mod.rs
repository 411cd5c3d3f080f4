//! All series: search and page, all of it in the address.

mod one;
mod order;

pub use one::OneSeriesPage;

use super::found::{FoundPage, FoundRow, Wanted};
use crate::api::series::list_series;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::Page;
use domain::catalog::SeriesRow;
use leptos::prelude::*;

const BASE: &str = "/admin/series";

#[component]
pub fn SeriesListPage() -> impl IntoView {
    let wanted = Wanted::here();
    let read = Resource::new(move || wanted.get(), |wanted| list_series(wanted.text, wanted.page));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| view! { <Rows page wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Rows(page: Page<SeriesRow>, wanted: Wanted) -> impl IntoView {
    let (number, pages) = (page.number, page.count());
    let total = format!("{} series", page.total);
    let found = match (page.items.is_empty(), wanted.text.is_empty()) {
        (true, true) => view! {
            <Empty title="No series yet">
                <p>"A series is added with the first title whose form names it."</p>
                <a class="button" href="/admin/titles">"Titles"</a>
            </Empty>
        }
        .into_any(),
        (true, false) => view! {
            <Empty title="No series found">
                <p>"The search looks for names that begin with what you type."</p>
                <a class="button" href=BASE>"Show all"</a>
            </Empty>
        }
        .into_any(),
        _ => view! {
            <ul class="divide-y divide-line border-y border-line">
                {page
                    .items
                    .into_iter()
                    .map(|row| {
                        let about = count(row.titles, "title", "titles");
                        view! { <FoundRow href=paths::admin_series(row.id) name=row.form.name about /> }
                    })
                    .collect_view()}
            </ul>
        }
        .into_any(),
    };
    view! {
        <FoundPage heading="Series" base=BASE wanted total number pages>
            {found}
        </FoundPage>
    }
}
