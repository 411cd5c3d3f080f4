//! What stands around every page.

use leptos::prelude::*;

#[component]
pub fn Header() -> impl IntoView {
    view! { <header><a href="/">"Lectern"</a></header> }
}

#[component]
pub fn Footer() -> impl IntoView {
    view! { <footer></footer> }
}
