//! All titles: search, filters, order and page, all of it in the address; and changes to many of them at once.

mod bulk;
mod filters;
mod new;
mod rows;
mod wanted;

pub use rows::TitleRows;

use super::frame::Frame;
use crate::AppError;
use crate::api::account::viewer;
use crate::api::titles::{ChangeTitles, TitleQuery, list_titles};
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use bulk::BulkPanel;
use domain::account::Permission;
use domain::insight::{Bounded, TitleList, TitleTab};
use filters::{Filters, Tabs};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use new::NewTitle;

/// The list, and whether whoever looks may change titles.
async fn open(asked: TitleQuery) -> Result<(TitleList, bool), AppError> {
    let list = list_titles(asked).await?;
    Ok((list, viewer().await?.is_some_and(|user| user.may(Permission::Catalogue))))
}

#[component]
pub fn TitlesPage() -> impl IntoView {
    let wanted = TitleQuery::follow();
    let change = ServerAction::<ChangeTitles>::new();
    let read = Resource::new(move || wanted.get(), open);
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |(list, may_change)| {
                    view! { <Titles list wanted=wanted.get_untracked() may_change change /> }
                })
            })}
        </Transition>
    }
}

#[component]
fn Titles(list: TitleList, wanted: TitleQuery, may_change: bool, change: ServerAction<ChangeTitles>) -> impl IntoView {
    let query = use_query_map();
    let deleted = move || query.read().get_str("deleted").is_some();
    let TitleList { rows, number, pages, tabs, total, categories, languages, key } = list;
    let all = tabs.iter().find(|(tab, _)| *tab == TitleTab::All).map_or(Bounded(0), |(_, count)| *count);
    let said = if total.0 == 1 { "1 title".to_owned() } else { format!("{} titles", total.words()) };
    let found = if !rows.is_empty() {
        let shown: Vec<_> = rows.iter().map(|row| row.id).collect();
        let list = view! { <TitleRows rows ticks=may_change /> };
        if may_change {
            let (wanted, categories) = (wanted.clone(), categories.clone());
            view! {
                <ActionForm action=change attr:class="contents" attr:id="titles">
                    // The first button of a form is what the Enter key presses: this one does nothing.
                    <button type="submit" disabled hidden></button>
                    {list}
                    <BulkPanel change key shown total wanted categories />
                </ActionForm>
            }
            .into_any()
        } else {
            list.into_any()
        }
    } else if wanted.is_open() && all.0 == 0 {
        view! {
            <Empty title="No titles yet">
                <p>"Upload your first book: drop its audio files on the dashboard, and the rest follows. Or give it a name below."</p>
                <a class="button" href="/admin">"Upload your first book"</a>
            </Empty>
        }
        .into_any()
    } else {
        let (words, way) = if wanted.is_open() {
            ("No title stands here at the moment.", "Show all titles")
        } else {
            ("Try fewer or shorter words, or clear the filters.", "Clear the filters")
        };
        view! {
            <Empty title="Nothing found">
                <p>{words}</p>
                <a class="button" href="/admin/titles">{way}</a>
            </Empty>
        }
        .into_any()
    };
    let asked = wanted.clone();
    view! {
        <Title text="Titles" />
        <Frame heading="Titles".to_owned()>
            <p class="notice mt-6" role="status" class:hidden=move || !deleted()>
                "The draft is deleted. Its files leave the storage within a day or two."
            </p>
            <Filters wanted=wanted.clone() categories languages />
            <Tabs tabs wanted />
            <p class="mt-6 text-soft" role="status">{said}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages or_more=total.more() address=move |page| asked.address(page) />
            {may_change.then(|| view! { <NewTitle /> })}
        </Frame>
    }
}
