//! The four bytes in front of each frame of MPEG audio (ISO/IEC 11172-3 and 13818-3).

/// What a frame's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// 1, 2, or 25 for the extension to still lower rates.
    pub version: u8,
    /// 1 to 3.
    pub layer: u8,
    /// Samples a second.
    pub rate: u32,
    pub channels: u16,
    /// Bits a second.
    pub bits: u32,
    /// Bytes of the frame, these four included.
    pub size: usize,
    /// Samples of each channel.
    pub samples: u32,
    /// A checksum follows.
    pub protected: bool,
}

const KBITS_1: [[u32; 15]; 3] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
];
const KBITS_2: [[u32; 15]; 2] = [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

impl Header {
    /// Reads a header; none where the bytes are no header of a frame whose length is known.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let [0xFF, b1, b2, b3, ..] = bytes else { return None };
        if b1 & 0xE0 != 0xE0 {
            return None;
        }
        let (version, slower) = match b1 >> 3 & 3 {
            0 => (25, 4),
            2 => (2, 2),
            3 => (1, 1),
            _ => return None,
        };
        let layer = match b1 >> 1 & 3 {
            1 => 3,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        let kbits = usize::from(b2 >> 4);
        let table = match (version, layer) {
            (1, layer) => &KBITS_1[usize::from(layer) - 1],
            (_, 1) => &KBITS_2[0],
            _ => &KBITS_2[1],
        };
        // 0 means any rate of bits, told nowhere; 15 is no rate.
        let bits = *table.get(kbits).filter(|kbits| **kbits > 0)? * 1000;
        let rate = [44_100, 48_000, 32_000].get(usize::from(b2 >> 2 & 3))? / slower;
        let padding = u32::from(b2 >> 1 & 1);
        let samples = match (version, layer) {
            (_, 1) => 384,
            (1, _) | (_, 2) => 1152,
            _ => 576,
        };
        let size = if layer == 1 { (12 * bits / rate + padding) * 4 } else { samples / 8 * bits / rate + padding };
        let channels = if b3 >> 6 == 3 { 1 } else { 2 };
        if b3 & 3 == 2 {
            return None;
        }
        Some(Self { version, layer, rate, channels, bits, size: size as usize, samples, protected: b1 & 1 == 0 })
    }

    /// Whether two frames may stand beside each other in one stream; the number of channels may change.
    pub fn goes_with(&self, other: &Self) -> bool {
        (self.version, self.layer, self.rate) == (other.version, other.layer, other.rate)
    }

    /// Where the description of a whole file stands in its first frame, after header, checksum and side information.
    pub fn info_at(&self) -> usize {
        let side = match (self.version, self.channels) {
            (1, 1) => 17,
            (1, _) => 32,
            (_, 1) => 9,
            _ => 17,
        };
        4 + side
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_128_kbit_at_44100_hertz_has_417_bytes() {
        let header = Header::read(&[0xFF, 0xFB, 0x90, 0xC4]).unwrap();
        assert_eq!((header.size, header.samples, header.rate, header.channels), (417, 1152, 44_100, 1));
    }

    #[test]
    fn what_is_no_header_is_none() {
        for bytes in [[0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xD8, 0xFF, 0xE0], [0, 0, 0, 0], [0xFF, 0xEB, 0x90, 0]] {
            assert_eq!(Header::read(&bytes), None, "{bytes:?}");
        }
    }
}
