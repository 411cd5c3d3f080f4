//! What lies beside a recording in its folder: a cover, a cue sheet, what a library program wrote. It is uploaded like the
//! audio, is no part of the book, and fills in what nobody has written yet.

#[cfg(feature = "ssr")]
mod keep;

#[cfg(feature = "ssr")]
pub use keep::{arrived, arrived_with_cover, of};

#[cfg(feature = "ssr")]
use super::recorded::FileTags;
use serde::{Deserialize, Serialize};

/// The most bytes of a text beside a recording.
pub const MOST_TEXT: u64 = 2 << 20;

/// What a file beside a recording is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SidecarKind {
    Cover,
    Cue,
    /// `metadata.json`, as Audiobookshelf writes it.
    Metadata,
    /// As Calibre writes it.
    Opf,
}

impl SidecarKind {
    /// By the name of a file, with or without folders before it, in any letter case; none for everything else.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
        if name == "metadata.json" {
            return Some(Self::Metadata);
        }
        let (stem, ending) = name.rsplit_once('.')?;
        match ending {
            "cue" => Some(Self::Cue),
            "opf" => Some(Self::Opf),
            "jpg" | "jpeg" | "png" | "webp" => cover_rank(stem).map(|_| Self::Cover),
            _ => None,
        }
    }
}

/// Which of several covers of a folder is taken: the lowest.
fn cover_rank(stem: &str) -> Option<usize> {
    ["cover", "front", "folder"].iter().position(|name| *name == stem)
}

/// How well a path suits as the cover of a book: the best name first, and of equal ones the one that lies highest. None when
/// it is no cover.
pub fn cover_order(path: &str) -> Option<(usize, usize)> {
    if SidecarKind::of(path) != Some(SidecarKind::Cover) {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let rank = name.rsplit_once('.').and_then(|(stem, _)| cover_rank(stem))?;
    Some((rank, path.matches('/').count()))
}

/// A file that systems and programs leave in folders, and nobody means to upload.
pub fn is_litter(path: &str) -> bool {
    const ENDINGS: [&str; 20] = [
        "nfo", "txt", "m3u", "m3u8", "pls", "sfv", "md5", "log", "url", "lnk", "ini", "db", "htm", "html", "pdf",
        "zip", "par2", "srt", "vtt", "lrc",
    ];
    const PICTURES: [&str; 8] = ["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"];
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    if SidecarKind::of(&name).is_some() {
        return false;
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.starts_with('.') || ENDINGS.contains(&ending) || PICTURES.contains(&ending)
}

/// A heading beside a recording: where it stands in its file or in the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    pub title: Option<String>,
    pub start_ms: i64,
}

/// The headings of one file, as a cue sheet has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadingsOf {
    /// The name of the file, as the sheet spells it.
    pub file: String,
    pub headings: Vec<Heading>,
}

/// What a text beside a recording says.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    pub tags: FileTags,
    /// Chapters of the whole book.
    pub chapters: Vec<Heading>,
    pub files: Vec<HeadingsOf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_cue_sheets_and_what_library_programs_write_are_known_by_their_names() {
        for (path, kind) in [
            ("Moby Dick/Cover.JPG", SidecarKind::Cover),
            ("folder.jpg", SidecarKind::Cover),
            ("front.webp", SidecarKind::Cover),
            ("Moby Dick/moby.CUE", SidecarKind::Cue),
            ("metadata.json", SidecarKind::Metadata),
            ("metadata.opf", SidecarKind::Opf),
        ] {
            assert_eq!(SidecarKind::of(path), Some(kind), "{path}");
            assert!(!is_litter(path), "{path}");
        }
        for path in ["01.mp3", "package.json", "cover.txt", "back.jpg", "discover.jpg", "cover", "cover.svg"] {
            assert_eq!(SidecarKind::of(path), None, "{path}");
        }
    }

    #[test]
    fn what_lies_about_in_folders_is_known_and_audio_never_is() {
        for litter in
            ["a/readme.nfo", "list.m3u", "a.sfv", "Thumbs.db", ".DS_Store", "desktop.ini", "back.jpg", "x.TXT"]
        {
            assert!(is_litter(litter), "{litter}");
        }
        for audio in ["01.mp3", "book.m4b", "part", "a.flac", "no. 1 of db.ogg"] {
            assert!(!is_litter(audio), "{audio}");
        }
    }

    #[test]
    fn of_several_covers_the_one_that_is_called_so_and_lies_highest_is_taken() {
        let mut found =
            ["b/Disc 1/cover.jpg", "b/folder.jpg", "b/cover.png", "b/01.mp3"].map(|path| (cover_order(path), path));
        found.sort_by_key(|(order, _)| order.unwrap_or((usize::MAX, 0)));
        assert_eq!(found[0].1, "b/cover.png");
        assert_eq!(cover_order("b/01.mp3"), None);
    }
}
