//! Writing samples: raw for the engine, as WAV for people.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of 16-bit mono samples, little-endian, that appears under its name only when it is whole. One that is not
/// finished is removed.
#[derive(Debug)]
pub struct PcmFile {
    path: PathBuf,
    partial: PathBuf,
    /// None once it is finished.
    file: Option<BufWriter<File>>,
    samples: u64,
    /// Samples a second, when it is to be a WAV file.
    wav_rate: Option<u32>,
}

/// The name under which a file grows.
pub fn partial(path: &Path) -> PathBuf {
    let mut partial = path.to_owned();
    partial.as_mut_os_string().push(".partial");
    partial
}

/// Bytes of the header: RIFF, `fmt `, `data`.
const HEADER_BYTES: u32 = 44;

impl PcmFile {
    /// Raw samples without a header.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn raw(path: &Path) -> io::Result<Self> {
        Self::create(path, None)
    }

    /// A WAV file.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn wav(path: &Path, rate: u32) -> io::Result<Self> {
        let mut wav = Self::create(path, Some(rate))?;
        wav.writer()?.write_all(&header(rate, 0))?;
        Ok(wav)
    }

    fn create(path: &Path, wav_rate: Option<u32>) -> io::Result<Self> {
        let partial = partial(path);
        let file = Some(BufWriter::with_capacity(1 << 18, File::create(&partial)?));
        Ok(Self { path: path.to_owned(), partial, file, samples: 0, wav_rate })
    }

    fn writer(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }

    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Appends samples between -1 and 1; what is louder is cut off.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        let file = self.writer()?;
        for sample in samples {
            #[expect(clippy::cast_possible_truncation, reason = "clamped to 16 bits")]
            let value = (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
            file.write_all(&value.to_le_bytes())?;
        }
        self.samples += samples.len() as u64;
        Ok(())
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let written = self.complete(file);
        if written.is_err() {
            // The disk may be full: what lies there helps nobody.
            let _ = std::fs::remove_file(&self.partial);
        }
        written
    }

    fn complete(&self, file: BufWriter<File>) -> io::Result<()> {
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Some(rate) = self.wav_rate {
            let bytes = u32::try_from(self.samples * 2).map_err(|_| io::Error::other("too long for a WAV file"))?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&header(rate, bytes))?;
        }
        file.sync_all()?;
        drop(file);
        std::fs::rename(&self.partial, &self.path)
    }
}

impl Drop for PcmFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.partial);
        }
    }
}

/// The header of a 16-bit mono WAV file with so many bytes of samples.
fn header(rate: u32, bytes: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(44);
    header.extend(b"RIFF");
    header.extend(bytes.saturating_add(HEADER_BYTES - 8).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    header.extend([1_u16, 1].into_iter().flat_map(u16::to_le_bytes));
    header.extend([rate, rate * 2].into_iter().flat_map(u32::to_le_bytes));
    header.extend([2_u16, 16].into_iter().flat_map(u16::to_le_bytes));
    header.extend(b"data");
    header.extend(bytes.to_le_bytes());
    header
}
