//! Samples from a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use engine_protocol::{Identify, PcmFormat, SAMPLE_RATE, Transcribe};

use crate::Failure;

/// Where the samples of a chunk lie.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    path: &'a Path,
    format: PcmFormat,
    offset: u64,
    count: u64,
}

impl<'a> From<&'a Transcribe> for Place<'a> {
    fn from(request: &'a Transcribe) -> Self {
        let Transcribe { pcm_path: path, pcm_format, offset_samples, sample_count, .. } = request;
        Self { path, format: *pcm_format, offset: *offset_samples, count: *sample_count }
    }
}

impl<'a> From<&'a Identify> for Place<'a> {
    fn from(request: &'a Identify) -> Self {
        let Identify { pcm_path: path, pcm_format, offset_samples, sample_count, .. } = request;
        Self { path, format: *pcm_format, offset: *offset_samples, count: *sample_count }
    }
}

/// Reads the chunk that is asked for, as floats between -1 and 1.
///
/// `window_ms` is the most that the model can hear; a longer chunk would lose its end unnoticed, so it is refused.
pub fn read(place: Place<'_>, window_ms: u32) -> Result<Vec<f32>, Failure> {
    if place.count == 0 {
        return Err(Failure::bad_input("the chunk has no samples"));
    }
    let most = u64::from(window_ms) * u64::from(SAMPLE_RATE) / 1000;
    if place.count > most {
        return Err(Failure::bad_input(format!(
            "the chunk has {} samples, and the model hears {most} ({window_ms} ms) at once",
            place.count
        )));
    }
    let bytes = bytes(place).map_err(|error| {
        let path = place.path.display();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            let end = place.offset.saturating_add(place.count);
            Failure::bad_input(format!("{path} ends before sample {end}"))
        } else {
            Failure::bad_input(format!("{path} cannot be read: {error}"))
        }
    })?;
    let samples: Vec<f32> = match place.format {
        PcmFormat::S16le => bytes.as_chunks().0.iter().map(|b| f32::from(i16::from_le_bytes(*b)) / 32_768.0).collect(),
        PcmFormat::F32le => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
    };
    match samples.iter().position(|sample| !sample.is_finite()) {
        Some(at) => Err(Failure::bad_input(format!("sample {} is not a number", place.offset + at as u64))),
        None => Ok(samples.into_iter().map(|sample| sample.clamp(-1.0, 1.0)).collect()),
    }
}

fn bytes(place: Place<'_>) -> io::Result<Vec<u8>> {
    let too_far = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let size = place.format.sample_bytes();
    let mut file = File::open(place.path)?;
    file.seek(SeekFrom::Start(place.offset.checked_mul(size).ok_or_else(too_far)?))?;
    let length = usize::try_from(place.count * size).map_err(|_| too_far())?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
