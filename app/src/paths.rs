//! The addresses of pages and files, each written once.

use domain::catalog::suggest::{Suggestion, SuggestionKind};
use domain::catalog::{AudiobookSummary, Cover};
use std::fmt::Display;

/// The page of a title in the shop.
pub fn book(slug: impl Display) -> String {
    format!("/books/{slug}")
}

/// The page where its owner hears it.
pub fn library_book(slug: impl Display) -> String {
    format!("/library/{slug}")
}

pub fn series(slug: impl Display) -> String {
    format!("/series/{slug}")
}

/// An author or narrator.
pub fn contributor(slug: impl Display) -> String {
    format!("/people/{slug}")
}

pub fn category(slug: impl Display) -> String {
    format!("/browse?category={slug}")
}

/// The page of something that was suggested.
pub fn suggestion(suggestion: &Suggestion) -> String {
    match suggestion.kind {
        SuggestionKind::Title => book(&suggestion.slug),
        SuggestionKind::Author | SuggestionKind::Narrator => contributor(&suggestion.slug),
        SuggestionKind::Series => series(&suggestion.slug),
        SuggestionKind::Category => category(&suggestion.slug),
    }
}

/// A receipt.
pub fn order(number: impl Display) -> String {
    format!("/orders/{number}")
}

/// The cover of a title, drawn or uploaded. The address changes with the title, so that a browser may keep what it has for
/// ever.
pub fn cover(slug: impl Display, cover: Cover) -> String {
    let version = cover.version.0;
    if cover.uploaded { format!("/covers/{slug}?v={version}") } else { drawn_cover(slug, version) }
}

/// The cover of a title in a list.
pub fn cover_of(title: &AudiobookSummary) -> String {
    cover(&title.slug, title.cover)
}

/// The cover that is drawn from title and authors.
pub fn drawn_cover(slug: impl Display, version: impl Display) -> String {
    format!("/covers/{slug}.svg?v={version}")
}

/// The cover as a picture that every program shows, for links that are shared and for catalogues.
pub fn shared_cover(title: &AudiobookSummary) -> String {
    format!("/covers/{}.png?v={}", title.slug, title.cover.version.0)
}

/// The feed of what is new in the shop.
pub fn new_titles_feed() -> String {
    "/feeds/new.atom".to_owned()
}

/// The feed of what is new in a category.
pub fn category_feed(slug: impl Display) -> String {
    format!("/feeds/categories/{slug}.atom")
}

/// The feed of what is new by an author or narrator.
pub fn contributor_feed(slug: impl Display) -> String {
    format!("/feeds/people/{slug}.atom")
}

/// The audio of a sample.
pub fn sample(slug: impl Display, version: domain::Timestamp) -> String {
    format!("/samples/{slug}?v={}", version.0)
}

/// A part of a book, counted from 0, to stream.
pub fn part(id: impl Display, position: i32) -> String {
    format!("/listen/{id}/parts/{position}")
}

/// A part of a book, counted from 0, to take away under its own name.
pub fn part_download(id: impl Display, position: i32) -> String {
    format!("/download/{id}/parts/{position}")
}

/// The transcript of a book to take away; `format` is `txt`, `vtt` or `srt`.
pub fn transcript(id: impl Display, format: &str) -> String {
    format!("/download/{id}/transcript.{format}")
}

/// A title in the back office.
pub fn admin_title(id: impl Display) -> String {
    format!("/admin/titles/{id}")
}

/// A category in the back office.
pub fn admin_category(id: impl Display) -> String {
    format!("/admin/categories/{id}")
}

/// An author or narrator in the back office.
pub fn admin_contributor(id: impl Display) -> String {
    format!("/admin/contributors/{id}")
}

/// A series in the back office.
pub fn admin_series(id: impl Display) -> String {
    format!("/admin/series/{id}")
}

/// The text of a title in the back office; `show` is the name of a [`Shown`](domain::transcript::Shown).
pub fn admin_text(id: impl Display, show: &str, page: u32) -> String {
    format!("/admin/titles/{id}/text?show={show}&page={page}")
}

/// An account in the back office.
pub fn admin_user(id: impl Display) -> String {
    format!("/admin/users/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_cover_has_another_address_when_it_was_uploaded_and_after_each_change() {
        let drawn = Cover { uploaded: false, version: Timestamp(7) };
        assert_eq!(cover("salt", drawn), "/covers/salt.svg?v=7");
        assert_eq!(cover("salt", Cover { uploaded: true, version: Timestamp(8) }), "/covers/salt?v=8");
    }

    #[test]
    fn what_is_heard_and_taken_away_lies_under_the_title() {
        assert_eq!(sample("salt", Timestamp(7)), "/samples/salt?v=7");
        assert_eq!(part(3, 1), "/listen/3/parts/1");
        assert_eq!(part_download(3, 1), "/download/3/parts/1");
        assert_eq!(transcript(3, "vtt"), "/download/3/transcript.vtt");
    }
}
