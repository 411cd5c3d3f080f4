//! From page to page of a long list.

use leptos::prelude::*;

/// Links to the pages before and after; nothing when there is only one.
#[component]
pub fn Pager(
    /// The page that is shown, counted from 1.
    number: u32,
    /// How many there are.
    count: u32,
    /// There may be more pages than were counted.
    #[prop(optional)]
    or_more: bool,
    /// The address of a page.
    address: impl Fn(u32) -> String + 'static,
) -> impl IntoView {
    let step = |to: Option<u32>, rel: &'static str, words: &'static str| match to {
        Some(to) => view! { <a class="button button-quiet" rel=rel href=address(to)>{words}</a> }.into_any(),
        None => view! { <span class="button button-quiet" aria-disabled="true">{words}</span> }.into_any(),
    };
    let before = step((number > 1).then(|| number - 1), "prev", "Previous");
    let after = step((number < count).then(|| number + 1), "next", "Next");
    (count > 1).then(|| {
        view! {
            <nav class="mt-12 flex items-center justify-center gap-4" aria-label="Pages">
                {before}
                <span class="text-sm text-soft">{format!("Page {number} of {count}{}", if or_more { "+" } else { "" })}</span>
                {after}
            </nav>
        }
    })
}
