//! What a model file says of itself at its beginning (GGUF, <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>).

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What is read of a file, in bytes: what is said of the model comes before its vocabulary.
const BEGINNING: u64 = 64 * 1024;
/// Kinds of values, by the numbers that they have in a file.
const TEXT: u64 = 8;
const LIST: u64 = 9;
/// llama.cpp's `llama_pooling_type`: the vectors of a text's tokens become one by their mean, by the first or by the last.
const POOLED: std::ops::RangeInclusive<u64> = 1..=3;

/// Whether a file holds a model that was made to tell what texts mean: it says how the vectors of its tokens become one.
/// Blocks.
pub fn embeds(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    read.is_ok() && pooling(&beginning).is_some_and(|pooling| POOLED.contains(&pooling))
}

fn pooling(file: &[u8]) -> Option<u64> {
    let mut rest = file.strip_prefix(b"GGUF")?;
    // The version, and how many tensors there are.
    take(&mut rest, 12)?;
    for _ in 0..number(&mut rest, 8)? {
        let name = text(&mut rest)?;
        let kind = number(&mut rest, 4)?;
        if name.ends_with(b".pooling_type") && name.iter().filter(|sign| **sign == b'.').count() == 1 {
            return number(&mut rest, size(kind)?);
        }
        skip(&mut rest, kind)?;
    }
    None
}

fn skip(rest: &mut &[u8], kind: u64) -> Option<()> {
    match kind {
        TEXT => text(rest).map(drop),
        LIST => {
            let (kind, count) = (number(rest, 4)?, number(rest, 8)?);
            if kind == TEXT {
                return (0..count).try_for_each(|_| text(rest).map(drop));
            }
            take(rest, size(kind)?.checked_mul(count)?).map(drop)
        }
        kind => take(rest, size(kind)?).map(drop),
    }
}

/// Bytes of a number of this kind.
fn size(kind: u64) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest, 8)?;
    take(rest, length)
}

fn number(rest: &mut &[u8], bytes: u64) -> Option<u64> {
    Some(take(rest, bytes)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn take<'a>(rest: &mut &'a [u8], bytes: u64) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(usize::try_from(bytes).ok()?)?;
    *rest = left;
    Some(taken)
}

/// A file that says this of its pooling; for tests.
#[cfg(test)]
pub(super) fn file(pooling: u32) -> Vec<u8> {
    let mut file = b"GGUF\x03\0\0\0".to_vec();
    file.extend(0_u64.to_le_bytes());
    file.extend(4_u64.to_le_bytes());
    let mut entry = |name: &str, kind: u32, value: &[u8]| {
        file.extend((name.len() as u64).to_le_bytes());
        file.extend(name.as_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(value);
    };
    entry("general.architecture", 8, b"\x04\0\0\0\0\0\0\0bert");
    entry("general.tags", 9, b"\x08\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0en");
    entry("bert.context_length", 4, &512_u32.to_le_bytes());
    entry("bert.pooling_type", 4, &pooling.to_le_bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_tells_what_texts_mean_is_told_from_one_that_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        for (pooling, tells) in [(0, false), (1, true), (2, true), (3, true), (4, false)] {
            std::fs::write(&path, file(pooling)).unwrap();
            assert_eq!(embeds(&path), tells, "{pooling}");
        }
        let writer = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/demo/demo-writer.gguf");
        assert!(!embeds(Path::new(writer)) && !embeds(folder.path()));
    }

    #[test]
    fn a_file_that_is_cut_off_or_lies_of_its_lengths_is_no_such_model() {
        let whole = file(1);
        for length in 0..whole.len() {
            assert_eq!(pooling(&whole[..length]), None, "{length}");
        }
        let mut lies = whole;
        lies[24..32].fill(0xff);
        assert_eq!(pooling(&lies), None);
    }
}
