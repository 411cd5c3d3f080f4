//! The shop at a glance.

use super::frame::Frame;
use super::opening::Checklist;
use super::titles::TitleRows;
use super::upload::UploadPanel;
use super::workers::{DemonstrationNotice, Workers, models_of};
use crate::AppError;
use crate::api::account::viewer;
use crate::api::admin::dashboard;
use crate::api::production::workers;
use crate::api::settings::opening;
use crate::api::titles::latest_titles;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::{Permission, User};
use domain::insight::TitleRow;
use domain::insight::{Dashboard, Sales};
use domain::production::WorkerView;
use domain::settings::Opening;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is there for those who make titles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Making {
    latest: Vec<TitleRow>,
    workers: Vec<WorkerView>,
    may_upload: bool,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AtAGlance {
    figures: Dashboard,
    /// What is left to do in a shop that is not open yet.
    opening: Option<(Opening, User)>,
    making: Option<Making>,
}

async fn glance() -> Result<AtAGlance, AppError> {
    let figures = dashboard().await?;
    let user = viewer().await?.ok_or(AppError::Unauthenticated)?;
    let to_open = if figures.published == 0 { Some(opening().await?).filter(|opening| !opening.open) } else { None };
    let may_upload = user.may(Permission::Production);
    let making = if may_upload || user.may(Permission::Catalogue) {
        Some(Making { latest: latest_titles().await?, workers: workers().await?, may_upload })
    } else {
        None
    };
    Ok(AtAGlance { figures, opening: to_open.map(|opening| (opening, user)), making })
}

#[component]
pub fn DashboardPage() -> impl IntoView {
    let read = Resource::new(|| (), |()| glance());
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, |glance| view! { <Glance glance /> })
            })}
        </Transition>
    }
}

#[component]
fn Glance(glance: AtAGlance) -> impl IntoView {
    let AtAGlance { figures, opening, making } = glance;
    view! {
        <Title text="Admin" />
        <Frame heading="The shop at a glance".to_owned()>
            {opening.map(|(opening, user)| view! { <Checklist opening user /> })}
            <Figures figures />
            {making.map(|making| view! { <Titles making /> })}
        </Frame>
    }
}

#[component]
fn Titles(making: Making) -> impl IntoView {
    let Making { latest, workers, may_upload } = making;
    let models = models_of(&workers);
    let newest = if latest.is_empty() {
        view! {
            <Empty title="No titles yet">
                <p>"Drop audio files above, or begin with a title and add the files later."</p>
                <a class="button" href="/admin/titles#new">"New title"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <TitleRows rows=latest /> }.into_any()
    };
    let upload =
        may_upload.then(|| view! { <div class="mt-10" id="upload" data-testid="upload-zone"><UploadPanel /></div> });
    view! {
        <div class="mt-8 empty:hidden"><DemonstrationNotice models /></div>
        {upload}
        <section class="mt-12" aria-labelledby="latest">
            <div class="flex flex-wrap items-baseline justify-between gap-3">
                <h2 class="text-xl" id="latest">"Latest titles"</h2>
                <a class="link" href="/admin/titles">"All titles"</a>
            </div>
            <div class="mt-4">{newest}</div>
        </section>
        <section class="mt-12" aria-labelledby="workers">
            <h2 class="text-xl" id="workers">"Workers"</h2>
            <div class="mt-4"><Workers workers /></div>
        </section>
    }
}

#[component]
fn Figures(figures: Dashboard) -> impl IntoView {
    let attention = match figures.needing_attention {
        0 => view! { <span>"0"</span> }.into_any(),
        stuck => view! { <a class="link" href="/admin/titles?status=attention">{stuck}</a> }.into_any(),
    };
    let more = figures.sales.is_some().then(|| {
        view! { <p class="mt-3"><a class="link" href="/admin/figures">"What sells, day by day and title by title"</a></p> }
    });
    view! {
        <dl class="mt-8 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
            <Figure name="Needing attention">{attention}</Figure>
            <Figure name="Published">{figures.published}</Figure>
            <Figure name="Drafts">{figures.drafts}</Figure>
            {figures.sales.map(|sales| view! { <Sold sales /> })}
        </dl>
        {more}
    }
}

#[component]
fn Sold(sales: Sales) -> impl IntoView {
    view! {
        <Figure name="Orders paid">{sales.orders_paid}</Figure>
        <Figure name="Revenue">
            {sales.revenue.into_iter().map(|money| view! { <span class="block">{money.to_string()}</span> }).collect_view()}
        </Figure>
        <Figure name="Customers">{sales.customers}</Figure>
    }
}

#[component]
fn Figure(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="panel flex flex-col-reverse justify-end p-4">
            <dt class="text-sm text-soft">{name}</dt>
            <dd class="font-serif text-2xl font-semibold tabular-nums">{children()}</dd>
        </div>
    }
}
