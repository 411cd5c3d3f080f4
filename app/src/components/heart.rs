//! The heart by which a title is wished for.

use super::icons::{HEART, Icon};
use crate::api::wishlist::use_wishes;
use leptos::prelude::*;
use uuid::Uuid;

/// A button for whoever is logged in: wishes for a title, or no longer.
#[component]
pub fn Heart(
    id: Uuid,
    slug: String,
    title: String,
    /// Says in words what it does.
    #[prop(optional)]
    in_words: bool,
    /// It stands on the page of the wishlist.
    #[prop(optional)]
    from_list: bool,
) -> impl IntoView {
    let wishes = use_wishes();
    view! {
        <Transition>
            {move || {
                let (slug, title) = (slug.clone(), title.clone());
                Suspend::new(async move {
                    let wished = wishes.wished.await.ok().flatten();
                    wished.map(|wished| view! { <Button on=wished.contains(&id) slug title in_words from_list /> })
                })
            }}
        </Transition>
    }
}

#[component]
fn Button(on: bool, slug: String, title: String, in_words: bool, from_list: bool) -> impl IntoView {
    let set = use_wishes().set;
    let words = match (in_words, on) {
        (true, true) => view! { <span>"On your wishlist"</span> }.into_any(),
        (true, false) => view! { <span>"Add to wishlist"</span> }.into_any(),
        (false, _) => view! { <span class="sr-only">{format!("Wish for {title}")}</span> }.into_any(),
    };
    let class = if in_words { "button button-quiet" } else { "heart" };
    view! {
        <ActionForm action=set>
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="wanted" value=(!on).to_string() />
            <input type="hidden" name="from_list" value=from_list.to_string() />
            <button class=class class:heart-on=on type="submit" aria-pressed=on.to_string() data-testid="heart">
                <Icon path=HEART />
                {words}
            </button>
        </ActionForm>
    }
}
