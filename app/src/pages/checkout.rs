use leptos::prelude::*;

#[component]
pub fn CheckoutPage() -> impl IntoView {
    view! { <h1>"CheckoutPage"</h1> }
}
