//! The shop at a glance.

use super::frame::Frame;
use super::titles::TitleRows;
use super::upload::UploadPanel;
use super::workers::{DemonstrationNotice, Workers, models_of};
use crate::AppError;
use crate::api::admin::{dashboard, titles};
use crate::api::production::workers;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use domain::catalog::AdminRow;
use domain::insight::Dashboard;
use domain::production::WorkerView;
use leptos::prelude::*;
use leptos_meta::Title;

/// Titles shown as the latest.
const LATEST: usize = 6;

async fn glance() -> Result<(Dashboard, Vec<WorkerView>, Vec<AdminRow>), AppError> {
    let mut latest = titles(String::new(), String::new(), 1).await?.items;
    latest.truncate(LATEST);
    Ok((dashboard().await?, workers().await?, latest))
}

#[component]
pub fn DashboardPage() -> impl IntoView {
    let read = Resource::new(|| (), |()| glance());
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    |(figures, workers, latest)| view! { <Glance figures workers latest /> },
                )
            })}
        </Transition>
    }
}

#[component]
fn Glance(figures: Dashboard, workers: Vec<WorkerView>, latest: Vec<AdminRow>) -> impl IntoView {
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
    view! {
        <Title text="Admin" />
        <Frame heading="The shop at a glance".to_owned()>
            <Figures figures />
            <div class="mt-8 empty:hidden"><DemonstrationNotice models /></div>
            <div class="mt-10" data-testid="upload-zone"><UploadPanel /></div>
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
        </Frame>
    }
}

#[component]
fn Figures(figures: Dashboard) -> impl IntoView {
    let attention = match figures.needing_attention {
        0 => view! { <span>"0"</span> }.into_any(),
        stuck => view! { <a class="link" href="/admin/titles?status=attention">{stuck}</a> }.into_any(),
    };
    view! {
        <dl class="mt-8 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
            <Figure name="Needing attention">{attention}</Figure>
            <Figure name="Published">{figures.published}</Figure>
            <Figure name="Drafts">{figures.drafts}</Figure>
            <Figure name="Orders paid">{figures.orders_paid}</Figure>
            <Figure name="Revenue">{figures.revenue.to_string()}</Figure>
            <Figure name="Customers">{figures.customers}</Figure>
        </dl>
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
