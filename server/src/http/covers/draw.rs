//! Draws a cover from title and authors: always the same for the same title, and legible at 160 pixels.

use super::art::{Area, Art, COMPOSITIONS, Dice, PALETTES, Palette, SIDE};
use super::text::{Block, LEADING, fit};
use crate::markup::escape;
use std::fmt::Write;

/// Sizes of a title, in units of the drawing: at 160 pixels the smallest is still 12 pixels high.
const TITLE_SIZES: [f64; 7] = [92.0, 82.0, 72.0, 64.0, 56.0, 50.0, 46.0];
/// Sizes of the authors' names.
const AUTHOR_SIZES: [f64; 2] = [38.0, 33.0];
/// Between title and names.
const GAP: f64 = 22.0;
/// Readers' browsers bring one of these; an image cannot use the page's own fonts.
const SERIF: &str = "Literata, Georgia, 'Iowan Old Style', Palatino, 'Liberation Serif', 'DejaVu Serif', serif";

/// The cover as SVG. It repeats what stands beside it on a page, so it has no text alternative of its own.
pub fn cover(slug: &str, title: &str, authors: &[String]) -> String {
    let seed = hash(slug);
    let mut dice = Dice::new(seed);
    let palette = &PALETTES[pick(seed, PALETTES.len())];
    let Art { svg: art, area } = COMPOSITIONS[pick(seed >> 20, COMPOSITIONS.len())](palette, &mut dice);
    let mut svg = String::new();
    let head = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}"><rect width="{SIDE}" height="{SIDE}" fill="{}"/>"#,
        palette.ground
    );
    svg.push_str(&head);
    svg.push_str(&art);
    words(&mut svg, palette, &area, title, &by(authors));
    svg.push_str("</svg>");
    svg
}

fn pick(seed: u64, among: usize) -> usize {
    usize::try_from(seed % among.max(1) as u64).unwrap_or_default()
}

/// `Ann`, `Ann and Ben`, or `Ann and others`.
fn by(authors: &[String]) -> String {
    match authors {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [one, ..] => format!("{one} and others"),
    }
}

fn words(svg: &mut String, palette: &Palette, area: &Area, title: &str, names: &str) {
    let names = fit(names, area.width, 2.0 * AUTHOR_SIZES[0] * LEADING, &AUTHOR_SIZES);
    let gap = if names.lines.is_empty() { 0.0 } else { GAP };
    let title = fit(title, area.width, area.height - gap - names.height(), &TITLE_SIZES);
    let top = area.y + (area.height - title.height() - gap - names.height()) * area.down;
    let below = top + title.height() + gap;
    block(svg, palette.ink, area, &title, top, 700);
    block(svg, palette.ink, area, &names, below, 400);
}

fn block(svg: &mut String, ink: &str, area: &Area, block: &Block, top: f64, weight: u32) {
    let (x, anchor) = if area.centred { (area.x + area.width / 2.0, "middle") } else { (area.x, "start") };
    for (number, line) in block.lines.iter().enumerate() {
        // The baseline lies about four fifths of the em below the top of a line.
        let y = top + block.size * (LEADING * number as f64 + 0.86);
        // XML forbids control characters.
        let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
        let line = escape(&line);
        let size = block.size;
        // Writing to a string cannot fail.
        write!(
            svg,
            r#"<text x="{x}" y="{y:.1}" font-family="{SERIF}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{ink}">{line}</text>"#
        )
        .unwrap_or_default();
    }
}

/// FNV-1a, 64 bits, with a finishing mix (from MurmurHash3) so that short slugs differ in all bits.
fn hash(text: &str) -> u64 {
    let mut hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_title_always_gets_the_same_cover() {
        let authors = ["Nora Fenwick".to_owned()];
        assert_eq!(cover("a-bell", "A Bell", &authors), cover("a-bell", "A Bell", &authors));
        assert_ne!(cover("a-bell", "A Bell", &authors), cover("another-bell", "A Bell", &authors));
    }

    #[test]
    fn covers_of_a_full_shelf_are_not_all_alike() {
        let (mut grounds, mut shapes) = (HashSet::new(), HashSet::new());
        for number in 0..40 {
            let seed = hash(&format!("title-{number}"));
            grounds.insert(pick(seed, PALETTES.len()));
            shapes.insert(pick(seed >> 20, COMPOSITIONS.len()));
        }
        assert_eq!(shapes.len(), COMPOSITIONS.len());
        assert!(grounds.len() >= 8, "only {} palettes in 40 covers", grounds.len());
    }

    #[test]
    fn a_title_cannot_bring_markup_into_its_cover() {
        let svg = cover("x", "<script>\"&\u{0}'</script>", &["A & B".to_owned()]);
        assert!(!svg.contains("<script"));
        assert!(svg.contains("A &amp; B"));
        assert!(!svg.contains('\u{0}'));
    }

    #[test]
    fn as_pixels_a_cover_has_its_words_where_they_belong() {
        let picture = |title: &str| {
            let png = pictures::rasterise(&cover("a-bell", title, &[]), 640).unwrap();
            pictures::open(&png).unwrap().rgb().to_vec()
        };
        let (with, without) = (picture("The Bell at North Rock"), picture(""));
        let mut dice = Dice::new(hash("a-bell"));
        let palette = &PALETTES[pick(hash("a-bell"), PALETTES.len())];
        let area = COMPOSITIONS[pick(hash("a-bell") >> 20, COMPOSITIONS.len())](palette, &mut dice).area;
        let scale = 640.0 / SIDE;
        let (mut inside, mut outside) = (0, 0);
        for (place, (one, other)) in with.chunks(3).zip(without.chunks(3)).enumerate() {
            let (x, y) = ((place % 640) as f64 / scale, (place / 640) as f64 / scale);
            let within = (area.x - 4.0..area.x + area.width + 4.0).contains(&x)
                && (area.y - 4.0..area.y + area.height + 4.0).contains(&y);
            match (one != other, within) {
                (true, true) => inside += 1,
                (true, false) => outside += 1,
                _ => {}
            }
        }
        assert!(inside > 3_000 && outside == 0, "{inside} pixels of ink in the place for words, {outside} beside it");
    }

    #[test]
    fn words_are_easy_to_read_on_every_ground() {
        for Palette { ground, ink, .. } in &PALETTES {
            let contrast = contrast(ground, ink);
            assert!(contrast >= 7.0, "{ink} on {ground} has a contrast of {contrast:.1}");
        }
    }

    #[test]
    fn the_words_stay_in_their_place_on_every_composition() {
        let long =
            "The Extraordinarily Long and Winding Account of the Captain Who Sailed Without a Map, a Compass or a Crew";
        for compose in COMPOSITIONS {
            let area = compose(&PALETTES[0], &mut Dice::new(7)).area;
            let names = fit("Marguerite Vance and others", area.width, 90.0, &AUTHOR_SIZES);
            let title = fit(long, area.width, area.height - GAP - names.height(), &TITLE_SIZES);
            assert!(title.height() + GAP + names.height() <= area.height + 0.5);
            assert!(area.x + area.width <= SIDE && area.y + area.height <= SIDE);
        }
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: &str) -> f64 {
        [(1, 0.2126), (3, 0.7152), (5, 0.0722)]
            .into_iter()
            .map(|(at, weight)| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                weight * if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            })
            .sum()
    }
}
