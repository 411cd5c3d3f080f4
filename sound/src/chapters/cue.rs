//! Cue sheets: which track begins where in which file.

use crate::decode::Mark;

/// A frame of a compact disc: 75 a second.
const FRAMES_A_SECOND: i64 = 75;
const MOST_TRACKS: usize = 10_000;

/// The tracks of one file that a cue sheet names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueFile {
    /// As the sheet spells it.
    pub name: String,
    pub marks: Vec<Mark>,
}

/// A cue sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    pub title: Option<String>,
    pub performer: Option<String>,
    pub files: Vec<CueFile>,
}

/// Reads the text of a cue sheet. Lines that mean nothing are passed over.
pub fn parse(text: &str) -> Cue {
    let mut cue = Cue::default();
    let mut title: Option<String> = None;
    let mut in_track = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word.to_ascii_uppercase().as_str() {
            "TITLE" if in_track => title = unquoted(rest),
            "TITLE" => cue.title = cue.title.or_else(|| unquoted(rest)),
            "PERFORMER" if !in_track => cue.performer = cue.performer.or_else(|| unquoted(rest)),
            "FILE" => {
                // The kind of file stands behind the name.
                let name = if rest.starts_with('"') {
                    unquoted(rest)
                } else {
                    rest.rsplit_once(' ').map_or(unquoted(rest), |(name, _)| unquoted(name))
                };
                cue.files.push(CueFile { name: name.unwrap_or_default(), marks: Vec::new() });
            }
            "TRACK" => (in_track, title) = (true, None),
            "INDEX" => {
                if let Some(("01" | "1", at)) = rest.split_once(' ')
                    && let Some(start_ms) = time(at.trim())
                    && let Some(file) = cue.files.last_mut()
                    && file.marks.len() < MOST_TRACKS
                {
                    file.marks.push(Mark { title: title.take(), start_ms });
                }
            }
            _ => {}
        }
    }
    cue
}

/// What stands between quotation marks, or all of it.
fn unquoted(text: &str) -> Option<String> {
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.split('"').next().unwrap_or(rest),
        None => text,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Minutes, seconds and frames: `62:03:70`.
fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().ok().filter(|part| (0..1_000_000).contains(part)));
    let (minutes, seconds, frames) = (parts.next()??, parts.next()??, parts.next()??);
    Some((minutes * 60 + seconds) * 1000 + frames * 1000 / FRAMES_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_sheet_names_tracks_and_where_they_begin() {
        let cue = parse(
            "\u{feff}PERFORMER \"A. Reader\"\nTITLE \"The Light\"\nFILE \"the light.mp3\" MP3\n  TRACK 01 AUDIO\n    \
             TITLE \"Dawn\"\n    INDEX 00 00:00:00\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    TITLE \"Dusk\"\n    \
             INDEX 01 62:03:45\n",
        );
        assert_eq!(cue.title.as_deref(), Some("The Light"));
        assert_eq!(cue.files[0].name, "the light.mp3");
        assert_eq!(
            cue.files[0].marks,
            [
                Mark { title: Some("Dawn".into()), start_ms: 0 },
                Mark { title: Some("Dusk".into()), start_ms: 3_723_600 }
            ]
        );
    }

    #[test]
    fn a_sheet_of_nonsense_has_no_tracks() {
        let cue = parse("FILE x MP3\nTRACK\nINDEX 01 later\nINDEX 01 -1:00:00\nINDEX 01");
        assert_eq!(cue.files, [CueFile { name: "x".into(), marks: Vec::new() }]);
    }
}
