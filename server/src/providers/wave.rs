//! Sound as a file that every program knows (RIFF WAVE, 16 bits, mono).

use engine_protocol::SAMPLE_RATE;

/// Bytes of the head.
const HEAD: usize = 44;

/// Raw samples, signed 16 bits and little-endian, with a head.
pub fn wave(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(HEAD + samples.len());
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(length + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    // Sixteen bytes that say: PCM, one channel, so many samples and bytes a second, two bytes and sixteen bits each.
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    file.extend_from_slice(&(SAMPLE_RATE * 2).to_le_bytes());
    file.extend_from_slice(&2_u16.to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(samples);
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use sound::{Limits, Pulse, facts};

    #[test]
    fn a_second_of_sound_is_a_file_of_a_second() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("second.wav");
        std::fs::write(&path, wave(&[0; 32_000])).unwrap();
        let found = facts::look_into(&path, "second.wav", &Limits::default(), &Pulse::default()).unwrap();
        assert_eq!(found.duration_ms, 1_000);
    }
}
