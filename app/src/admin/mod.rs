//! Pages for the people who run the shop.

pub mod upload;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, path};

#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/admin") view=AdminPage /> }.into_inner()
}

#[component]
fn AdminPage() -> impl IntoView {
    view! { <h1>"Admin"</h1> }
}
