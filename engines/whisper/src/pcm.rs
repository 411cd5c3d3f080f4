//! Samples from a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use engine_protocol::{PcmFormat, SAMPLE_RATE, Transcribe};

use crate::Failure;

/// Reads the chunk that is asked for, as floats between -1 and 1.
///
/// `window_ms` is the most that the model can hear; a longer chunk would lose its end unnoticed, so it is refused.
pub fn read(request: &Transcribe, window_ms: u32) -> Result<Vec<f32>, Failure> {
    if request.sample_count == 0 {
        return Err(Failure::bad_input("the chunk has no samples"));
    }
    let most = u64::from(window_ms) * u64::from(SAMPLE_RATE) / 1000;
    if request.sample_count > most {
        return Err(Failure::bad_input(format!(
            "the chunk has {} samples, and the model hears {most} ({window_ms} ms) at once",
            request.sample_count
        )));
    }
    let bytes = bytes(request).map_err(|error| {
        let path = request.pcm_path.display();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            let end = request.offset_samples.saturating_add(request.sample_count);
            Failure::bad_input(format!("{path} ends before sample {end}"))
        } else {
            Failure::bad_input(format!("{path} cannot be read: {error}"))
        }
    })?;
    let samples: Vec<f32> = match request.pcm_format {
        PcmFormat::S16le => bytes.as_chunks().0.iter().map(|b| f32::from(i16::from_le_bytes(*b)) / 32_768.0).collect(),
        PcmFormat::F32le => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
    };
    match samples.iter().position(|sample| !sample.is_finite()) {
        Some(at) => Err(Failure::bad_input(format!("sample {} is not a number", request.offset_samples + at as u64))),
        None => Ok(samples.into_iter().map(|sample| sample.clamp(-1.0, 1.0)).collect()),
    }
}

fn bytes(request: &Transcribe) -> io::Result<Vec<u8>> {
    let too_far = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let size = request.pcm_format.sample_bytes();
    let mut file = File::open(&request.pcm_path)?;
    file.seek(SeekFrom::Start(request.offset_samples.checked_mul(size).ok_or_else(too_far)?))?;
    let length = usize::try_from(request.sample_count * size).map_err(|_| too_far())?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
