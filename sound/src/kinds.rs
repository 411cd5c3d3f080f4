//! What a file is that cannot be heard, so that its owner knows what to do.

use crate::source::Window;
use std::io;

/// The beginnings of files, and what people call them. Sound comes first.
const SOUND: [(usize, &[u8], &str); 17] = [
    (0, &[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "Windows Media audio"),
    (0, b".RMF", "RealAudio"),
    (0, b".ra\xFD", "RealAudio"),
    (0, b"#!AMR", "a recording of a telephone (AMR)"),
    (0, b"MAC ", "Monkey’s Audio"),
    (0, b"wvpk", "WavPack"),
    (0, b"MPCK", "Musepack"),
    (0, b"MP+", "Musepack"),
    (0, b"TTA1", "True Audio"),
    (0, b"DSD ", "DSD"),
    (0, b"FRM8", "DSD"),
    (0, b"caff", "Core Audio"),
    (0, b".snd", "a Sun audio file"),
    (0, &[0x0B, 0x77], "Dolby Digital"),
    (0, b"FLV", "a Flash video"),
    (0, b"OggS", "Ogg"),
    (8, b"AVI ", "an AVI video"),
];

const OTHER: [(usize, &[u8], &str); 12] = [
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive: unpack it and upload the files in it"),
    (0, b"Rar!", "a RAR archive: unpack it and upload the files in it"),
    (0, b"7z\xBC\xAF", "a 7z archive: unpack it and upload the files in it"),
    (0, &[0x1F, 0x8B], "a gzip archive: unpack it and upload what is in it"),
    (0, &[0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (0, &[0x89, b'P', b'N', b'G'], "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"MThd", "MIDI: notes without sound"),
    (0, b"#EXTM3U", "a playlist: upload the files that it names"),
    (0, b"<?xml", "a text"),
];

/// Audible's own containers: the key is with the buyer's account.
const PROTECTED: [(usize, &[u8]); 2] = [(4, b"ftypaax"), (4, &[0x57, 0x90, 0x75, 0x36])];

/// What a file seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seems {
    /// Sound, of a kind that has this name.
    Sound(&'static str),
    /// Something else.
    Other(&'static str),
    /// Sound that only its buyer's programs open.
    Protected,
    Unknown,
}

/// Looks at the beginning of what lies between a file's tags.
///
/// # Errors
/// When it cannot be read.
pub fn look(file: &Window) -> io::Result<Seems> {
    let head = file.peek(0, 32)?;
    let is = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    if PROTECTED.iter().any(|(at, magic)| is(*at, magic)) {
        return Ok(Seems::Protected);
    }
    let find = |list: &[(usize, &[u8], &'static str)]| {
        list.iter().find(|(at, magic, _)| is(*at, magic)).map(|(.., name)| *name)
    };
    if let Some(name) = find(&SOUND) {
        return Ok(Seems::Sound(name));
    }
    Ok(find(&OTHER).map_or(Seems::Unknown, Seems::Other))
}

/// The sentence about a file of a kind that cannot be heard here.
pub fn sentence(name: &str, seems: Seems, has_second: bool) -> String {
    const TAKEN: &str = "MP3, M4A, M4B, FLAC, Ogg, Opus, WAV, AIFF or MKA";
    match seems {
        Seems::Protected => format!(
            "“{name}” is protected against copying: only its buyer’s programs open it. Upload a recording that you may sell."
        ),
        Seems::Other(what) if what.contains(':') => format!("“{name}” is not audio but {what}."),
        Seems::Other(what) => format!("“{name}” is not audio but {what}. Upload the recording as {TAKEN}."),
        Seems::Sound(what) if has_second => {
            format!("“{name}” is {what}, and no decoder here could hear it. Convert it to {TAKEN}.")
        }
        Seems::Sound(what) => format!(
            "“{name}” is {what}, which this shop cannot decode by itself. Convert it to {TAKEN}, or install the program ffmpeg \
             beside the shop."
        ),
        Seems::Unknown => {
            format!("“{name}” is not audio, or its beginning is damaged. Upload the recording as {TAKEN}.")
        }
    }
}
