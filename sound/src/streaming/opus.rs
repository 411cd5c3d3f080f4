//! Encoding to Opus (RFC 6716), by the library that decodes it too.
#![expect(unsafe_code, reason = "libopus is written in C: its encoder is called here and nowhere else")]

use crate::AudioError;
use opusic_sys as libopus;
use std::ffi::c_int;
use std::io;
use std::ptr::NonNull;

/// Samples a second that go in, and that its times are counted in.
pub const RATE: u32 = 48_000;
/// Samples of each channel in a packet: 20 ms.
pub const FRAME: usize = 960;
/// The same, as the library counts.
const FRAME_SIZE: c_int = 960;
/// Bits a second of speech that nobody tells from the original, in one channel and in two.
const BITS: [i32; 2] = [48_000, 80_000];
/// Half of the greatest care: twice as quick, and no ear hears the difference at these rates of bits.
const COMPLEXITY: i32 = 6;
/// Bytes that the library asks for as the room of a packet.
const LARGEST_PACKET: usize = 4_000;

/// An encoder of one or two channels.
#[derive(Debug)]
pub struct Encoder {
    state: NonNull<libopus::OpusEncoder>,
    channels: usize,
}

impl Encoder {
    /// # Errors
    /// When the library has no memory left.
    pub fn new(channels: usize) -> Result<Self, AudioError> {
        let (channels, count, bits) = if channels == 2 { (2, 2, BITS[1]) } else { (1, 1, BITS[0]) };
        let mut failure: c_int = 0;
        // SAFETY: plain values, and a place for an error that outlives the call.
        let state =
            unsafe { libopus::opus_encoder_create(48_000, count, libopus::OPUS_APPLICATION_AUDIO, &raw mut failure) };
        let state = NonNull::new(state).ok_or_else(|| failed(failure))?;
        let encoder = Self { state, channels };
        encoder.set(libopus::OPUS_SET_BITRATE_REQUEST, bits)?;
        encoder.set(libopus::OPUS_SET_COMPLEXITY_REQUEST, COMPLEXITY)?;
        Ok(encoder)
    }

    fn set(&self, what: c_int, value: i32) -> Result<(), AudioError> {
        // SAFETY: the state is alive, and each request made here takes one 32-bit integer.
        let said = unsafe { libopus::opus_encoder_ctl(self.state.as_ptr(), what, value) };
        if said == libopus::OPUS_OK { Ok(()) } else { Err(failed(said)) }
    }

    /// Samples that come out before the first that went in (RFC 7845, 4.2: pre-skip).
    ///
    /// # Errors
    /// When the library does not say.
    pub fn delay(&self) -> Result<u16, AudioError> {
        let mut delay: i32 = 0;
        // SAFETY: the state is alive, and this request takes a place for one 32-bit integer, which outlives the call.
        let said = unsafe {
            libopus::opus_encoder_ctl(self.state.as_ptr(), libopus::OPUS_GET_LOOKAHEAD_REQUEST, &raw mut delay)
        };
        if said != libopus::OPUS_OK {
            return Err(failed(said));
        }
        u16::try_from(delay).map_err(|_| failed(delay))
    }

    /// Encodes [`FRAME`] samples of each channel, interleaved, to a packet.
    ///
    /// # Errors
    /// For another number of samples, or when the library refuses them.
    pub fn encode(&mut self, frame: &[f32]) -> Result<Vec<u8>, AudioError> {
        if frame.len() != FRAME * self.channels {
            return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
        }
        let mut packet = vec![0; LARGEST_PACKET];
        // SAFETY: the state is alive; `frame` holds as many samples as are said, `packet` as many bytes.
        let length = unsafe {
            let most = i32::try_from(packet.len()).unwrap_or(0);
            libopus::opus_encode_float(self.state.as_ptr(), frame.as_ptr(), FRAME_SIZE, packet.as_mut_ptr(), most)
        };
        packet.truncate(usize::try_from(length).map_err(|_| failed(length))?);
        Ok(packet)
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made by `opus_encoder_create`, and given back once.
        unsafe { libopus::opus_encoder_destroy(self.state.as_ptr()) };
    }
}

fn failed(code: c_int) -> AudioError {
    io::Error::other(format!("libopus refused to encode (error {code})")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_silence_is_fifty_small_packets() {
        let mut encoder = Encoder::new(1).unwrap();
        assert!((1..FRAME).contains(&usize::from(encoder.delay().unwrap())));
        let bytes: usize = (0..50).map(|_| encoder.encode(&[0.0; FRAME]).unwrap().len()).sum();
        assert!((50..6_000).contains(&bytes), "{bytes} bytes");
    }

    #[test]
    fn another_number_of_samples_is_refused() {
        assert!(Encoder::new(2).unwrap().encode(&[0.0; FRAME]).is_err());
    }
}
