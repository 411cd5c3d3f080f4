//! Pages for the people who run the shop.

mod audit;
mod dashboard;
mod frame;
mod jobs;
mod labels;
mod models;
mod people;
mod person;
mod title;
mod titles;
pub mod upload;
mod workers;

use audit::AuditPage;
use dashboard::DashboardPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, LazyRoute, MatchNestedRoutes, SsrMode, lazy_route, path};
use models::ModelsPage;
use people::PeoplePage;
use person::PersonPage;
use title::TitlePage;
use titles::TitlesPage;

/// The admin's pages. Each answers 401 or 403 to those whom it is not for, and none is in what a shopper downloads.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin") view={Lazy::<Dashboard>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles") view={Lazy::<Titles>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id") view={Lazy::<ATitle>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/models") view={Lazy::<Models>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/people") view={Lazy::<People>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/people/:id") view={Lazy::<APerson>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/jobs") view={Lazy::<AllJobs>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async />
    }
    .into_inner()
}

#[derive(Debug)]
struct Dashboard;

#[lazy_route]
impl LazyRoute for Dashboard {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <DashboardPage /> }.into_any()
    }
}

#[derive(Debug)]
struct Titles;

#[lazy_route]
impl LazyRoute for Titles {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <TitlesPage /> }.into_any()
    }
}

#[derive(Debug)]
struct ATitle;

#[lazy_route]
impl LazyRoute for ATitle {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <TitlePage /> }.into_any()
    }
}

#[derive(Debug)]
struct Models;

#[lazy_route]
impl LazyRoute for Models {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <ModelsPage /> }.into_any()
    }
}

#[derive(Debug)]
struct People;

#[lazy_route]
impl LazyRoute for People {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PeoplePage /> }.into_any()
    }
}

#[derive(Debug)]
struct APerson;

#[lazy_route]
impl LazyRoute for APerson {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <PersonPage /> }.into_any()
    }
}

#[derive(Debug)]
struct Audit;

#[lazy_route]
impl LazyRoute for Audit {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <AuditPage /> }.into_any()
    }
}

#[derive(Debug)]
struct AllJobs;

#[lazy_route]
impl LazyRoute for AllJobs {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <jobs::JobsPage /> }.into_any()
    }
}
