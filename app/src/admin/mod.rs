//! Pages for the people who run the shop.

mod dashboard;
mod frame;
mod models;
mod title;
mod titles;
pub mod upload;
mod words;
mod workers;

use dashboard::DashboardPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use models::ModelsPage;
use title::TitlePage;
use titles::TitlesPage;

/// The admin's pages. Each answers 401 or 403 to those whom it is not for.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin") view=DashboardPage ssr=SsrMode::Async />
        <Route path=path!("/admin/titles") view=TitlesPage ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id") view=TitlePage ssr=SsrMode::Async />
        <Route path=path!("/admin/models") view=ModelsPage ssr=SsrMode::Async />
    }
    .into_inner()
}
