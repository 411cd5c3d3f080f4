use leptos::prelude::*;

#[component]
pub fn PersonPage() -> impl IntoView {
    view! { <h1>"PersonPage"</h1> }
}

#[component]
pub fn SeriesPage() -> impl IntoView {
    view! { <h1>"SeriesPage"</h1> }
}
