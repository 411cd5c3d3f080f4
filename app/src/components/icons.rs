//! Small drawings beside words. All are decoration: the words carry the meaning.

use leptos::prelude::*;

/// Draws one of the icons on a 24 by 24 grid with round strokes, the size of the text around it.
#[component]
pub fn Icon(
    /// The path, in the syntax of SVG's `d`.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg
            class="size-5 shrink-0"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=path />
        </svg>
    }
}

pub const SEARCH: &str = "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20.5 20.5";
pub const CART: &str = "M5 8h14l-1 12H6zM8.5 10V7a3.5 3.5 0 0 1 7 0v3";
pub const MENU: &str = "M4 7h16M4 12h16M4 17h16";
pub const PERSON: &str = "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5";
pub const PLAY: &str = "M8 5v14l11-7z";
pub const PAUSE: &str = "M8 5v14M16 5v14";
pub const CHECK: &str = "M5 12.5l4.5 4.5L19 7.5";
pub const HEART: &str = "M12 20.5C6 16 3.5 12.5 3.5 9a4.5 4.5 0 0 1 8.5-2a4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 7-8.5 11.5";
