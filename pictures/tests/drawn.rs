//! Drawings made into pixels.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

use pictures::{Refusal, rasterise};

const SERIF: &str = "Literata, Georgia, 'DejaVu Serif', serif";

fn svg(text: &str, weight: u32) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" width="640" height="640"><rect width="640" height="640" fill="#ffffff"/><text x="40" y="340" font-family="{SERIF}" font-size="90" font-weight="{weight}" fill="#000000">{text}</text></svg>"##
    )
}

/// Dark pixels.
fn ink(png: &[u8]) -> usize {
    image::load_from_memory(png).unwrap().into_luma8().pixels().filter(|pixel| pixel.0[0] < 128).count()
}

#[test]
fn the_words_of_a_drawing_are_there_in_pixels() {
    let png = rasterise(&svg("The Bell", 700), 640).unwrap();
    let picture = image::load_from_memory(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (640, 640));
    let words = ink(&png);
    assert!(words > 4_000, "{words} pixels of ink");
    assert_eq!(ink(&rasterise(&svg("", 700), 640).unwrap()), 0);
    let light = ink(&rasterise(&svg("The Bell", 400), 640).unwrap());
    assert!(light < words, "bold has more ink: {words}, regular {light}");
}

#[test]
fn letters_with_accents_are_letters_and_no_boxes() {
    // A letter that a font lacks is one box for all: then both would look the same.
    assert_ne!(rasterise(&svg("ŁÓDŹ", 700), 320).unwrap(), rasterise(&svg("ŐŰĞŞ", 700), 320).unwrap());
    assert!(ink(&rasterise(&svg("Größe", 700), 640).unwrap()) > 3_000);
}

#[test]
fn a_drawing_has_the_size_that_was_asked_for_and_no_more_than_there_is_room_for() {
    let png = rasterise(&svg("A", 400), 1200).unwrap();
    assert_eq!(image::load_from_memory(&png).unwrap().width(), 1200);
    assert_eq!(rasterise(&svg("A", 400), 20_000), Err(Refusal::TooManyPixels));
    assert_eq!(rasterise("no drawing", 100), Err(Refusal::Damaged));
}

#[test]
fn a_drawing_reaches_for_nothing_outside_itself() {
    let reaching = r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100" width="100" height="100"><image width="100" height="100" xlink:href="file:///etc/passwd"/><image width="100" height="100" href="../tests/cmyk.jpg"/></svg>"##;
    assert_eq!(ink(&rasterise(reaching, 100).unwrap()), 0);
}
