//! FLAC, Ogg, MP4, Matroska, CAF and AAC streams, as symphonia reads them: packet by packet, stream after stream of a chain.

use crate::AudioError;
use crate::decode::{CODECS, Mark};
use crate::edits::Edits;
use crate::facts::Obstacle;
use crate::source::Window;
use crate::stream::{Block, Length, Stream};
use std::collections::VecDeque;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{
    FORMAT_ID_ADTS, FORMAT_ID_CAF, FORMAT_ID_FLAC, FORMAT_ID_ISOMP4, FORMAT_ID_MKV, FORMAT_ID_OGG,
};
use symphonia::core::formats::{FormatId, FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::meta::{ChapterGroup, ChapterGroupItem, MetadataOptions, StandardTag, Tag};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Time, TimeBase, Timestamp};

/// Packets in a row that may be damaged before a file is given up.
const DAMAGED_IN_A_ROW: u32 = 1000;

/// A file that symphonia takes apart.
pub struct Packets {
    /// The streams of a chain; mostly one.
    links: Vec<Window>,
    left: VecDeque<Window>,
    hint: String,
    link: Link,
    edits: Edits,
    /// Frames decoded of this link, before its edits.
    decoded: u64,
}

/// Why a file cannot be opened.
#[derive(Debug)]
pub enum Refused {
    /// No container that is known.
    Unknown,
    /// A container without sound.
    NoSound,
    /// Sound that no decoder here is for.
    NoDecoder,
    Io(std::io::Error),
}

/// One stream, being read.
struct Link {
    format: Box<dyn FormatReader>,
    id: FormatId,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: Option<TimeBase>,
    rate: u32,
    channels: u32,
    stated_ms: Option<i64>,
}

impl Link {
    fn open(file: &Window, ending: &str) -> Result<Self, Refused> {
        let mut hint = Hint::new();
        if !ending.is_empty() {
            hint.with_extension(ending);
        }
        let format = symphonia::default::get_probe()
            .probe(&hint, file.stream(), FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| match error {
                Error::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Refused::Io(error),
                _ => Refused::Unknown,
            })?;
        let id = format.format_info().format;
        let track = format.default_track(TrackType::Audio).ok_or(Refused::NoSound)?;
        let parameters = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or(Refused::NoDecoder)?;
        let decoder = CODECS
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .or_else(|_| core_only(parameters).ok_or(())?)
            .map_err(|()| Refused::NoDecoder)?;
        let stated_ms = track
            .time_base
            .zip(track.duration)
            .filter(|_| [FORMAT_ID_FLAC, FORMAT_ID_ISOMP4].contains(&id))
            .and_then(|(base, duration)| Some(millis(base.calc_duration(duration)?.as_nanos())))
            .filter(|stated| *stated > 0);
        let channels = parameters.channels.as_ref().map_or(0, |channels| channels.count());
        Ok(Self {
            id,
            decoder,
            track: track.id,
            time_base: track.time_base,
            rate: parameters.sample_rate.unwrap_or(0),
            channels: u32::try_from(channels).unwrap_or(0),
            stated_ms,
            format,
        })
    }

    /// The next packet of the sound; none at the end.
    fn packet(&mut self) -> Result<Option<Packet>, AudioError> {
        let mut damaged = 0;
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Ok(None) | Err(Error::ResetRequired) => return Ok(None),
                // Where a cut-off file ends the container's reader wants more.
                Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(Error::IoError(error)) => return Err(error.into()),
                Err(_) => {
                    damaged += 1;
                    if damaged > DAMAGED_IN_A_ROW {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// How many samples a packet should give.
    fn frames(&self, duration: Duration) -> u64 {
        let time = self.time_base.and_then(|base| base.calc_duration(duration));
        time.and_then(|time| u64::try_from(time.as_nanos()).ok()).map_or(0, |nanos| {
            u64::try_from((u128::from(nanos) * u128::from(self.rate) + 500_000_000) / 1_000_000_000).unwrap_or(0)
        })
    }
}

/// HE-AAC is AAC with instructions for higher tones. Where no decoder follows them, the AAC within is heard: speech is.
fn core_only(parameters: &AudioCodecParameters) -> Option<Result<Box<dyn AudioDecoder>, ()>> {
    let extra = parameters.extra_data.as_ref()?;
    let bits = extra.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let bits = bits << (64 - 8 * extra.len().min(8));
    let field = |from: u32, length: u32| (bits << from) >> (64 - length);
    // Kinds 5 and 29 are AAC with such instructions, in one channel and in two; an index of 15 is a rate spelled out.
    if !matches!(field(0, 5), 5 | 29) || field(5, 4) == 15 || field(13, 4) == 15 || field(17, 5) != 2 {
        return None;
    }
    let plain = (2_u64 << 11 | field(5, 4) << 7 | field(9, 4) << 3).to_be_bytes();
    let mut core = parameters.clone();
    core.with_extra_data(plain[6..].into());
    core.profile = None;
    Some(CODECS.make_audio_decoder(&core, &AudioDecoderOptions::default()).map_err(|_| ()))
}

fn millis(nanos: i128) -> i64 {
    i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
}

impl Packets {
    /// Opens what lies between the tags of a file. `ending` is a hint at what it is.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn open(file: &Window, ending: &str) -> Result<Self, Refused> {
        let chain = file.peek(0, 4).map_err(Refused::Io)? == b"OggS";
        let links = if chain { crate::ogg::links(file).map_err(Refused::Io)? } else { vec![file.clone()] };
        let mut left: VecDeque<Window> = links.iter().cloned().collect();
        let first = left.pop_front().ok_or(Refused::Unknown)?;
        let link = Link::open(&first, ending)?;
        let edits =
            if link.id == FORMAT_ID_ISOMP4 { Edits::read(file).map_err(Refused::Io)? } else { Edits::default() };
        Ok(Self { links, left, hint: ending.to_owned(), link, edits, decoded: 0 })
    }

    /// Goes on with the next stream of the chain that can be decoded; false at the end.
    fn next_link(&mut self) -> Result<bool, AudioError> {
        while let Some(file) = self.left.pop_front() {
            match Link::open(&file, &self.hint) {
                Ok(link) => {
                    (self.link, self.decoded) = (link, 0);
                    return Ok(true);
                }
                Err(Refused::Io(error)) => return Err(error.into()),
                Err(_) => {}
            }
        }
        Ok(false)
    }

    fn rewind(&mut self) -> Result<(), AudioError> {
        self.left = self.links.iter().cloned().collect();
        self.next_link()?;
        Ok(())
    }

    /// The length by decoding, where packets do not say theirs.
    fn measure_by_ear(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        let (mut length, mut samples) = (Length::default(), Vec::new());
        while let Some(block) = self.next(&mut samples)? {
            length.add(samples.len() as u64 / u64::from(block.channels.max(1)), block.rate);
            samples.clear();
            check(length.ms())?;
        }
        Ok(length.ms())
    }
}

impl Stream for Packets {
    fn codec(&self) -> &'static str {
        self.link.decoder.codec_info().short_name
    }

    /// Ogg and FLAC find a place by looking; MP4 has tables. Matroska is played by some browsers, CAF by one, and a bare AAC
    /// stream has nothing to go by.
    fn obstacle(&self) -> Option<Obstacle> {
        let kind = match (self.link.id, self.codec()) {
            (FORMAT_ID_FLAC, _) => None,
            (FORMAT_ID_OGG, "opus") if self.link.channels <= 2 => None,
            (FORMAT_ID_ISOMP4, "aac" | "opus") => None,
            (FORMAT_ID_ADTS, _) => Some(Obstacle::Seeking),
            _ => Some(Obstacle::Kind),
        };
        kind.or((self.links.len() > 1 || self.edits.several()).then_some(Obstacle::Seeking))
    }

    fn stated_ms(&self) -> Option<i64> {
        let stated = self.link.stated_ms.filter(|_| self.links.len() == 1)?;
        Some(self.edits.kept_ms(stated))
    }

    fn next(&mut self, out: &mut Vec<f32>) -> Result<Option<Block>, AudioError> {
        let mut damaged = 0;
        loop {
            let Some(packet) = self.link.packet()? else {
                if self.next_link()? {
                    continue;
                }
                return Ok(None);
            };
            let before = out.len();
            let lost = match self.link.decoder.decode(&packet) {
                Ok(decoded) => {
                    let (rate, channels) = (decoded.spec().rate(), decoded.spec().channels().count());
                    (self.link.rate, self.link.channels) = (rate, u32::try_from(channels).unwrap_or(0));
                    if decoded.frames() == 0 {
                        continue;
                    }
                    let from = out.len();
                    out.resize(from + decoded.frames() * channels, 0.0);
                    decoded.copy_to_slice_interleaved(&mut out[from..]);
                    false
                }
                Err(_) => {
                    damaged += 1;
                    if damaged > DAMAGED_IN_A_ROW {
                        return Ok(None);
                    }
                    let frames = usize::try_from(self.link.frames(packet.dur)).unwrap_or(0).min(1 << 17);
                    let channels = self.link.channels.max(1) as usize;
                    out.resize(before + frames * channels, 0.0);
                    true
                }
            };
            let channels = self.link.channels.max(1) as usize;
            let frames = (out.len() - before) / channels;
            self.edits.cut(self.decoded, self.link.rate, channels, before, out);
            self.decoded += frames as u64;
            if out.len() > before {
                return Ok(Some(Block { rate: self.link.rate, channels: self.link.channels, lost }));
            }
        }
    }

    fn measure(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        if [FORMAT_ID_MKV, FORMAT_ID_CAF].contains(&self.link.id) {
            return self.measure_by_ear(check);
        }
        let mut before_ms = 0;
        loop {
            let mut units: u64 = 0;
            let base = self.link.time_base.or_else(|| TimeBase::try_from_recip(self.link.rate));
            let ms = |units: u64| base.and_then(|base| base.calc_duration(Duration::new(units)));
            while let Some(packet) = self.link.packet()? {
                units = units.saturating_add(packet.dur.get());
                check(before_ms + ms(units).map_or(0, |time| millis(time.as_nanos())))?;
            }
            before_ms += ms(units).map_or(0, |time| millis(time.as_nanos()));
            if !self.next_link()? {
                return Ok(self.edits.kept_ms(before_ms));
            }
        }
    }

    fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError> {
        self.rewind()?;
        // Chains and edits have places of their own: they are heard from the start.
        if self.links.len() > 1 || !self.edits.is_empty() {
            return Ok(0);
        }
        let to = SeekTo::Time { time: Time::from_millis(at_ms), track_id: Some(self.link.track) };
        let reached = match self.link.format.seek(SeekMode::Accurate, to) {
            Ok(reached) => reached,
            Err(_) => {
                self.rewind()?;
                return Ok(0);
            }
        };
        self.link.decoder.reset();
        let at = reached.actual_ts.max(Timestamp::new(0));
        let time = self.link.time_base.and_then(|base| base.calc_time(at));
        match time {
            Some(time) => Ok(millis(time.as_nanos())),
            None => {
                self.rewind()?;
                Ok(0)
            }
        }
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Some(group) = self.link.format.chapters() {
            collect(group, &mut marks);
        }
        marks.sort_by_key(|mark| mark.start_ms);
        marks
    }
}

fn collect(group: &ChapterGroup, marks: &mut Vec<Mark>) {
    for item in &group.items {
        match item {
            ChapterGroupItem::Group(group) => collect(group, marks),
            ChapterGroupItem::Chapter(chapter) => {
                let start_ms = millis(chapter.start_time.as_nanos());
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
