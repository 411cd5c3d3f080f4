//! One series: its name and description, the order of its titles, merging it into another, deleting it.

use super::super::named::{DeedPanel, NamedPage, SavePanel};
use super::order::OrderPanel;
use crate::AppError;
use crate::api::series::{DeleteSeries, MergeSeries, MoveInSeries, NumberSeries, SaveSeries, one_series};
use crate::components::failure::outcome;
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::text::count;
use crate::paths;
use domain::catalog::{SeriesRow, SeriesTitle};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// What changes a series and leaves its page open.
#[derive(Clone, Copy)]
pub struct Actions {
    save: ServerAction<SaveSeries>,
    pub number: ServerAction<NumberSeries>,
    pub shift: ServerAction<MoveInSeries>,
    /// What saving came back with.
    saved: FormState<()>,
    pub numbered: FormState<()>,
    pub shifted: FormState<()>,
}

#[component]
pub fn OneSeriesPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
    let (save, number, shift) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
    let (saved, numbered, shifted) = (FormState::of(save), FormState::of(number), FormState::of(shift));
    let actions = Actions { save, number, shift, saved, numbered, shifted };
    saved.focus_refused();
    let changes = move || (id.get(), save.version().get(), number.version().get(), shift.version().get());
    let read = Resource::new(changes, |(id, ..)| async move {
        match id {
            Some(id) => one_series(id).await,
            None => Err(AppError::NotFound("series".to_owned())),
        }
    });
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |(series, titles)| view! { <Series series titles actions /> })
            })}
        </Transition>
    }
}

#[component]
fn Series(series: SeriesRow, titles: Vec<SeriesTitle>, actions: Actions) -> impl IntoView {
    let SeriesRow { id, slug, titles: total, in_shop, form } = series;
    let saved = actions.saved;
    let merge = ServerAction::<MergeSeries>::new();
    let merged = FormState::of(merge);
    let delete = ServerAction::<DeleteSeries>::new();
    view! {
        <NamedPage
            name=form.name.clone()
            about=count(total, "title", "titles")
            in_shop=in_shop.then(|| paths::series(&slug))
            all=("/admin/series", "All series")
        >
            <SavePanel action=actions.save saved fields=&["name", "about"] id>
                <Field
                    name="name"
                    label="Name"
                    maxlength="200"
                    hint="Its address changes with it; the one before leads to the new one."
                    value=form.name
                    error=saved.on_field("name")
                />
                <Field
                    name="about"
                    label="Description"
                    lines="6"
                    may_be_empty=true
                    hint="Paragraphs are separated by an empty line. May be empty."
                    value=form.about
                    error=saved.on_field("about")
                />
            </SavePanel>
            <OrderPanel id titles total actions />
            <DeedPanel
                action=merge
                anchor="merge"
                heading="The same series as"
                about="The titles move there with their numbers, this one’s address leads there, and it is gone. This cannot be undone."
                button="Merge"
                fields=&["into"]
                id
            >
                <Field name="into" label="Name of the other series" maxlength="200" error=merged.on_field("into") />
            </DeedPanel>
            {(total == 0)
                .then(|| {
                    view! {
                        <DeedPanel action=delete anchor="delete" heading="Delete" about="No title is in it." button="Delete it" id />
                    }
                })}
        </NamedPage>
    }
}
