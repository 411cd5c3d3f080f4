//! The player. It lives above the router, so it plays on while pages change.

use leptos::prelude::*;

pub fn provide_player() {}

#[component]
pub fn PlayerBar() -> impl IntoView {}
