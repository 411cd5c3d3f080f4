//! The fonts that drawings are set in: our own for Latin, the machine's for what ours have no letters for.

use crate::faces::{BOLD, REGULAR, of_the_machine};
use resvg::usvg::fontdb::Database;
use std::fs;
use std::sync::{Arc, LazyLock};

/// The family that is part of the program.
pub const FAMILY: &str = "Literata";

/// What is read of them in all, in bytes: they stay in memory from the first title on that needs them.
const MOST_BYTES: u64 = 96 << 20;

static OURS: LazyLock<Arc<Database>> = LazyLock::new(|| Arc::new(ours()));
static WITH_THE_MACHINES: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = ours();
    let mut left = MOST_BYTES;
    for path in of_the_machine() {
        let size = fs::metadata(&path).map_or(0, |file| file.len());
        if size <= left
            && let Ok(bytes) = fs::read(&path)
        {
            left -= size;
            fonts.load_font_data(bytes);
        }
    }
    Arc::new(fonts)
});

/// The fonts for a text. Whatever the machine has, a text that ours have all letters for looks the same.
pub fn for_text(text: &str) -> Arc<Database> {
    if text.chars().all(is_ours) { OURS.clone() } else { WITH_THE_MACHINES.clone() }
}

/// Latin with its extensions, and the signs between words.
fn is_ours(letter: char) -> bool {
    matches!(letter, '\0'..='\u{24f}' | '\u{2010}'..='\u{2026}' | '€' | '™')
}

fn ours() -> Database {
    let mut fonts = Database::new();
    for face in [REGULAR, BOLD] {
        fonts.load_font_data(face.to_vec());
    }
    fonts.set_serif_family(FAMILY);
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_in_latin_letters_needs_no_font_of_the_machine() {
        assert!("Żółty Ångström – “Größe”, çà et là… €".chars().all(is_ours));
        assert!(!"Война и мир".chars().all(is_ours));
        assert!(!"四分".chars().all(is_ours));
    }

    #[test]
    fn both_weights_are_part_of_the_program() {
        let weights: Vec<u16> = ours().faces().map(|face| face.weight.0).collect();
        assert_eq!(weights, [400, 700]);
        assert!(ours().faces().all(|face| face.families.iter().any(|(name, _)| name == FAMILY)));
    }
}
