//! What the first frame may say of the whole file: Xing's and LAME's header, or Fraunhofer's VBRI.

use super::header::Header;

/// Samples that a decoder gives later than they went in.
const DECODER_DELAY: u32 = 529;

/// The description of a file. Nothing in it is believed by itself: files are joined, and some are written before they are
/// complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Frames after this one.
    pub frames: Option<u64>,
    /// Bytes of the file's sound, this frame included.
    pub bytes: Option<u64>,
    /// Samples before the first that was recorded, and after the last.
    pub lead: u32,
    pub tail: u32,
}

impl Info {
    /// Reads the description; none where the frame is sound.
    pub fn read(header: &Header, frame: &[u8]) -> Option<Self> {
        if header.layer != 3 {
            return None;
        }
        let crc = if header.protected { 2 } else { 0 };
        let xing = [0, crc].iter().find_map(|more| {
            let at = frame.get(header.info_at() + more..)?;
            (at.starts_with(b"Xing") || at.starts_with(b"Info")).then_some(at)
        });
        xing.and_then(Self::xing).or_else(|| frame.get(36..).filter(|at| at.starts_with(b"VBRI")).and_then(Self::vbri))
    }

    fn xing(at: &[u8]) -> Option<Self> {
        let flags = number(at, 4)?;
        let mut info = Self::default();
        let mut next = 8;
        if flags & 1 != 0 {
            info.frames = number(at, next).map(u64::from).filter(|frames| *frames > 0);
            next += 4;
        }
        if flags & 2 != 0 {
            info.bytes = number(at, next).map(u64::from).filter(|bytes| *bytes > 0);
            next += 4;
        }
        next += if flags & 4 != 0 { 100 } else { 0 };
        next += if flags & 8 != 0 { 4 } else { 0 };
        // The maker's name, and 21 bytes later twelve bits each for what was put in front and behind.
        let maker = at.get(next..next + 4).unwrap_or_default();
        if maker.iter().any(u8::is_ascii_alphanumeric)
            && let Some([a, b, c]) = at.get(next + 21..next + 24)
        {
            let front = u32::from(*a) << 4 | u32::from(*b >> 4);
            let behind = u32::from(*b & 0xF) << 8 | u32::from(*c);
            info.lead = front + DECODER_DELAY;
            info.tail = behind.saturating_sub(DECODER_DELAY);
        }
        Some(info)
    }

    fn vbri(at: &[u8]) -> Option<Self> {
        let bytes = number(at, 10).map(u64::from).filter(|bytes| *bytes > 0);
        let frames = number(at, 14).map(u64::from).filter(|frames| *frames > 0);
        Some(Self { frames, bytes, ..Self::default() })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
