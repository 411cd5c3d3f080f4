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
mod providers;
mod reviews;
mod series;
mod settings;
mod switches;
mod taxes;
mod text;
mod title;
mod titles;
pub mod upload;
mod user;
mod users;
mod webhooks;
mod workers;

use crate::bundles;
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
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};
use models::ModelsPage;
use order::AnyOrderPage;
use orders::AllOrdersPage;
use prices::{BundlePage, BundlesPage, CouponsPage, SalePage, SalesPage};
use providers::ProviderPage;
use reviews::ReviewsPage;
use series::{OneSeriesPage, SeriesListPage};
use settings::SettingsPage;
use taxes::TaxesPage;
use text::{ChaptersPage, EditorPage, ReplacePage, TextPage};
use title::{DeleteTitlePage, TitlePage};
use titles::TitlesPage;
use user::UserPage;
use users::UsersPage;
use webhooks::{WebhookPage, WebhooksPage};

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
        <Route path=path!("/admin/taxes") view={Lazy::<Taxes>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/legal") view={Lazy::<Legal>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/legal/:page") view={Lazy::<ALegalText>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/webhooks") view={Lazy::<AllWebhooks>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/webhooks/:id") view={Lazy::<AWebhook>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/text") view={Lazy::<Text>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/editor") view={Lazy::<EditText>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/replace") view={Lazy::<ReplaceText>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/titles/:id/chapters") view={Lazy::<KeepChapters>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/models") view={Lazy::<Models>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/providers/:id") view={Lazy::<AProvider>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/orders") view={Lazy::<AllOrders>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/orders/:number") view={Lazy::<AnyOrder>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/users") view={Lazy::<Users>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/users/:id") view={Lazy::<AUser>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/jobs") view={Lazy::<AllJobs>::new()} ssr=SsrMode::Async />
        <Route path=path!("/admin/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async />
    }
    .into_inner()
}

// What the shop has, and all else that its people look after.
bundles::pages! { stock:
    Titles => TitlesPage,
    ATitle => TitlePage,
    DeleteATitle => DeleteTitlePage,
    ABulk => BulkPage,
    Categories => CategoriesPage,
    ACategory => CategoryPage,
    Contributors => ContributorsPage,
    AContributor => ContributorPage,
    AllSeries => SeriesListPage,
    OneSeries => OneSeriesPage,
    AllReviews => ReviewsPage,
    Text => TextPage,
    EditText => EditorPage,
    ReplaceText => ReplacePage,
    KeepChapters => ChaptersPage,
}

bundles::pages! { desk:
    Dashboard => DashboardPage,
    Figures => FiguresPage,
    AllSales => SalesPage,
    ASale => SalePage,
    AllBundles => BundlesPage,
    ABundle => BundlePage,
    AllCoupons => CouponsPage,
    Settings => SettingsPage,
    Taxes => TaxesPage,
    Legal => LegalPagesPage,
    ALegalText => LegalTextPage,
    Models => ModelsPage,
    AProvider => ProviderPage,
    AllOrders => AllOrdersPage,
    AnyOrder => AnyOrderPage,
    Users => UsersPage,
    AUser => UserPage,
    Audit => AuditPage,
    AllJobs => JobsPage,
    AllWebhooks => WebhooksPage,
    AWebhook => WebhookPage,
}
