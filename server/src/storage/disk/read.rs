//! Reading a stretch of a file piece by piece. The file is opened once for each request and kept until its last piece went:
//! keeping it for the next one would save some microseconds and hold the room of files that are deleted.

use bytes::Bytes;
use futures::Stream;
use futures::stream;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// How much of a file is in memory while it streams, in bytes.
const PIECE: u64 = 64 * 1024;

/// A file that is read from one place to another, and the piece that comes next.
pub(super) struct Begun {
    file: File,
    rest: Range<u64>,
    piece: Bytes,
}

/// Opens a file and reads the first piece of `range`.
pub(super) fn begin(path: &Path, range: Range<u64>) -> io::Result<Begun> {
    next(File::open(path)?, range)
}

/// The pieces, without a copy of any. A file that is shorter than it was ends early.
pub(super) fn pieces(begun: Begun) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(Some(begun), |begun| async move {
        let Some(Begun { file, rest, piece }) = begun.filter(|begun| !begun.piece.is_empty()) else { return Ok(None) };
        let more = if rest.is_empty() { None } else { Some(blocking(move || next(file, rest)).await?) };
        Ok(Some((piece, more)))
    })
}

fn next(file: File, range: Range<u64>) -> io::Result<Begun> {
    let wanted = range.end.saturating_sub(range.start).min(PIECE);
    let mut piece = vec![0; usize::try_from(wanted).map_err(io::Error::other)?];
    let mut have = 0;
    while have < piece.len() {
        match file.read_at(&mut piece[have..], range.start + have as u64) {
            Ok(0) => break,
            Ok(more) => have += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    piece.truncate(have);
    Ok(Begun { file, rest: range.start + have as u64..range.end, piece: piece.into() })
}

/// On a thread that may wait for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
