use leptos::prelude::*;

#[component]
pub fn OrdersPage() -> impl IntoView {
    view! { <h1>"OrdersPage"</h1> }
}

#[component]
pub fn ReceiptPage() -> impl IntoView {
    view! { <h1>"ReceiptPage"</h1> }
}
