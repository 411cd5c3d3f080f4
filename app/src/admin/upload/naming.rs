//! What a file's name and path tell.

use domain::production::sidecars::{SidecarKind, cover_order, is_litter};

/// A title to begin with: the folder's name, or the file's without its ending and number.
pub fn title(path: &str) -> String {
    let path = path.trim_matches('/');
    let name = match path.split_once('/') {
        Some((folder, _)) => folder,
        None => path.rsplit_once('.').map_or(path, |(stem, _)| stem),
    };
    let spaced = name.replace(['_', '\t'], " ");
    let text = spaced.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '–' | ')'));
    let text = if text.is_empty() { spaced.trim() } else { text.trim() };
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).take(200).collect(),
        None => "New title".to_owned(),
    }
}

/// What a file is known by when it is chosen again: a browser tells no more of it. Part of an upload's metadata.
pub fn fingerprint(path: &str, size: f64, last_modified: f64) -> String {
    // The path may be long; its end tells more than its beginning.
    let end: Vec<char> = path.chars().rev().take(120).collect();
    let end: String = end.into_iter().rev().collect();
    format!("{size:.0}-{last_modified:.0}-{end}")
}

/// Files that systems and programs leave in folders and nobody means to upload, and those that browsers know to be something
/// else. What tells of the recording beside it is not left out.
pub fn left_out(name: &str, media_type: &str) -> bool {
    let known_otherwise = ["image/", "text/", "application/pdf", "application/zip"];
    SidecarKind::of(name).is_none()
        && (is_litter(name) || known_otherwise.iter().any(|kind| media_type.starts_with(kind)))
}

/// Of all that was dropped together, what is sent: one cover, the best, and nothing beside a recording when there is none
/// and no title that it could be for.
pub fn kept(paths: &[&str], for_a_title: bool) -> Vec<bool> {
    let cover = paths.iter().filter_map(|path| Some((cover_order(path)?, *path))).min().map(|(_, path)| path);
    let audio = paths.iter().any(|path| SidecarKind::of(path).is_none());
    let keeps = |path: &str| match SidecarKind::of(path) {
        None => true,
        Some(SidecarKind::Cover) => (audio || for_a_title) && Some(path) == cover,
        Some(_) => audio || for_a_title,
    };
    paths.iter().map(|path| keeps(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_in_the_name_of_the_file_or_folder() {
        for (path, expected) in [
            ("the_bell at_north rock.mp3", "The bell at north rock"),
            ("01 - The Clock.m4b", "The Clock"),
            ("Moby Dick/Disc 1/01.mp3", "Moby Dick"),
            ("/Moby Dick/01.mp3", "Moby Dick"),
            ("1984.mp3", "1984"),
            ("Vol. 2.flac", "Vol. 2"),
            (".mp3", "New title"),
        ] {
            assert_eq!(title(path), expected, "{path}");
        }
    }

    #[test]
    fn the_same_file_has_the_same_fingerprint_and_another_has_not() {
        let one = fingerprint("a/1.mp3", 10.0, 5.0);
        assert_eq!(one, fingerprint("a/1.mp3", 10.0, 5.0));
        assert_ne!(one, fingerprint("a/1.mp3", 10.0, 6.0));
        assert_ne!(one, fingerprint("a/2.mp3", 10.0, 5.0));
        assert!(fingerprint(&"x".repeat(900), 1.0, 1.0).len() < 200);
    }

    #[test]
    fn what_tells_of_a_recording_is_taken_along_and_what_lies_about_is_not() {
        for taken in ["cover.jpg", "Folder.JPG", "book.cue", "metadata.json", "metadata.opf", "part.m4b"] {
            assert!(!left_out(taken, ""), "{taken}");
        }
        assert!(!left_out("cover.jpg", "image/jpeg"));
        assert!(!left_out("part.mp3", "audio/mpeg"));
        for passed_over in [".DS_Store", "Thumbs.db", "readme.nfo", "list.m3u", "sums.sfv", "notes.txt", "back.jpg"] {
            assert!(left_out(passed_over, ""), "{passed_over}");
        }
    }

    #[test]
    fn one_cover_of_a_folder_is_sent_and_none_without_a_book() {
        let folder = ["b/01.mp3", "b/Disc 2/cover.jpg", "b/cover.png", "b/folder.jpg", "b/b.cue"];
        assert_eq!(kept(&folder, false), [true, false, true, false, true]);
        assert_eq!(kept(&["cover.jpg", "b.cue"], false), [false, false]);
        assert_eq!(kept(&["cover.jpg", "b.cue"], true), [true, true]);
    }
}
