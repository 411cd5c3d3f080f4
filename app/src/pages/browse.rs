use leptos::prelude::*;

#[component]
pub fn BrowsePage() -> impl IntoView {
    view! { <h1>"BrowsePage"</h1> }
}
