//! How the two processes speak: frames of a kind (one byte), a length (four bytes, big-endian) and so many bytes.

use std::io::{self, ErrorKind, Read, Write};

/// A [`super::Task`] as JSON.
pub const TASK: u8 = b't';
/// Bytes that were asked for.
pub const BYTES: u8 = b'y';
/// It gets on.
pub const ALIVE: u8 = b'a';
/// Bytes are wanted: the place (eight bytes) and how many (four bytes), big-endian.
pub const READ: u8 = b'r';
/// What comes beside the answer.
pub const BESIDE: u8 = b'b';
/// A [`super::Answer`] as JSON: the last frame.
pub const ANSWER: u8 = b'd';

/// Bytes in front of each frame.
pub const HEAD: usize = 5;
/// The most that is asked for at once, in bytes.
pub const PIECE: u32 = 256 << 10;

pub fn head(kind: u8, length: u32) -> [u8; HEAD] {
    let [a, b, c, d] = length.to_be_bytes();
    [kind, a, b, c, d]
}

/// The kind and the length.
pub fn of_head([kind, a, b, c, d]: [u8; HEAD]) -> (u8, u32) {
    (kind, u32::from_be_bytes([a, b, c, d]))
}

/// A place and how many bytes from there, of a frame that wants some.
pub fn of_read(content: &[u8]) -> Option<(u64, u32)> {
    let (at, most) = content.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*at), u32::from_be_bytes(most.try_into().ok()?)))
}

/// # Errors
/// When the other end does not listen, or for more than a frame holds.
pub fn write(to: &mut impl Write, kind: u8, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
    to.write_all(&head(kind, length))?;
    to.write_all(content)?;
    to.flush()
}

/// The next frame; none at the end.
///
/// # Errors
/// When it cannot be read, or is longer than `most` bytes.
pub fn read(from: &mut impl Read, most: u32) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut first = [0; HEAD];
    match from.read_exact(&mut first) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (kind, length) = of_head(first);
    if length > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut content = vec![0; length as usize];
    from.read_exact(&mut content)?;
    Ok(Some((kind, content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut line = Vec::new();
        write(&mut line, READ, &[&7_u64.to_be_bytes()[..], &9_u32.to_be_bytes()].concat()).unwrap();
        write(&mut line, ALIVE, &[]).unwrap();
        let mut line = line.as_slice();
        let (kind, content) = read(&mut line, 12).unwrap().unwrap();
        assert_eq!((kind, of_read(&content)), (READ, Some((7, 9))));
        assert_eq!(read(&mut line, 0).unwrap(), Some((ALIVE, Vec::new())));
        assert_eq!(read(&mut line, 0).unwrap(), None);
        assert!(read(&mut head(TASK, 13).as_slice(), 12).is_err());
    }
}
