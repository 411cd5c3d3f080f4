//! Covers and portraits in the sizes that a page needs.

use crate::paths;
use domain::catalog::covers::SIDES;
use domain::catalog::{AudiobookSummary, Cover as Version};
use leptos::prelude::*;

/// How wide a cover is on a shelf, for the browser to choose a size by.
pub const ON_A_SHELF: &str = "(min-width: 64rem) 11rem, (min-width: 40rem) 30vw, 45vw";
/// At the head of a page.
pub const LARGE: &str = "(min-width: 48rem) 20rem, 14rem";
/// Beside a line of text.
pub const SMALL: &str = "6rem";

/// The addresses of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Art {
    /// For browsers that choose nothing.
    plain: String,
    /// All sizes as WebP and as JPEG, as `srcset` wants them; none for a drawing, which fits everywhere.
    sets: Option<(String, String)>,
}

impl Art {
    /// The cover of a title.
    pub fn cover(slug: &str, cover: Version) -> Self {
        let sets = cover.uploaded.then(|| sets(|side, kind| paths::cover_size(slug, cover.version, side, kind)));
        Self { plain: paths::cover(slug, cover), sets }
    }

    /// The portrait of a person.
    pub fn portrait(slug: &str, version: domain::Timestamp) -> Self {
        let sets = sets(|side, kind| paths::portrait_size(slug, version, side, kind));
        Self { plain: paths::portrait_size(slug, version, 640, "jpg"), sets: Some(sets) }
    }
}

impl From<&AudiobookSummary> for Art {
    fn from(book: &AudiobookSummary) -> Self {
        Self::cover(&book.slug, book.cover)
    }
}

/// A picture of which the address is all that is known.
impl From<String> for Art {
    fn from(plain: String) -> Self {
        Self { plain, sets: None }
    }
}

fn sets(address: impl Fn(u32, &str) -> String) -> (String, String) {
    let set = |kind: &str| SIDES.map(|side| format!("{} {side}w", address(side, kind))).join(", ");
    (set("webp"), set("jpg"))
}

/// A picture in a square of its own, so that nothing moves when it arrives. It is shown whole.
#[component]
pub fn Picture(
    #[prop(into)] art: Art,
    /// What it shows; empty where it repeats what stands beside it.
    #[prop(into)]
    alt: String,
    class: &'static str,
    /// How wide it is on the page, as `sizes` says it.
    sizes: &'static str,
    /// Worth loading at once: it is in sight when the page opens.
    first: bool,
    /// Worth loading before all others: the page is about it.
    main: bool,
) -> impl IntoView {
    let Art { plain, sets } = art;
    let (webp, jpeg) = sets.unzip();
    view! {
        <picture class="contents">
            {webp.map(|webp| view! { <source type="image/webp" srcset=webp sizes=sizes /> })}
            <img
                class=class
                src=plain
                srcset=jpeg.clone()
                sizes=jpeg.map(|_| sizes)
                alt=alt
                width="640"
                height="640"
                decoding="async"
                loading=if first { "eager" } else { "lazy" }
                fetchpriority=main.then_some("high")
            />
        </picture>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_picture_comes_in_every_size_and_a_drawing_in_one() {
        let picture = Art::cover("salt", Version { uploaded: true, version: Timestamp(7) });
        let (webp, jpeg) = picture.sets.unwrap();
        assert_eq!(
            webp,
            "/covers/salt/320.webp?v=7 320w, /covers/salt/640.webp?v=7 640w, /covers/salt/1280.webp?v=7 1280w"
        );
        assert!(jpeg.ends_with("/covers/salt/1280.jpg?v=7 1280w"));
        assert_eq!(Art::cover("salt", Version { uploaded: false, version: Timestamp(7) }).sets, None);
    }
}
