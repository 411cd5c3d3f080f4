//! The text of a title under review: each place that is doubted, with its sound. What is shown stands in the address.

mod chapters;
mod editor;
mod headings;
pub(super) mod hear;
mod place;
mod replace;
mod undo;

pub use chapters::ChaptersPage;
pub use editor::EditorPage;
pub use replace::ReplacePage;

use super::frame::Frame;
use crate::api::review::{DecidePlace, Places, places};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::transcript::Shown;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use place::PlaceItem;
use uuid::Uuid;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    id: Uuid,
    shown: Shown,
    page: u32,
}

impl Wanted {
    fn address(self, page: u32) -> String {
        paths::admin_text(self.id, self.shown.name(), page)
    }
}

#[component]
pub fn TextPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        Wanted {
            // No title has the nil id; the shop says so after it has asked who wants to know.
            id: params.read().get_str("id").and_then(|id| id.parse().ok()).unwrap_or_default(),
            shown: query.get_str("show").and_then(Shown::from_name).unwrap_or_default(),
            page: query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    });
    let decide = ServerAction::<DecidePlace>::new();
    let decided = RwSignal::new(0_u32);
    let read = Resource::new(
        move || (wanted.get(), decided.get()),
        |(wanted, _)| places(wanted.id, wanted.shown.name().to_owned(), wanted.page),
    );
    let moved = StoredValue::new(false);
    Effect::new(move |_| {
        // What was refused stays on the page as it was typed.
        if decide.value().with(|value| matches!(value, Some(Ok(_)))) {
            moved.set_value(true);
            decided.update(|times| *times += 1);
        }
    });
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(
                    read.await,
                    move |found| view! { <Review found wanted=wanted.get_untracked() decide moved /> },
                )
            })}
        </Transition>
    }
}

#[component]
fn Review(
    found: Places,
    wanted: Wanted,
    decide: ServerAction<DecidePlace>,
    /// The button that was pressed went away with its place.
    moved: StoredValue<bool>,
) -> impl IntoView {
    let status = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if let Some(status) = status.get().filter(|_| moved.get_value()) {
            moved.set_value(false);
            status.focus().ok();
        }
    });
    let Places { title, slug, counts, page, parts } = found;
    let (number, pages) = (page.number, page.count());
    let said = match counts.doubtful {
        0 => "Nothing waits for a review.".to_owned(),
        1 => "1 place waits for a review.".to_owned(),
        number => format!("{number} places wait for a review."),
    };
    let list = if page.items.is_empty() {
        let (title, words) = match wanted.shown {
            Shown::Doubtful => ("Nothing to review", "Every word that readers get is believed, or was accepted."),
            Shown::Decided => ("Nothing was decided yet", "Places that you accept, correct or drop are found here."),
            Shown::All => ("No text yet", "It is here once the recording has been heard."),
        };
        view! { <Empty title><p>{words}</p></Empty> }.into_any()
    } else {
        view! {
            <ol class="space-y-6" data-testid="places">
                {page
                    .items
                    .into_iter()
                    .map(|place| view! { <PlaceItem place wanted slug=slug.clone() parts=parts.clone() decide /> })
                    .collect_view()}
            </ol>
        }
        .into_any()
    };
    let chip = move |shown: Shown, words: &'static str, number: u64| {
        let current = (shown == wanted.shown).then_some("page");
        let to = Wanted { shown, ..wanted }.address(1);
        view! {
            <a class="chip" href=to aria-current=current>
                {format!("{words} ({number})")}
            </a>
        }
    };
    view! {
        <Title text=format!("Text of {title}") />
        <Frame heading=format!("Text of “{title}”")>
            <p class="mt-2 max-w-prose text-soft">
                "Some places could not be heard for certain. Readers, downloads and the writer of descriptions do not get them until you decide: listen, change the text if it is wrong, and accept it; or drop it."
            </p>
            <p class="mt-2 flex flex-wrap gap-x-5 gap-y-1">
                <a class="link" href=paths::admin_title(wanted.id)>"Back to the title"</a>
                <a class="link" href=paths::admin_editor(wanted.id, 0)>"Edit all of the text"</a>
            </p>
            <nav class="mt-8 flex flex-wrap gap-2" aria-label="Places">
                {chip(Shown::Doubtful, "To review", counts.doubtful)}
                {chip(Shown::Decided, "Decided", counts.decided)} {chip(Shown::All, "All text", counts.all)}
            </nav>
            <p class="mt-6 text-soft" role="status" tabindex="-1" node_ref=status data-testid="review-status">{said}</p>
            <div class="mt-3"><FormError message=FormState::of(decide).refused() /></div>
            <h2 class="sr-only">"Places"</h2>
            <div class="mt-3">{list}</div>
            <Pager number count=pages address=move |page| wanted.address(page) />
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_what_is_shown() {
        let wanted = Wanted { id: Uuid::nil(), shown: Shown::Decided, page: 1 };
        assert_eq!(wanted.address(2), "/admin/titles/00000000-0000-0000-0000-000000000000/text?show=decided&page=2");
    }
}
