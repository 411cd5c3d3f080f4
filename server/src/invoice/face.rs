//! The faces that an invoice is set in: our own, and for what they have no letters for whatever faces the machine has. A
//! letter that none of them has is shown as an empty box.

use pictures::faces;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, LazyLock};

/// What is read of the machine's faces in all, in bytes: they stay in memory from the first invoice on that needs them.
const MOST_BYTES: usize = 64 << 20;
/// The first glyph of every face: the box that stands for what is missing.
const BOX: u16 = 0;

static OURS: LazyLock<[Option<Face>; 2]> =
    LazyLock::new(|| [faces::REGULAR, faces::BOLD].map(|bytes| Face::read(bytes.to_vec())));
static OF_THE_MACHINE: LazyLock<Vec<Face>> = LazyLock::new(|| {
    let mut left = MOST_BYTES;
    let mut found = Vec::new();
    for path in faces::of_the_machine() {
        let Ok(bytes) = fs::read(&path) else { continue };
        if bytes.len() <= left {
            left -= bytes.len();
            found.extend(Face::read(bytes));
        }
    }
    found
});

/// How high the letters of a face are, in thousandths of the size.
#[derive(Clone, Copy, Debug)]
pub struct Heights {
    pub ascent: f32,
    pub descent: f32,
    pub capital: f32,
}

/// A face of outlines as TrueType has them.
#[derive(Clone)]
pub struct Face(Arc<Inner>);

struct Inner {
    bytes: Vec<u8>,
    /// The glyph of each letter that it has.
    letters: HashMap<char, u16>,
    /// How wide each glyph is, in parts of the size.
    wide: Vec<f32>,
    heights: Heights,
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Face {
    /// `None` for what is no such face.
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let font = FontRef::from_index(&bytes, 0).ok()?;
        font.glyf().ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let unit = f32::from(metrics.units_per_em);
        let part = |height: f32| height * 1000.0 / unit;
        let capital = part(metrics.cap_height.unwrap_or(metrics.ascent));
        let heights = Heights { ascent: part(metrics.ascent), descent: part(metrics.descent), capital };
        let widths = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let wide = (0..metrics.glyph_count).map(|glyph| widths.advance_width(glyph.into()).unwrap_or_default() / unit);
        let wide = wide.collect();
        let letter = |(code, glyph): (u32, skrifa::GlyphId)| {
            let glyph = u16::try_from(glyph.to_u32()).ok().filter(|glyph| *glyph != BOX)?;
            Some((char::from_u32(code)?, glyph))
        };
        let letters = font.charmap().mappings().filter_map(letter).collect();
        Some(Self(Arc::new(Inner { letters, wide, heights, bytes })))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// What it has for a letter.
    fn glyph(&self, letter: char) -> Option<u16> {
        self.0.letters.get(&letter).copied()
    }

    /// How wide a glyph is, in parts of the size.
    pub fn wide(&self, glyph: u16) -> f32 {
        self.0.wide.get(usize::from(glyph)).copied().unwrap_or_default()
    }

    pub fn heights(&self) -> Heights {
        self.0.heights
    }
}

/// A letter, ready to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Letter {
    pub glyph: u16,
    pub means: char,
    /// In parts of the size.
    pub wide: f32,
}

/// Letters in one face.
pub struct Run {
    pub face: Face,
    pub letters: Vec<Letter>,
}

impl Run {
    /// In parts of the size.
    pub fn wide(&self) -> f32 {
        self.letters.iter().map(|letter| letter.wide).sum()
    }
}

/// A text in runs of one face each.
pub fn runs(text: &str, bold: bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let Some(ours) = OURS[usize::from(bold)].as_ref().or(OURS[0].as_ref()) else { return runs };
    for means in text.chars() {
        let means = if means.is_control() { ' ' } else { means };
        let elsewhere = || OF_THE_MACHINE.iter().find_map(|face| Some((face, face.glyph(means)?)));
        let found = ours.glyph(means).map(|glyph| (ours, glyph)).or_else(elsewhere);
        let (face, glyph) = found.unwrap_or((ours, BOX));
        let letter = Letter { glyph, means, wide: face.wide(glyph) };
        match runs.last_mut().filter(|run| run.face == *face) {
            Some(run) => run.letters.push(letter),
            None => runs.push(Run { face: face.clone(), letters: vec![letter] }),
        }
    }
    runs
}

/// How wide a text is, in parts of the size.
pub fn wide(text: &str, bold: bool) -> f32 {
    runs(text, bold).iter().map(Run::wide).sum()
}

/// A text in lines that are at most so wide, in parts of the size: broken between words, and within one that is wider.
pub fn lines(text: &str, bold: bool, most: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if wide(&longer, bold) <= most {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if wide(&line, bold) > most && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_broken_between_words_and_a_longer_word_within() {
        let title = "The bell that rang over the harbour for seven grey winters";
        let broken = lines(title, false, 12.0);
        assert!(broken.len() > 1 && broken.iter().all(|line| wide(line, false) <= 12.0), "{broken:?}");
        assert_eq!(broken.join(" "), title, "no letter is lost");
        let word = "x".repeat(100);
        let broken = lines(&word, false, 12.0);
        assert!(broken.len() > 2 && broken.concat() == word, "{broken:?}");
        assert_eq!(lines("Quay 1\nHarbour", false, 30.0), ["Quay 1", "Harbour"]);
    }

    #[test]
    fn letters_of_latin_are_set_in_our_own_face() {
        let runs = runs("Zażółć gęślą jaźń, 12.90 – Straße", false);
        assert_eq!(runs.len(), 1);
        assert!(runs[0].letters.iter().all(|letter| letter.glyph != BOX));
    }

    #[test]
    fn a_letter_that_no_face_has_is_a_box_and_the_rest_stays() {
        let runs = runs("a\u{10fffd}b", false);
        let text: String = runs.iter().flat_map(|run| &run.letters).map(|letter| letter.means).collect();
        assert_eq!(text, "a\u{10fffd}b");
    }
}
