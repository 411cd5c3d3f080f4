//! A look at a model file before whisper.cpp sees it.
//!
//! whisper.cpp believes the lengths that a file states and ends the process when they lead nowhere. So the whole
//! file is walked first, from header to last tensor, without reading the weights. The layout is that of
//! `whisper_model_load` in whisper.cpp.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// `ggml` as whisper.cpp writes it.
const MAGIC: u32 = 0x6767_6d6c;

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Positions the encoder hears at once, 20 ms each.
    pub audio_context: u32,
    /// Layers of the encoder, by which the published sizes are told apart.
    pub audio_layers: u32,
    /// Layers of the decoder.
    pub text_layers: u32,
    /// How its weights are kept: 0 in 32 bits, 1 in 16, others in fewer.
    pub format: u32,
    /// Different tokens; more than 51,864 when it knows more languages than English.
    pub vocabulary: u32,
}

/// Why a file is no whisper model.
#[derive(Debug)]
pub enum Unusable {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It ends before its content does.
    Truncated,
    /// It is something else; the text says what gave it away.
    NotAModel(String),
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(error) => write!(to, "the model file cannot be read: {error}"),
            Self::Truncated => write!(to, "the model file is cut off: it ends before its content does"),
            Self::NotAModel(why) => write!(to, "the file is no whisper.cpp model: {why}"),
        }
    }
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::Unreadable(error),
        }
    }
}

/// Walks through the file.
pub fn inspect(path: &Path) -> Result<Header, Unusable> {
    let file = File::open(path)?;
    let file_bytes = file.metadata()?.len();
    Walk { from: BufReader::new(file), at: 0, end: file_bytes }.whole()
}

struct Walk {
    from: BufReader<File>,
    at: u64,
    end: u64,
}

impl Walk {
    fn whole(mut self) -> Result<Header, Unusable> {
        if self.number()? != MAGIC {
            return Err(Unusable::NotAModel("it does not begin with the mark of one".into()));
        }
        let vocabulary = self.within("vocabulary", 1..=1_000_000)?;
        let audio_context = self.within("audio context", 1..=100_000)?;
        let width = self.within("audio width", 1..=65_536)?;
        let heads = self.within("audio heads", 1..=1024)?;
        let audio_layers = self.within("audio layers", 1..=1024)?;
        let _text_context = self.within("text context", 1..=100_000)?;
        let text_width = self.within("text width", 1..=65_536)?;
        let text_heads = self.within("text heads", 1..=1024)?;
        let text_layers = self.within("text layers", 1..=1024)?;
        let mels = self.within("mel bands", 1..=1024)?;
        let format = self.within("format", 0..=10_000)?;
        if width != text_width || width % heads != 0 || width % text_heads != 0 {
            return Err(Unusable::NotAModel("the sizes in its header do not fit together".into()));
        }
        let filter_bands = self.within("filter bands", 1..=1024)?;
        let filter_bins = self.within("filter bins", 1..=65_536)?;
        if filter_bands != mels {
            return Err(Unusable::NotAModel("its filters do not fit its header".into()));
        }
        self.skip(u64::from(filter_bands) * u64::from(filter_bins) * 4)?;
        for _ in 0..self.within("listed words", 1..=1_000_000)? {
            let length = self.number()?;
            self.skip(u64::from(length))?;
        }
        if self.at == self.end {
            return Err(Unusable::Truncated);
        }
        while self.at < self.end {
            self.tensor()?;
        }
        Ok(Header { file_bytes: self.end, audio_context, audio_layers, text_layers, format, vocabulary })
    }

    fn tensor(&mut self) -> Result<(), Unusable> {
        let dimensions = self.within("tensor dimensions", 1..=4)?;
        let name_length = self.within("tensor name", 1..=256)?;
        let (block, block_bytes) = block_of(self.number()?)?;
        let mut elements = 1_u64;
        for _ in 0..dimensions {
            // The product stays below 2^31, as whisper.cpp counts with 32 bits.
            elements *= u64::from(self.within("tensor size", 1..=i32::MAX as u32)?);
            if elements > i32::MAX as u64 {
                return Err(Unusable::NotAModel("one of its tensors is too large".into()));
            }
        }
        self.skip(u64::from(name_length))?;
        self.skip(elements / block * block_bytes)
    }

    fn number(&mut self) -> Result<u32, Unusable> {
        let mut bytes = [0; 4];
        self.from.read_exact(&mut bytes)?;
        self.at += 4;
        Ok(u32::from_le_bytes(bytes))
    }

    fn within(&mut self, what: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, Unusable> {
        let number = self.number()?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(Unusable::NotAModel(format!("{what} {number} makes no sense")))
        }
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Unusable> {
        if bytes > self.end - self.at {
            return Err(Unusable::Truncated);
        }
        self.at += bytes;
        self.from.seek(SeekFrom::Start(self.at)).map(drop).map_err(Unusable::Unreadable)
    }
}

/// Elements and bytes of one block of a ggml type (`ggml.h`, `ggml-common.h`).
fn block_of(kind: u32) -> Result<(u64, u64), Unusable> {
    Ok(match kind {
        0 => (1, 4),
        1 | 30 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        _ => return Err(Unusable::NotAModel(format!("a tensor is in the unknown format {kind}"))),
    })
}
