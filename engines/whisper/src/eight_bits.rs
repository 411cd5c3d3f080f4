//! A model with its weights in eight bits (ggml's `Q8_0`: blocks of 32, a scale for each), made once and kept beside it.
//!
//! Which weights are made smaller is as in whisper.cpp's own program (`examples/quantize`): all matrices but the places and two
//! biases. The others stay as they are.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The format of a file in `Q8_0`, with the version of the blocks (`GGML_FTYPE_MOSTLY_Q8_0`, `GGML_QNT_VERSION`), and the type of
/// a tensor in it.
const FORMAT: u32 = 2 * 1_000 + 7;
const EIGHT_BITS: u32 = 8;
const FLOAT: u32 = 0;
const HALF: u32 = 1;

/// Weights of one block.
const BLOCK: usize = 32;

/// Numbers of the header after its mark, the last of which is the format.
const HEADER: usize = 11;

const LEFT_ALONE: [&str; 4] =
    ["encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding"];

/// The file beside a model that holds it in eight bits, made if it is not there. `model` has been looked into: it is whole.
///
/// # Errors
/// When it cannot be read, or its folder cannot be written.
pub fn beside(model: &Path) -> io::Result<PathBuf> {
    let to = model.with_extension("q8_0.bin");
    if to.is_file() {
        return Ok(to);
    }
    // Another engine may make it at the same time.
    let part = model.with_extension(format!("q8_0.{}.part", std::process::id()));
    let made = File::open(model).and_then(|from| {
        let mut to = BufWriter::new(File::create(&part)?);
        make(&mut BufReader::new(from), &mut to)?;
        to.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    });
    match made.and_then(|()| fs::rename(&part, &to)) {
        Ok(()) => Ok(to),
        Err(error) => {
            let _ = fs::remove_file(&part);
            Err(error)
        }
    }
}

fn make(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    pass_on(from, to, 4)?;
    let mut numbers = [0; HEADER];
    for number in &mut numbers {
        *number = take(from)?;
    }
    numbers[HEADER - 1] = FORMAT;
    for number in numbers {
        put(to, number)?;
    }
    let (bands, bins) = (take(from)?, take(from)?);
    put(to, bands)?;
    put(to, bins)?;
    pass_on(from, to, u64::from(bands) * u64::from(bins) * 4)?;
    let words = take(from)?;
    put(to, words)?;
    for _ in 0..words {
        let length = take(from)?;
        put(to, length)?;
        pass_on(from, to, u64::from(length))?;
    }
    while tensor(from, to)? {}
    Ok(())
}

/// One tensor; false where there is none any more.
fn tensor(from: &mut impl Read, to: &mut impl Write) -> io::Result<bool> {
    let dimensions = match take(from) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        dimensions => dimensions?,
    };
    let (name_length, kind) = (take(from)?, take(from)?);
    let sizes: Vec<u32> = (0..dimensions).map(|_| take(from)).collect::<io::Result<_>>()?;
    let mut name = vec![0; name_length as usize];
    from.read_exact(&mut name)?;
    let elements: u64 = sizes.iter().map(|size| u64::from(*size)).product();
    let in_blocks = sizes.first().is_some_and(|row| (*row as usize).is_multiple_of(BLOCK));
    let smaller = dimensions == 2
        && in_blocks
        && (kind == FLOAT || kind == HALF)
        && !LEFT_ALONE.iter().any(|other| other.as_bytes() == name);
    put(to, dimensions)?;
    put(to, name_length)?;
    put(to, if smaller { EIGHT_BITS } else { kind })?;
    for size in sizes {
        put(to, size)?;
    }
    to.write_all(&name)?;
    let bytes = match kind {
        FLOAT => 4,
        HALF => 2,
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "its weights are in few bits already")),
    };
    if !smaller {
        pass_on(from, to, elements * bytes)?;
        return Ok(true);
    }
    for _ in 0..elements / BLOCK as u64 {
        let mut weights = [0.0; BLOCK];
        for weight in &mut weights {
            *weight = if kind == HALF { half(take_half(from)?) } else { f32::from_bits(take(from)?) };
        }
        block(&weights, to)?;
    }
    Ok(true)
}

fn block(weights: &[f32; BLOCK], to: &mut impl Write) -> io::Result<()> {
    let largest = weights.iter().fold(0.0, |largest: f32, weight| largest.max(weight.abs()));
    let scale = largest / 127.0;
    to.write_all(&as_half(scale).to_le_bytes())?;
    let by = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let eights = weights.map(|weight| (weight * by).round().clamp(-127.0, 127.0) as i8 as u8);
    to.write_all(&eights)
}

/// A number of 16 bits (IEEE 754, binary16).
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15), u32::from((bits >> 10) & 31), u32::from(bits & 1_023));
    match (exponent, fraction) {
        (0, _) => (if sign == 1 { -1.0 } else { 1.0 }) * fraction as f32 / 16_777_216.0,
        (31, _) => f32::from_bits((sign << 31) | (255 << 23) | (fraction << 13)),
        _ => f32::from_bits((sign << 31) | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

/// The nearest number of 16 bits to one that is not negative, not larger than those can be.
fn as_half(number: f32) -> u16 {
    // The smallest normal one; below it there are steps of a fixed size.
    if number < 6.103_515_6e-5 {
        return (number * 16_777_216.0).round_ties_even() as u16;
    }
    let bits = number.to_bits();
    let (kept, lost) = (bits >> 13, bits & 8_191);
    let up = u32::from(lost > 4_096 || (lost == 4_096 && kept % 2 == 1));
    u16::try_from(kept + up - (112 << 10)).unwrap_or(0x7bff).min(0x7bff)
}

fn take(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn take_half(from: &mut impl Read) -> io::Result<u16> {
    let mut bytes = [0; 2];
    from.read_exact(&mut bytes)?;
    Ok(u16::from_le_bytes(bytes))
}

fn put(to: &mut impl Write, number: u32) -> io::Result<()> {
    to.write_all(&number.to_le_bytes())
}

fn pass_on(from: &mut impl Read, to: &mut impl Write, bytes: u64) -> io::Result<()> {
    match io::copy(&mut from.take(bytes), to)? {
        passed if passed == bytes => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file;

    #[test]
    fn numbers_of_16_bits_are_read_and_written_as_ieee_754_has_it() {
        for (bits, number) in
            [(0x0000, 0.0), (0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)]
        {
            assert_eq!(half(bits), number, "{bits:#06x}");
            if number >= 0.0 {
                assert_eq!(as_half(number), bits, "{number}");
            }
        }
        assert_eq!(as_half(1.0 + 1.0 / 2_048.0), 0x3c00, "halfway goes to the even one");
        assert_eq!(as_half(1.0e9), 0x7bff, "no larger than the largest");
    }

    #[test]
    fn a_block_keeps_its_weights_to_a_254th_of_the_largest() {
        let weights: [f32; BLOCK] = std::array::from_fn(|at| (at as f32 - 15.5) / 31.0);
        let mut written = Vec::new();
        block(&weights, &mut written).unwrap();
        assert_eq!(written.len(), 34);
        let scale = half(u16::from_le_bytes([written[0], written[1]]));
        for (weight, eight) in weights.iter().zip(&written[2..]) {
            let kept = f32::from(eight.cast_signed()) * scale;
            assert!((kept - weight).abs() <= 0.5 / 254.0 + 0.001, "{weight} became {kept}");
        }
    }

    /// A file with the header of a model, one matrix of 64 weights in 16 bits, and a row of four numbers.
    fn model() -> Vec<u8> {
        let mut file = b"lmgg".to_vec();
        // One word, one band of one bin; the rest is as small as it can be.
        for number in [1, 1, 32, 1, 1, 1, 32, 1, 1, 1, 1, 1, 1] {
            file.extend(u32::to_le_bytes(number));
        }
        file.extend(1.0_f32.to_le_bytes());
        for number in [1, 1] {
            file.extend(u32::to_le_bytes(number));
        }
        file.push(b'a');
        for number in [2, 6, HALF, 32, 2] {
            file.extend(u32::to_le_bytes(number));
        }
        file.extend(b"matrix");
        file.extend([0_u8, 0x3c].repeat(64));
        for number in [1, 3, FLOAT, 4] {
            file.extend(u32::to_le_bytes(number));
        }
        file.extend(b"row");
        file.extend([0_u8; 16]);
        file
    }

    #[test]
    fn a_model_in_eight_bits_is_whole_and_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        fs::write(&path, model()).unwrap();
        let before = model_file::inspect(&path).unwrap();
        let small = beside(&path).unwrap();
        assert_eq!(small, folder.path().join("model.q8_0.bin"));
        let after = model_file::inspect(&small).unwrap();
        assert_eq!((before.format, after.format), (1, FORMAT));
        // Two blocks of 34 bytes for 64 weights of two.
        assert_eq!(before.file_bytes - after.file_bytes, 128 - 68);
        assert_eq!(beside(&path).unwrap(), small);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "and nothing else is left");
    }
}
