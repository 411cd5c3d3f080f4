//! Stars, whole and half.

use domain::catalog::Rating;
use leptos::prelude::*;

const STAR: &str = "M12 3l2.8 5.7 6.2.9-4.5 4.4 1.1 6.2L12 17.3l-5.6 2.9 1.1-6.2L3 9.6l6.2-.9z";
const LEFT_HALF: &str = "M12 3v14.3l-5.6 2.9 1.1-6.2L3 9.6l6.2-.9z";

/// Five stars, filled as far as a rating goes.
#[component]
pub fn Stars(
    /// In hundredths of a star.
    hundredths: u32,
    /// What they say to whoever does not see them.
    words: String,
) -> impl IntoView {
    let star = move |place: u32| {
        let filled = match hundredths {
            rated if rated + 25 >= place * 100 => Some(STAR),
            rated if rated + 75 >= place * 100 => Some(LEFT_HALF),
            _ => None,
        };
        view! {
            <svg class="size-4 shrink-0" viewBox="0 0 24 24" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
                <path d=STAR fill="none" />
                {filled.map(|path| view! { <path d=path fill="currentColor" stroke="none" /> })}
            </svg>
        }
    };
    view! {
        <span class="inline-flex items-center text-accent" role="img" aria-label=words>
            {(1..=5).map(star).collect_view()}
        </span>
    }
}

/// The stars of a title in a list, with how many ratings they stand for; nothing while nobody has rated it.
#[component]
pub fn RatingLine(rating: Option<Rating>) -> impl IntoView {
    rating.map(|rating| {
        view! {
            <p class="mt-1 flex items-center gap-1 text-sm text-soft" data-testid="rating">
                <Stars hundredths=rating.hundredths words=rating.words() />
                <span aria-hidden="true">{format!("({})", rating.count)}</span>
            </p>
        }
    })
}
