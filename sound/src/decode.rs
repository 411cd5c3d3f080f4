//! Decoding a file of any format, packet by packet, to one channel.

use crate::AudioError;
use std::fs::File;
use std::path::Path;
use std::sync::LazyLock;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::{ChapterGroup, ChapterGroupItem, MetadataOptions, StandardTag, Tag};
use symphonia::core::units::{Time, TimeBase, Timestamp};

/// symphonia's own decoders and libopus.
static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
    codecs
});

/// Packets in a row that may be damaged before a file is given up.
const DAMAGED_IN_A_ROW: u32 = 200;

/// A file that is being decoded.
pub struct Audio {
    name: String,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: Option<TimeBase>,
    /// What the header states, in milliseconds.
    pub stated_ms: Option<i64>,
    /// The codec's short name, such as `mp3`.
    pub codec: String,
    pub sample_rate: u32,
    pub channels: u32,
    damaged_in_a_row: u32,
    interleaved: Vec<f32>,
}

impl std::fmt::Debug for Audio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audio").field("name", &self.name).field("codec", &self.codec).finish_non_exhaustive()
    }
}

/// A chapter as a file marks it; milliseconds from the start of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        let file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Err(AudioError::Unusable(format!("“{name}” is empty: it holds no bytes at all.")));
        }
        let mut hint = Hint::new();
        if let Some(ending) = Path::new(name).extension().and_then(|ending| ending.to_str()) {
            hint.with_extension(ending);
        }
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let not_audio = || AudioError::Unusable(format!("“{name}” is not audio, or its beginning is damaged."));
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| unless_io(error, not_audio()))?;
        let track = format
            .default_track(TrackType::Audio)
            .ok_or_else(|| AudioError::Unusable(format!("“{name}” holds no audio.")))?;
        let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or_else(not_audio)?.clone();
        let unknown = || AudioError::Unusable(format!("“{name}” is coded in a way that this shop cannot decode."));
        let decoder = CODECS.make_audio_decoder(&params, &AudioDecoderOptions::default()).map_err(|_| unknown())?;
        let (id, time_base, duration) = (track.id, track.time_base, track.duration);
        let stated_ms = time_base
            .zip(duration)
            .and_then(|(base, duration)| i64::try_from(base.calc_duration(duration)?.as_nanos() / 1_000_000).ok());
        let mut audio = Self {
            name: name.to_owned(),
            codec: decoder.codec_info().short_name.to_owned(),
            format,
            decoder,
            track: id,
            time_base,
            stated_ms,
            sample_rate: params.sample_rate.unwrap_or(0),
            channels: params.channels.as_ref().map_or(0, |channels| u32::try_from(channels.count()).unwrap_or(0)),
            damaged_in_a_row: 0,
            interleaved: Vec::new(),
        };
        if audio.sample_rate == 0 || audio.channels == 0 {
            // Some headers say it only with the first packet.
            let mut first = Vec::new();
            audio.next_block(&mut first)?;
            audio = Self { damaged_in_a_row: 0, ..audio };
            audio.rewind()?;
        }
        if audio.sample_rate == 0 {
            return Err(not_audio());
        }
        Ok(audio)
    }

    fn rewind(&mut self) -> Result<(), AudioError> {
        let start = SeekTo::Timestamp { ts: Timestamp::new(0), track_id: self.track };
        self.format.seek(SeekMode::Accurate, start).map_err(|error| self.broken(error))?;
        self.decoder.reset();
        Ok(())
    }

    /// Appends the next block of samples, mixed to one channel, to `out`; false at the end of the file. A damaged packet
    /// is passed over, as players do.
    ///
    /// # Errors
    /// [`AudioError::Unusable`] when too many packets in a row are damaged.
    pub fn next_block(&mut self, out: &mut Vec<f32>) -> Result<bool, AudioError> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) | Err(Error::ResetRequired) => return Ok(false),
                // Where a cut-off file ends the container's reader wants more.
                Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(Error::IoError(error)) => return Err(error.into()),
                Err(_) => {
                    self.damaged()?;
                    continue;
                }
            };
            if packet.track_id != self.track {
                continue;
            }
            let Ok(decoded) = self.decoder.decode(&packet) else {
                self.damaged()?;
                continue;
            };
            self.damaged_in_a_row = 0;
            self.sample_rate = decoded.spec().rate();
            let channels = decoded.spec().channels().count().max(1);
            self.channels = u32::try_from(channels).unwrap_or(u32::MAX);
            if decoded.frames() == 0 {
                continue;
            }
            decoded.copy_to_vec_interleaved(&mut self.interleaved);
            let share = 1.0 / channels as f32;
            out.extend(self.interleaved.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() * share));
            return Ok(true);
        }
    }

    fn damaged(&mut self) -> Result<(), AudioError> {
        self.damaged_in_a_row += 1;
        if self.damaged_in_a_row > DAMAGED_IN_A_ROW {
            return Err(AudioError::Unusable(format!("“{}” is damaged: its audio cannot be decoded.", self.name)));
        }
        Ok(())
    }

    /// Milliseconds of audio in the file, by its packets and without decoding them. Consumes what is left of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn measure(&mut self, check: impl Fn() -> Result<(), AudioError>) -> Result<i64, AudioError> {
        let mut units: u64 = 0;
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => units = units.saturating_add(packet.dur.get()),
                Ok(Some(_)) => {}
                Ok(None) | Err(Error::ResetRequired) => break,
                Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
                Err(Error::IoError(error)) => return Err(error.into()),
                Err(_) => self.damaged()?,
            }
            check()?;
        }
        let base = self.time_base.or_else(|| TimeBase::try_from_recip(self.sample_rate));
        let time = base.and_then(|base| base.calc_duration(symphonia::core::units::Duration::new(units)));
        Ok(time.and_then(|time| i64::try_from(time.as_nanos() / 1_000_000).ok()).unwrap_or(0))
    }

    /// Goes to `at_ms`; returns where it is then, at or before it. Files without an index are read from the start.
    ///
    /// # Errors
    /// When the file cannot be sought in and not rewound either.
    pub fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError> {
        let to = SeekTo::Time { time: Time::from_millis(at_ms), track_id: Some(self.track) };
        let reached = match self.format.seek(SeekMode::Accurate, to) {
            Ok(reached) => reached,
            Err(_) => {
                self.rewind()?;
                return Ok(0);
            }
        };
        self.decoder.reset();
        let time = self.time_base.and_then(|base| base.calc_time(reached.actual_ts));
        Ok(time.and_then(|time| i64::try_from(time.as_nanos() / 1_000_000).ok()).unwrap_or(at_ms))
    }

    /// The chapters that the container marks, in order.
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Some(group) = self.format.chapters() {
            collect(group, &mut marks);
        }
        marks.sort_by_key(|mark| mark.start_ms);
        marks
    }

    fn broken(&self, error: Error) -> AudioError {
        unless_io(error, AudioError::Unusable(format!("“{}” is damaged: it cannot be read through.", self.name)))
    }
}

fn unless_io(error: Error, sentence: AudioError) -> AudioError {
    match error {
        Error::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => AudioError::Io(error),
        _ => sentence,
    }
}

fn collect(group: &ChapterGroup, marks: &mut Vec<Mark>) {
    for item in &group.items {
        match item {
            ChapterGroupItem::Group(group) => collect(group, marks),
            ChapterGroupItem::Chapter(chapter) => {
                let start_ms = i64::try_from(chapter.start_time.as_nanos() / 1_000_000).unwrap_or(0);
                marks.push(Mark { title: title(&chapter.tags), start_ms });
            }
        }
    }
}

fn title(tags: &[Tag]) -> Option<String> {
    tags.iter().find_map(|tag| match &tag.std {
        Some(StandardTag::ChapterTitle(title) | StandardTag::TrackTitle(title)) => Some(title.trim().to_owned()),
        _ => None,
    })
}
