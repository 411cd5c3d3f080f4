//! What the admin's pages have in common.

use crate::api::account::use_viewer;
use crate::components::icons::Icon;
use domain::account::{Permission, User};
use domain::catalog::Status;
use domain::production::StepStatus;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::labels;

/// An admin's page: the way to the others, a heading, and the page itself.
#[component]
pub fn Frame(
    /// The heading.
    #[prop(into)]
    heading: Signal<String>,
    children: Children,
) -> impl IntoView {
    let viewer = use_viewer();
    view! {
        <div class="page py-8 sm:py-10">
            <nav class="flex flex-wrap gap-2 print:hidden" aria-label="Admin">
                <Tab href="/admin" words="Dashboard" />
                <Transition>
                    {move || Suspend::new(async move {
                        viewer.user.await.ok().flatten().map(|user| view! { <Tabs user /> })
                    })}
                </Transition>
            </nav>
            <h1 class="mt-6 text-3xl sm:text-4xl">{heading}</h1>
            {children()}
        </div>
    }
}

/// The ways to what this admin may see.
#[component]
fn Tabs(user: User) -> impl IntoView {
    let makes_titles = user.may(Permission::Catalogue) || user.may(Permission::Production);
    view! {
        {makes_titles
            .then(|| {
                view! {
                    <Tab href="/admin/titles" words="Titles" />
                    {user
                        .may(Permission::Catalogue)
                        .then(|| {
                            view! {
                                <Tab href="/admin/categories" words="Categories" />
                                <Tab href="/admin/contributors" words="People" />
                                <Tab href="/admin/series" words="Series" />
                                <Tab href="/admin/reviews" words="Reviews" />
                            }
                        })}
                    <Tab href="/admin/models" words="Models" />
                }
            })}
        {user
            .may(Permission::Orders)
            .then(|| {
                view! {
                    <Tab href="/admin/figures" words="What sells" />
                    <Tab href="/admin/orders" words="Orders" />
                }
            })}
        {user
            .may(Permission::Prices)
            .then(|| {
                view! {
                    <Tab href="/admin/sales" words="Sales" />
                    <Tab href="/admin/bundles" words="Bundles" />
                    <Tab href="/admin/coupons" words="Coupons" />
                    <Tab href="/admin/taxes" words="Taxes" />
                }
            })}
        {user
            .may(Permission::Settings)
            .then(|| {
                view! {
                    {(!makes_titles).then(|| view! { <Tab href="/admin/models" words="Models" /> })}
                    <Tab href="/admin/jobs" words="Jobs" />
                    <Tab href="/admin/settings" words="Settings" />
                    <Tab href="/admin/legal" words="Legal" />
                    <Tab href="/admin/webhooks" words="Webhooks" />
                }
            })}
        {user
            .may(Permission::Users)
            .then(|| {
                view! {
                    <Tab href="/admin/users" words="Users" />
                    <Tab href="/admin/audit" words="Audit trail" />
                }
            })}
    }
}

#[component]
fn Tab(href: &'static str, words: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let current = move || {
        let path = path.read();
        match path.strip_prefix(href) {
            Some("") => Some("page"),
            // A page below it.
            Some(rest) if href != "/admin" && rest.starts_with('/') => Some("true"),
            _ => None,
        }
    };
    view! { <a class="chip" href=href aria-current=current>{words}</a> }
}

/// A word for where something stands, with an icon, so that it is told by more than a colour.
#[component]
pub fn Badge(
    /// The icon's path.
    #[prop(into)]
    icon: Signal<&'static str>,
    #[prop(into)] words: Signal<&'static str>,
    /// Somebody has to do something about it.
    #[prop(into)]
    alarming: Signal<bool>,
) -> impl IntoView {
    view! {
        <span
            class="inline-flex items-center gap-1 text-sm font-semibold whitespace-nowrap"
            class=("text-danger", move || alarming.get())
        >
            {move || view! { <Icon path=icon.get() /> }}
            {move || words.get()}
        </span>
    }
}

/// How a step goes.
#[component]
pub fn StepBadge(#[prop(into)] status: Signal<StepStatus>) -> impl IntoView {
    let icon = Signal::derive(move || labels::step_icon(status.get()));
    let said = Signal::derive(move || labels::step_status(status.get()));
    let alarming = Signal::derive(move || matches!(status.get(), StepStatus::Failed | StepStatus::Blocked));
    view! { <Badge icon words=said alarming /> }
}

/// Whether a title is for sale.
#[component]
pub fn StatusBadge(#[prop(into)] status: Signal<Status>) -> impl IntoView {
    view! {
        <span class="inline-flex items-center rounded-full border border-line-strong px-2.5 py-0.5 text-sm font-semibold whitespace-nowrap">
            {move || labels::title_status(status.get())}
        </span>
    }
}
