//! Pages for the people who run the shop.

mod audit;
mod bulk;
mod categories;
mod contributors;
mod dashboard;
mod figures;
mod found;
mod frame;
mod jobs;
mod labels;
mod legal;
mod models;
mod named;
mod opening;
mod order;
mod orders;
mod picture;
mod prices;
mod reviews;
mod series;
mod settings;
mod text;
mod title;
mod titles;
pub mod upload;
mod user;
mod users;
mod workers;

use audit::AuditPage;
use bulk::BulkPage;
use categories::{CategoriesPage, CategoryPage};
use contributors::{ContributorPage, ContributorsPage};
use dashboard::DashboardPage;
use figures::FiguresPage;
use jobs::JobsPage;
use legal::{LegalPagesPage, LegalTextPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, LazyRoute, MatchNestedRoutes, SsrMode, lazy_route, path};
use models::ModelsPage;
use order::AnyOrderPage;
use orders::AllOrdersPage;
use prices::{BundlePage, BundlesPage, CouponsPage, SalePage, SalesPage};
use reviews::ReviewsPage;
use series::{OneSeriesPage, SeriesListPage};
use settings::SettingsPage;
use text::TextPage;
use title::{DeleteTitlePage, TitlePage};
use titles::TitlesPage;
use user::UserPage;
use users::UsersPage;

/// The admin's pages. Each answers 401 or 403 to those whom it is not for, and none is in what a shopper downloads.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin") view={Lazy::<Dashboard>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/figures") view={Lazy::<Figures>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles") view={Lazy::<Titles>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id") view={Lazy::<ATitle>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/categories") view={Lazy::<Categories>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/categories/:id") view={Lazy::<ACategory>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/contributors") view={Lazy::<Contributors>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/contributors/:id") view={Lazy::<AContributor>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/delete") view={Lazy::<DeleteATitle>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/bulk/:id") view={Lazy::<ABulk>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/series") view={Lazy::<AllSeries>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/series/:id") view={Lazy::<OneSeries>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/reviews") view={Lazy::<AllReviews>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/sales") view={Lazy::<AllSales>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/sales/:id") view={Lazy::<ASale>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/bundles") view={Lazy::<AllBundles>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/bundles/:id") view={Lazy::<ABundle>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/coupons") view={Lazy::<AllCoupons>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/settings") view={Lazy::<Settings>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/legal") view={Lazy::<Legal>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/legal/:page") view={Lazy::<ALegalText>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/text") view={Lazy::<Text>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/models") view={Lazy::<Models>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/orders") view={Lazy::<AllOrders>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/orders/:number") view={Lazy::<AnyOrder>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/users") view={Lazy::<Users>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/users/:id") view={Lazy::<AUser>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/jobs") view={Lazy::<AllJobs>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async />
    }
    .into_inner()
}

/// A route whose page is downloaded when somebody goes there.
macro_rules! lazy_page {
    ($route:ident, $page:ident) => {
        #[derive(Debug)]
        struct $route;

        #[lazy_route]
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                view! { <$page /> }.into_any()
            }
        }
    };
}

lazy_page!(Dashboard, DashboardPage);
lazy_page!(Figures, FiguresPage);
lazy_page!(Titles, TitlesPage);
lazy_page!(ATitle, TitlePage);
lazy_page!(DeleteATitle, DeleteTitlePage);
lazy_page!(ABulk, BulkPage);
lazy_page!(Categories, CategoriesPage);
lazy_page!(ACategory, CategoryPage);
lazy_page!(Contributors, ContributorsPage);
lazy_page!(AContributor, ContributorPage);
lazy_page!(AllSeries, SeriesListPage);
lazy_page!(OneSeries, OneSeriesPage);
lazy_page!(AllReviews, ReviewsPage);
lazy_page!(AllSales, SalesPage);
lazy_page!(ASale, SalePage);
lazy_page!(AllBundles, BundlesPage);
lazy_page!(ABundle, BundlePage);
lazy_page!(AllCoupons, CouponsPage);
lazy_page!(Settings, SettingsPage);
lazy_page!(Legal, LegalPagesPage);
lazy_page!(ALegalText, LegalTextPage);
lazy_page!(Models, ModelsPage);
lazy_page!(AllOrders, AllOrdersPage);
lazy_page!(AnyOrder, AnyOrderPage);
lazy_page!(Users, UsersPage);
lazy_page!(AUser, UserPage);
lazy_page!(Audit, AuditPage);
lazy_page!(AllJobs, JobsPage);
lazy_page!(Text, TextPage);
