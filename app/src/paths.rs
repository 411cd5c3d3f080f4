//! The addresses of pages and files, each written once.

mod admin;

pub use admin::*;

use domain::catalog::covers::PictureOf;
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

/// The same, to hear it from a place in it, in milliseconds.
pub fn library_book_at(slug: impl Display, at_ms: i64) -> String {
    format!("/library/{slug}?at={at_ms}")
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

/// What is worth a look in a category.
pub fn discover(slug: impl Display) -> String {
    format!("/discover?category={slug}")
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

/// Where a title is bought for somebody else.
pub fn give(slug: impl Display) -> String {
    format!("/books/{slug}/gift")
}

/// Where a gift is accepted.
pub fn gift(code: impl Display) -> String {
    format!("/gift/{code}")
}

/// A receipt.
pub fn order(number: impl Display) -> String {
    format!("/orders/{number}")
}

/// The invoice of an order, or the form that asks for one.
pub fn invoice(number: impl Display) -> String {
    format!("/orders/{number}/invoice")
}

/// The same as a document.
pub fn invoice_document(number: impl Display) -> String {
    format!("/orders/{number}/invoice.pdf")
}

/// The receipt of an order as a document.
pub fn receipt_document(number: impl Display) -> String {
    format!("/orders/{number}/receipt.pdf")
}

/// The cover of a title, drawn or of a picture, in the usual size. The address changes with the title, so that a browser may
/// keep what it has for ever.
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

/// The cover as a picture that every program shows, for links that are shared and for catalogues: JPEG where there is a picture,
/// else PNG; 1200 pixels or the largest there is.
pub fn shared_cover(title: &AudiobookSummary) -> String {
    let (slug, cover) = (&title.slug, title.cover);
    if cover.uploaded {
        cover_size(slug, cover.version, 1280, "jpg")
    } else {
        format!("/covers/{slug}.png?v={}", cover.version.0)
    }
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

/// A cover at a size, where there is a picture: `side` is one of the domain's, `kind` is `webp` or `jpg`. Of a drawn one there
/// is `png` with 256 and 512 pixels.
pub fn cover_size(slug: impl Display, version: domain::Timestamp, side: u32, kind: &str) -> String {
    format!("/covers/{slug}/{side}.{kind}?v={}", version.0)
}

/// A cover for a lock screen, which shows neither drawings nor WebP everywhere: address, sides and media type of each size.
pub fn artwork(title: &AudiobookSummary) -> Vec<(String, &'static str, &'static str)> {
    let at = |side, kind| cover_size(&title.slug, title.cover.version, side, kind);
    if title.cover.uploaded {
        vec![(at(320, "jpg"), "320x320", "image/jpeg"), (at(640, "jpg"), "640x640", "image/jpeg")]
    } else {
        vec![(at(256, "png"), "256x256", "image/png"), (at(512, "png"), "512x512", "image/png")]
    }
}

/// The portrait of an author or narrator at a size.
pub fn portrait_size(slug: impl Display, version: domain::Timestamp, side: u32, kind: &str) -> String {
    format!("/portraits/{slug}/{side}.{kind}?v={}", version.0)
}

/// Where a plain form sends a cover or portrait.
pub fn upload_picture(of: PictureOf) -> String {
    format!("/admin/pictures/{of}")
}

/// The audio of a sample.
pub fn sample(slug: impl Display, version: domain::Timestamp) -> String {
    format!("/samples/{slug}?v={}", version.0)
}

/// A part of a book, counted from 0, to stream.
pub fn part(id: impl Display, position: i32) -> String {
    format!("/listen/{id}/parts/{position}")
}

/// A part as it was uploaded, for a player that does not play the copy.
pub fn part_original(id: impl Display, position: i32) -> String {
    part(id, position) + "?original"
}

/// A part of a book, counted from 0, to take away under its own name.
pub fn part_download(id: impl Display, position: i32) -> String {
    format!("/download/{id}/parts/{position}")
}

/// The transcript of a book to take away; `format` is `txt`, `vtt` or `srt`.
pub fn transcript(id: impl Display, format: &str) -> String {
    format!("/download/{id}/transcript.{format}")
}

/// A title as a shopper sees its page, and with `card` as it stands in a list.
pub fn preview(slug: impl Display, card: bool) -> String {
    if card { format!("/books/{slug}?preview=card") } else { format!("/books/{slug}?preview=page") }
}

/// Where the buyer of an order goes on paying.
pub fn order_payment(number: impl Display) -> String {
    format!("/orders/{number}/pay")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_cover_has_another_address_when_it_was_uploaded_and_after_each_change() {
        let drawn = Cover { uploaded: false, version: Timestamp(7) };
        assert_eq!(cover("salt", drawn), "/covers/salt.svg?v=7");
        let uploaded = Cover { uploaded: true, version: Timestamp(8) };
        assert_eq!(cover("salt", uploaded), "/covers/salt?v=8");
        assert_eq!(cover_size("salt", Timestamp(8), 320, "webp"), "/covers/salt/320.webp?v=8");
    }

    #[test]
    fn what_is_heard_and_taken_away_lies_under_the_title() {
        assert_eq!(sample("salt", Timestamp(7)), "/samples/salt?v=7");
        assert_eq!(part(3, 1), "/listen/3/parts/1");
        assert_eq!(part_download(3, 1), "/download/3/parts/1");
        assert_eq!(transcript(3, "vtt"), "/download/3/transcript.vtt");
    }
}
