//! Which kind of sound a file holds, told from its content and never from its name.

use crate::decode::Audio;
use crate::kinds::{self, Seems};
use crate::source::Window;
use crate::{AudioError, second, tags};

/// A kind of file that can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Without a dot.
    pub extension: &'static str,
    pub media_type: &'static str,
}

const MP3: Kind = Kind { extension: "mp3", media_type: "audio/mpeg" };
const M4A: Kind = Kind { extension: "m4a", media_type: "audio/mp4" };
const FLAC: Kind = Kind { extension: "flac", media_type: "audio/flac" };
const OGG: Kind = Kind { extension: "ogg", media_type: "audio/ogg" };
const WAV: Kind = Kind { extension: "wav", media_type: "audio/wav" };
const AIFF: Kind = Kind { extension: "aiff", media_type: "audio/aiff" };
const MKA: Kind = Kind { extension: "mka", media_type: "audio/x-matroska" };
const AAC: Kind = Kind { extension: "aac", media_type: "audio/aac" };
const CAF: Kind = Kind { extension: "caf", media_type: "audio/x-caf" };
/// What only the second decoder knows.
const OTHER: Kind = Kind { extension: "audio", media_type: "application/octet-stream" };

/// All of them.
pub const KINDS: [Kind; 10] = [MP3, M4A, FLAC, OGG, WAV, AIFF, MKA, AAC, CAF, OTHER];

/// In fewer bytes is no sound, only the beginning of a file.
const SMALLEST: u64 = 512;
/// Of Ogg the beginning is enough; its pages are counted later.
const BEGINNING: u64 = 1 << 20;

/// Decodes the beginning of a file.
///
/// # Errors
/// [`AudioError::Unusable`] with why it is not taken, for the person who sent it; others when it cannot be read.
pub fn kind(file: &Window) -> Result<Kind, AudioError> {
    const NAME: &str = "This file";
    let body = tags::audio(file)?;
    let head = body.peek(0, 12)?;
    let kind = match head.as_slice() {
        [b'f', b'L', b'a', b'C', ..] => FLAC,
        [b'O', b'g', b'g', b'S', ..] => OGG,
        [0x1A, 0x45, 0xDF, 0xA3, ..] => MKA,
        [b'c', b'a', b'f', b'f', ..] => CAF,
        [b'F', b'O', b'R', b'M', ..] => AIFF,
        [b'R', b'I' | b'F', ..] | [b'B', b'W', ..] => WAV,
        [0xFF, 0xF0 | 0xF1 | 0xF8 | 0xF9, ..] => AAC,
        [_, _, _, _, kind @ ..]
            if [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|is| kind.starts_with(*is)) =>
        {
            M4A
        }
        _ => MP3,
    };
    let beginning = if kind == OGG { body.part(0, BEGINNING) } else { file.clone() };
    match Audio::of(&beginning, NAME) {
        Ok(_) => Ok(kind),
        // It is heard by the second decoder, or the step that asks it says why not.
        Err(AudioError::Unusable(_)) if second::is_there() && body.len() >= SMALLEST && is_sound(&body, kind)? => {
            Ok(if kind == MP3 { OTHER } else { kind })
        }
        Err(AudioError::Unusable(sentence)) => Err(AudioError::Unusable(sentence.replace("“This file”", NAME))),
        Err(error) => Err(error),
    }
}

fn is_sound(body: &Window, kind: Kind) -> Result<bool, AudioError> {
    let seems = kinds::look(body)?;
    Ok(matches!(seems, Seems::Sound(_)) || (kind != MP3 && kind != FLAC && seems == Seems::Unknown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn sniffed(bytes: &[u8]) -> Result<Kind, AudioError> {
        kind(&Window::new(Cursor::new(bytes.to_vec())).unwrap())
    }

    #[test]
    fn a_file_is_told_by_its_content() {
        for (bytes, kind) in [
            (include_bytes!("../tests/fixtures/a.mp3").as_slice(), MP3),
            (include_bytes!("../tests/fixtures/a.mp2"), MP3),
            (include_bytes!("../tests/fixtures/a.m4a"), M4A),
            (include_bytes!("../tests/fixtures/a.flac"), FLAC),
            (include_bytes!("../tests/fixtures/a.opus"), OGG),
            (include_bytes!("../tests/fixtures/vorbis.webm"), MKA),
            (include_bytes!("../tests/fixtures/a.aac"), AAC),
            (include_bytes!("../tests/fixtures/alac.caf"), CAF),
        ] {
            assert_eq!(sniffed(bytes).unwrap(), kind);
        }
    }

    #[test]
    fn the_head_of_a_recording_is_no_recording() {
        for bytes in [include_bytes!("../tests/fixtures/a.opus").as_slice(), include_bytes!("../tests/fixtures/a.m4a")]
        {
            assert!(matches!(sniffed(&bytes[..60]), Err(AudioError::Unusable(_))));
        }
    }
}
