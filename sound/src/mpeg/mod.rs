//! MPEG audio, mostly MP3: each frame is found, counted and decoded, whatever a header says of their number.

mod frames;
mod header;
mod info;

use crate::AudioError;
use crate::facts::Obstacle;
use crate::source::Window;
use crate::stream::{Block, Length, Stream};
use frames::Frames;
use header::Header;
use info::Info;
use std::collections::VecDeque;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

/// Frames that reach back into the ones before them.
const RESERVOIR: u64 = 10;

/// A file of MPEG audio.
pub struct Mpeg {
    file: Window,
    frames: Frames,
    codec: &'static str,
    info: Option<Info>,
    /// Of each, channels do not count: how many frames, and how long they are.
    seen: u64,
    decoder: Option<(Header, Box<dyn AudioDecoder>)>,
    /// Whether each frame so far is like the first one, and right behind the one before.
    steady: bool,
    /// Samples still to be left out at the beginning.
    lead: u64,
    /// Frames at the end that may be filling, decoded and not yet given.
    held: VecDeque<(Block, Vec<f32>)>,
    ended: bool,
}

impl Mpeg {
    /// Opens what lies between the tags of a file; none when it is something else.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(file: &Window) -> Result<Option<Self>, AudioError> {
        let mut frames = Frames::new(file);
        let Some((header, frame)) = frames.next()? else { return Ok(None) };
        let info = Info::read(&header, frame);
        let codec = match header.layer {
            1 => "mp1",
            2 => "mp2",
            _ => "mp3",
        };
        let mut mpeg = Self {
            file: file.clone(),
            frames,
            codec,
            info,
            seen: 0,
            steady: true,
            decoder: None,
            lead: 0,
            held: VecDeque::new(),
            ended: false,
        };
        mpeg.rewind()?;
        Ok(Some(mpeg))
    }

    fn rewind(&mut self) -> Result<(), AudioError> {
        self.frames = Frames::new(&self.file);
        if self.info.is_some() {
            self.frames.next()?;
        }
        (self.seen, self.decoder, self.ended) = (0, None, false);
        self.lead = self.info.map_or(0, |info| u64::from(info.lead));
        self.held.clear();
        Ok(())
    }

    /// Samples that were added at the end, if the file ends where its maker meant it to.
    fn tail(&self) -> u64 {
        let whole = |info: &Info| info.frames == Some(self.seen);
        self.info.filter(whole).map_or(0, |info| u64::from(info.tail))
    }

    /// Decodes the next frame into the queue; false at the end.
    fn decode(&mut self) -> Result<bool, AudioError> {
        let Some((header, frame)) = self.frames.next()? else { return Ok(false) };
        self.seen += 1;
        let same = |before: &Header| before.goes_with(&header) && before.channels == header.channels;
        let mut decoder = match self.decoder.take() {
            Some((before, decoder)) if same(&before) => decoder,
            _ => decoder_for(&header)?,
        };
        let channels = usize::from(header.channels);
        let packet = PacketRef::new(0, Timestamp::new(0), Duration::from(u64::from(header.samples)), frame);
        let mut samples = Vec::new();
        let lost = match decoder.decode_ref(&packet) {
            Ok(decoded) if decoded.frames() > 0 => {
                decoded.copy_to_vec_interleaved(&mut samples);
                false
            }
            _ => true,
        };
        samples.resize(header.samples as usize * channels, 0.0);
        self.decoder = Some((header, decoder));
        let leave = usize::try_from(self.lead).unwrap_or(usize::MAX).min(header.samples as usize);
        self.lead -= leave as u64;
        samples.drain(..leave * channels);
        let block = Block { rate: header.rate, channels: u32::from(header.channels), lost };
        self.held.push_back((block, samples));
        Ok(true)
    }

    /// How many frames lie wholly before a place.
    fn frames_before(&mut self, at_ms: i64) -> Result<u64, AudioError> {
        self.rewind()?;
        let (mut length, mut passed) = (Length::default(), 0);
        while let Some((header, _)) = self.frames.next()? {
            length.add(u64::from(header.samples), header.rate);
            if length.ms() - crate::ms_of(self.lead, header.rate) > at_ms {
                break;
            }
            passed += 1;
        }
        Ok(passed)
    }

    /// Frames that are kept back while it is open whether they are filling.
    fn keep(&self) -> usize {
        self.info.map_or(0, |info| info.tail.div_ceil(576) as usize)
    }

    /// Takes away what was added at the end.
    fn cut_tail(&mut self) {
        let mut left = usize::try_from(self.tail()).unwrap_or(0);
        for (block, samples) in self.held.iter_mut().rev() {
            let channels = block.channels.max(1) as usize;
            let cut = left.min(samples.len() / channels);
            samples.truncate(samples.len() - cut * channels);
            left -= cut;
        }
    }
}

fn decoder_for(header: &Header) -> Result<Box<dyn AudioDecoder>, AudioError> {
    let codec = match header.layer {
        1 => CODEC_ID_MP1,
        2 => CODEC_ID_MP2,
        _ => CODEC_ID_MP3,
    };
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(codec).with_sample_rate(header.rate);
    let made = crate::decode::CODECS.make_audio_decoder(&parameters, &AudioDecoderOptions::default().gapless(false));
    made.map_err(|_| AudioError::Unusable("This kind of MPEG audio cannot be decoded.".into()))
}

impl Stream for Mpeg {
    fn codec(&self) -> &'static str {
        self.codec
    }

    /// In a file of one rate of bits a moment lies where arithmetic says. The table of another has a hundred places, whatever
    /// its length: in a book that is minutes. So it is left aside.
    fn obstacle(&self) -> Option<Obstacle> {
        match self.codec {
            "mp3" if self.steady && self.frames.passed_over() == 0 => None,
            "mp3" => Some(Obstacle::Seeking),
            _ => Some(Obstacle::Kind),
        }
    }

    /// Told by the number of frames, where bytes are missing as well. A count alone may be of another file.
    fn stated_ms(&self) -> Option<i64> {
        let info = self.info?;
        let (frames, bytes) = (info.frames?, info.bytes?);
        let mut all = Frames::new(&self.file);
        let header = all.next().ok()??.0;
        let missing = bytes > self.file.len() + header.size as u64;
        missing.then(|| crate::ms_of(frames * u64::from(header.samples), header.rate))
    }

    fn next(&mut self, out: &mut Vec<f32>) -> Result<Option<Block>, AudioError> {
        loop {
            while !self.ended && self.held.len() <= self.keep() {
                if !self.decode()? {
                    self.ended = true;
                    self.cut_tail();
                }
            }
            let Some((block, samples)) = self.held.pop_front() else { return Ok(None) };
            if !samples.is_empty() {
                out.extend(samples);
                return Ok(Some(block));
            }
        }
    }

    fn measure(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        let mut length = Length::default();
        let mut cut = self.lead;
        let mut first: Option<Header> = None;
        while let Some((header, _)) = self.frames.next()? {
            self.seen += 1;
            let like = first.get_or_insert(header);
            self.steady &= like.goes_with(&header) && (like.bits, like.channels) == (header.bits, header.channels);
            let leave = cut.min(u64::from(header.samples));
            cut -= leave;
            length.add(u64::from(header.samples) - leave, header.rate);
            check(length.ms())?;
        }
        Ok(length.less(self.tail()).ms())
    }

    fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError> {
        let passed = self.frames_before(at_ms)?;
        self.rewind()?;
        let mut length = Length::default();
        for number in 0..passed {
            // The last of them are decoded, so that the next one has what it reaches back to, and not given.
            if number + RESERVOIR >= passed {
                self.decode()?;
                if let Some((block, samples)) = self.held.pop_back() {
                    length.add(samples.len() as u64 / u64::from(block.channels.max(1)), block.rate);
                }
            } else if let Some((header, _)) = self.frames.next()? {
                let leave = self.lead.min(u64::from(header.samples));
                self.lead -= leave;
                length.add(u64::from(header.samples) - leave, header.rate);
                self.seen += 1;
            }
        }
        Ok(length.ms())
    }
}
