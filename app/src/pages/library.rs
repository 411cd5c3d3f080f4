use leptos::prelude::*;

#[component]
pub fn LibraryPage() -> impl IntoView {
    view! { <h1>"LibraryPage"</h1> }
}

#[component]
pub fn ListenPage() -> impl IntoView {
    view! { <h1>"ListenPage"</h1> }
}
