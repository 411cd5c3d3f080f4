//! Decoding a file of any format, block by block, to one channel.

use crate::facts::Obstacle;
use crate::kinds::{self, Seems};
use crate::mix::{Mixer, finite};
use crate::mpeg::Mpeg;
use crate::packets::{Packets, Refused};
use crate::second::Second;
use crate::source::Window;
use crate::stream::Stream;
use crate::{AudioError, limits, plain, second, tags};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::LazyLock;
use symphonia::core::codecs::registry::CodecRegistry;

/// symphonia's own decoders and libopus.
pub(crate) static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
    codecs
});

/// Blocks in a row that may be damaged before a file is given up of which none could be decoded.
const DAMAGED_AT_FIRST: u32 = 200;

/// A file that is being decoded.
pub struct Audio {
    name: String,
    stream: Box<dyn Stream>,
    mixer: Mixer,
    pub sample_rate: u32,
    pub channels: u32,
    /// Samples given, and those among them that stand for what could not be decoded; at any rate.
    heard_ms: f64,
    lost_ms: f64,
    damaged: u32,
    interleaved: Vec<f32>,
    /// It is MPEG audio in a container that was made for something else.
    wrapped: bool,
}

impl std::fmt::Debug for Audio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audio").field("name", &self.name).field("codec", &self.codec()).finish_non_exhaustive()
    }
}

/// A chapter as a file marks it; milliseconds from the start of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub title: Option<String>,
    pub start_ms: i64,
}

impl Audio {
    /// Opens a file. `name` is what people call it: it ends up in the sentences about what is wrong, and its ending is a
    /// hint at the format.
    ///
    /// # Errors
    /// [`AudioError::Unusable`] when there is no audio in it that can be decoded.
    pub fn open(path: &Path, name: &str) -> Result<Self, AudioError> {
        let first = match Self::of(&Window::open(path)?, name) {
            Ok(audio) => return Ok(audio),
            Err(AudioError::Unusable(sentence)) => sentence,
            Err(error) => return Err(error),
        };
        // An empty file, or one that is no sound, is none for the second decoder either.
        let body = tags::audio(&Window::open(path)?)?;
        if body.is_empty() || matches!(kinds::look(&body)?, Seems::Other(_) | Seems::Protected) {
            return Err(AudioError::Unusable(first));
        }
        match Second::open(path)? {
            Some(stream) => Self::begin(Box::new(stream), name).map_err(|_| AudioError::Unusable(first)),
            None => Err(AudioError::Unusable(first)),
        }
    }

    /// As [`Self::open`], of anything that can be read, by the first decoder only.
    ///
    /// # Errors
    /// [`AudioError::Unusable`] when there is no audio in it that can be decoded.
    pub fn of(file: &Window, name: &str) -> Result<Self, AudioError> {
        if file.is_empty() {
            return Err(AudioError::Unusable(format!("“{name}” is empty: it holds no bytes at all.")));
        }
        let body = tags::audio(file)?;
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let mut audio = Self::begin(stream(&body, name, ending)?, name)?;
        audio.wrapped = audio.codec().starts_with("mp") && body.peek(0, 4)? == b"RIFF";
        Ok(audio)
    }

    fn begin(stream: Box<dyn Stream>, name: &str) -> Result<Self, AudioError> {
        let mut audio = Self {
            name: name.to_owned(),
            stream,
            mixer: Mixer::default(),
            sample_rate: 0,
            channels: 0,
            heard_ms: 0.0,
            lost_ms: 0.0,
            damaged: 0,
            interleaved: Vec::new(),
            wrapped: false,
        };
        // What the first block says counts, whatever stands in a header.
        let mut first = Vec::new();
        let any = audio.next_block(&mut first)?;
        if !any || audio.sample_rate == 0 {
            return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
        }
        audio.seek(0)?;
        Ok(audio)
    }

    /// The codec's short name, such as `mp3`.
    pub fn codec(&self) -> &'static str {
        self.stream.codec()
    }

    /// Who decodes: `symphonia`, `ffmpeg`.
    pub fn provider(&self) -> &'static str {
        self.stream.provider()
    }

    /// Milliseconds that the file says it has, where that is no estimate.
    pub fn stated_ms(&self) -> Option<i64> {
        self.stream.stated_ms()
    }

    /// Milliseconds given so far that could not be decoded: silence stands for them.
    pub fn lost_ms(&self) -> i64 {
        self.lost_ms as i64
    }

    /// Appends the next block of samples, mixed to one channel, to `out`; false at the end of the file. For what is damaged
    /// there is silence, so that the rest stays in its place.
    ///
    /// # Errors
    /// [`AudioError::Unusable`] when all of the beginning is damaged, or for a rate that no recording has.
    pub fn next_block(&mut self, out: &mut Vec<f32>) -> Result<bool, AudioError> {
        let more = self.advance()?;
        if more {
            self.mixer.mix(&self.interleaved, self.channels as usize, out);
        }
        Ok(more)
    }

    /// As [`Self::next_block`], for one channel or two: each block to the one of `sides` that it is of. Two sides of a block
    /// with another number of channels are its mix.
    ///
    /// # Errors
    /// As [`Self::next_block`].
    pub fn next_sides(&mut self, sides: &mut [Vec<f32>]) -> Result<bool, AudioError> {
        if !self.advance()? {
            return Ok(false);
        }
        match sides {
            [left, right] if self.channels == 2 => {
                for frame in self.interleaved.chunks_exact(2) {
                    left.push(finite(frame[0]));
                    right.push(finite(frame[1]));
                }
            }
            [first, others @ ..] => {
                let from = first.len();
                self.mixer.mix(&self.interleaved, self.channels as usize, first);
                for other in others {
                    other.extend_from_slice(&first[from..]);
                }
            }
            [] => {}
        }
        Ok(true)
    }

    /// Decodes the next block that has samples; false at the end.
    fn advance(&mut self) -> Result<bool, AudioError> {
        loop {
            self.interleaved.clear();
            let Some(block) = self.stream.next(&mut self.interleaved)? else { return Ok(false) };
            if block.rate == 0 || block.channels == 0 {
                continue;
            }
            limits::rate(&self.name, block.rate)?;
            let channels = block.channels as usize;
            let ms = (self.interleaved.len() / channels) as f64 * 1000.0 / f64::from(block.rate);
            if block.lost {
                self.lost_ms += ms;
                self.damaged += 1;
                if self.heard_ms <= self.lost_ms && self.damaged > DAMAGED_AT_FIRST {
                    return Err(AudioError::Unusable(format!(
                        "“{}” is damaged: its audio cannot be decoded. Export it anew and upload it again.",
                        self.name
                    )));
                }
            }
            self.heard_ms += ms;
            (self.sample_rate, self.channels) = (block.rate, block.channels);
            if !self.interleaved.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Milliseconds of audio in the file, counted; where packets tell, without decoding them. Consumes what is left of it.
    ///
    /// # Errors
    /// What `check` says, or when it cannot be read.
    pub fn measure(&mut self, mut check: impl FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        self.stream.measure(&mut check)
    }

    /// What keeps players from going anywhere in it at once, as far as it was [measured](Self::measure).
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.stream.obstacle().or_else(|| self.wrapped.then_some(Obstacle::Kind))
    }

    /// Goes to `at_ms`; returns where it is then, at or before it. Files without an index are read from the start.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError> {
        (self.heard_ms, self.lost_ms, self.damaged) = (0.0, 0.0, 0);
        self.mixer = Mixer::default();
        self.stream.seek(at_ms)
    }

    /// The chapters that the container marks, in order.
    pub fn marks(&self) -> Vec<Mark> {
        self.stream.marks()
    }
}

/// The way to decode what lies between the tags of a file, by its first bytes.
fn stream(body: &Window, name: &str, ending: &str) -> Result<Box<dyn Stream>, AudioError> {
    let head = body.peek(0, 12)?;
    let unusable = |seems| AudioError::Unusable(kinds::sentence(name, seems, second::is_there()));
    match head.as_slice() {
        [b'R', b'I', b'F', b'F', ..]
        | [b'R', b'F', b'6', b'4', ..]
        | [b'B', b'W', b'6', b'4', ..]
        | [b'F', b'O', b'R', b'M', ..] => {
            return match plain::open(body)? {
                plain::Inside::Samples(samples) => Ok(Box::new(samples)),
                plain::Inside::Mpeg(inner) => match Mpeg::open(&inner)? {
                    Some(mpeg) => Ok(Box::new(mpeg)),
                    None => Err(unusable(Seems::Unknown)),
                },
                plain::Inside::Coded => Err(unusable(Seems::Sound("a WAV or AIFF file whose samples are coded"))),
                plain::Inside::Nothing => Err(unusable(kinds::look(body)?)),
            };
        }
        _ => {}
    }
    let contained = matches!(
        head.as_slice(),
        [b'f', b'L', b'a', b'C', ..]
            | [b'O', b'g', b'g', b'S', ..]
            | [0x1A, 0x45, 0xDF, 0xA3, ..]
            | [b'c', b'a', b'f', b'f', ..]
            | [0xFF, 0xF0 | 0xF1 | 0xF8 | 0xF9, ..]
    ) || head
        .get(4..8)
        .is_some_and(|kind| [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|is| *is == kind));
    let seems = kinds::look(body)?;
    if !contained
        && !matches!(seems, Seems::Sound(_) | Seems::Protected)
        && let Some(mpeg) = Mpeg::open(body)?
    {
        return Ok(Box::new(mpeg));
    }
    if matches!(seems, Seems::Other(_) | Seems::Protected) {
        return Err(unusable(seems));
    }
    limits::tables(body, name)?;
    match Packets::open(body, ending) {
        Ok(packets) => Ok(Box::new(packets)),
        Err(Refused::Io(error)) => Err(error.into()),
        Err(Refused::NoSound) => Err(AudioError::Unusable(format!("“{name}” holds no audio."))),
        Err(Refused::NoDecoder) if limits::is_protected(body)? => Err(unusable(Seems::Protected)),
        Err(Refused::NoDecoder) => Err(unusable(Seems::Sound("coded in a way that is not usual for audiobooks"))),
        Err(Refused::Unknown) => Err(unusable(seems)),
    }
}
