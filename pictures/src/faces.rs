//! The faces that text is set in: our own for Latin, and those of the machine for what ours have no letters for.

use std::fs;
use std::path::{Path, PathBuf};

/// Literata, upright, for text.
pub const REGULAR: &[u8] = include_bytes!("../fonts/literata-regular.ttf");
/// Literata, upright, for headings.
pub const BOLD: &[u8] = include_bytes!("../fonts/literata-bold.ttf");

/// Where a machine keeps its fonts.
const FOLDERS: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts"];
/// Folders within folders are followed so deep.
const DEPTH: usize = 4;
/// Faces that nothing is set in.
const PASSED_OVER: [&str; 6] = ["italic", "oblique", "mono", "condensed", "emoji", "symbol"];

/// The machine's font files, in the order of their paths: the same from one start to the next.
pub fn of_the_machine() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(Path::new(folder), DEPTH, &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            collect(&path, depth - 1, found);
        } else if is_face(&path) {
            found.push(path);
        }
    }
}

fn is_face(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_ascii_lowercase();
    let known = [".ttf", ".otf", ".ttc"].iter().any(|ending| name.ends_with(ending));
    known && !PASSED_OVER.iter().any(|kind| name.contains(kind))
}
