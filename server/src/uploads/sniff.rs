//! Whether a file is audio that the shop can play, told from its content and never from its name.

use crate::storage::Seekable;
use std::sync::LazyLock;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{
    FORMAT_ID_FLAC, FORMAT_ID_ISOMP4, FORMAT_ID_MP3, FORMAT_ID_OGG, FORMAT_ID_WAVE,
};
use symphonia::core::formats::{FormatId, FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia_adapter_libopus::OpusDecoder;

/// A kind of file that the shop takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    format: FormatId,
    pub extension: &'static str,
    pub media_type: &'static str,
}

pub const KINDS: [Kind; 5] = [
    Kind { format: FORMAT_ID_MP3, extension: "mp3", media_type: "audio/mpeg" },
    Kind { format: FORMAT_ID_ISOMP4, extension: "m4a", media_type: "audio/mp4" },
    Kind { format: FORMAT_ID_FLAC, extension: "flac", media_type: "audio/flac" },
    Kind { format: FORMAT_ID_OGG, extension: "ogg", media_type: "audio/ogg" },
    Kind { format: FORMAT_ID_WAVE, extension: "wav", media_type: "audio/wav" },
];

const NOT_AUDIO: &str =
    "This is not audio that the shop knows, whatever its name says. It takes MP3, M4A, M4B, FLAC, Ogg and WAV.";
const NO_SOUND: &str = "There is no sound track in this file.";
const UNKNOWN_CODEC: &str =
    "The sound in this file is of a kind that the shop cannot decode. It may be protected against copying.";
const BROKEN: &str = "This begins like audio, but no sound could be decoded from it. The file may be damaged.";

/// Packets tried before a file is given up as damaged.
const TRIED: usize = 50;
/// Packets that must decode: one alone may be chance.
const HEARD: usize = 2;

static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<OpusDecoder>();
    codecs
});

impl MediaSource for Seekable {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.size())
    }
}

/// Decodes the beginning of a file.
///
/// # Errors
/// Why it is not taken, in a sentence for the person who sent it.
pub async fn sniff(content: Seekable) -> Result<Kind, String> {
    // A decoder that panics over a malformed file ends its own thread's work, and the file is refused.
    match tokio::task::spawn_blocking(move || listen(content)).await {
        Ok(kind) => kind.map_err(str::to_owned),
        Err(_) => Err(BROKEN.to_owned()),
    }
}

fn listen(content: Seekable) -> Result<Kind, &'static str> {
    let stream = MediaSourceStream::new(Box::new(content), Default::default());
    let mut reader = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| NOT_AUDIO)?;
    let format = reader.format_info().format;
    let kind = KINDS.into_iter().find(|kind| kind.format == format).ok_or(NOT_AUDIO)?;
    let track = reader.default_track(TrackType::Audio).ok_or(NO_SOUND)?;
    let Some(CodecParameters::Audio(parameters)) = track.codec_params.clone() else { return Err(UNKNOWN_CODEC) };
    let track = track.id;
    decode(reader.as_mut(), track, &parameters)?;
    Ok(kind)
}

fn decode(reader: &mut dyn FormatReader, track: u32, parameters: &AudioCodecParameters) -> Result<(), &'static str> {
    let mut decoder =
        CODECS.make_audio_decoder(parameters, &AudioDecoderOptions::default()).map_err(|_| UNKNOWN_CODEC)?;
    let mut heard = 0;
    for _ in 0..TRIED {
        let Ok(Some(packet)) = reader.next_packet() else { break };
        if packet.track_id != track {
            continue;
        }
        heard += usize::from(decoder.decode(&packet).is_ok_and(|sound| sound.frames() > 0));
        if heard >= HEARD {
            return Ok(());
        }
    }
    // A very short file may have one packet only.
    if heard > 0 && reader.next_packet().is_ok_and(|packet| packet.is_none()) { Ok(()) } else { Err(BROKEN) }
}
