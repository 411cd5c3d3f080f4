use crate::AppError;
use crate::components::failure::Failure;
use leptos::prelude::*;

/// For an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <Failure error=AppError::NotFound("page".to_owned()) /> }
}
