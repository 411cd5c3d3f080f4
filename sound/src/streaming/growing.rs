//! The pieces of a copy while it is made: a file that grows piece by piece, and is gone on with by whoever comes next.

use super::boxes::{self, Sound};
use crate::wav::partial;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Pieces after which the disk is asked to have them: a minute of sound.
const SYNCED: usize = 12;

/// Pieces that lie one after the other.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    file: File,
    /// Bytes of each.
    sizes: Vec<u32>,
}

impl Growing {
    /// Opens what was begun of the file `to`, or begins. The last pieces are left out: the disk may not have had them when
    /// the machine lost its power, and one may be the short one at the end.
    ///
    /// # Errors
    /// When it cannot be read or written, or somebody else is making it.
    pub fn open(to: &Path) -> io::Result<Self> {
        let path = partial(to);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        // Two workers may share a folder; a disk that knows no locks is taken as it is.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(io::Error::from(io::ErrorKind::ResourceBusy));
        }
        let mut sizes = whole_pieces(&mut file)?;
        sizes.truncate(sizes.len().saturating_sub(SYNCED));
        let length = sizes.iter().map(|size| u64::from(*size)).sum();
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Ok(Self { path, file, sizes })
    }

    /// Pieces that are there.
    pub fn pieces(&self) -> u32 {
        u32::try_from(self.sizes.len()).unwrap_or(u32::MAX)
    }

    /// # Errors
    /// When the disk is full.
    pub fn push(&mut self, packets: &[Vec<u8>], last: Option<u32>) -> io::Result<()> {
        let piece = boxes::piece(self.pieces(), packets, last);
        self.file.write_all(&piece)?;
        self.sizes.push(u32::try_from(piece.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?);
        if self.sizes.len().is_multiple_of(SYNCED) {
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// Puts the head in front of the pieces and gives the file its name.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self, to: &Path, sound: &Sound) -> io::Result<()> {
        let head = boxes::head(sound, &self.sizes);
        let mut whole_path = self.path.clone();
        whole_path.as_mut_os_string().push(".whole");
        let mut whole = File::create(&whole_path)?;
        whole.write_all(&head)?;
        self.file.seek(SeekFrom::Start(0))?;
        io::copy(&mut self.file, &mut whole)?;
        whole.write_all(&boxes::tail(head.len() as u64, &self.sizes))?;
        whole.sync_all()?;
        drop(whole);
        std::fs::rename(&whole_path, to)?;
        std::fs::remove_file(&self.path)
    }
}

/// The bytes of each piece at the beginning of a file that is all there.
fn whole_pieces(file: &mut File) -> io::Result<Vec<u32>> {
    let length = file.metadata()?.len();
    let mut from = BufReader::new(file);
    let (mut sizes, mut at) = (Vec::new(), 0_u64);
    loop {
        let mut size = 0_u64;
        for kind in [b"moof", b"mdat"] {
            from.seek(SeekFrom::Start(at + size))?;
            let mut head = [0; 8];
            match from.read_exact(&mut head) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(sizes),
                read => read?,
            }
            let [a, b, c, d, found @ ..] = head;
            let bytes = u32::from_be_bytes([a, b, c, d]);
            if found != *kind || bytes < 8 {
                return Ok(sizes);
            }
            size += u64::from(bytes);
        }
        let Some(piece) = u32::try_from(size).ok().filter(|_| at + size <= length) else { return Ok(sizes) };
        sizes.push(piece);
        at += size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_the_machine_stopped_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.m4a");
        let packets = vec![vec![5; 30]; boxes::PACKETS];
        let mut growing = Growing::open(&to).unwrap();
        for _ in 0..30 {
            growing.push(&packets, None).unwrap();
        }
        drop(growing);
        // The last piece was cut in its middle.
        let file = OpenOptions::new().write(true).open(partial(&to)).unwrap();
        file.set_len(file.metadata().unwrap().len() - 100).unwrap();
        let growing = Growing::open(&to).unwrap();
        assert_eq!(growing.pieces(), 17, "29 were whole, and a minute is made anew");
    }

    #[test]
    fn two_do_not_write_one_copy() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.m4a");
        let growing = Growing::open(&to).unwrap();
        assert_eq!(Growing::open(&to).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(growing);
        assert!(Growing::open(&to).is_ok());
    }

    #[test]
    fn what_is_no_piece_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.m4a");
        std::fs::write(partial(&to), vec![0; 5_000]).unwrap();
        assert_eq!(Growing::open(&to).unwrap().pieces(), 0);
        assert_eq!(std::fs::metadata(partial(&to)).unwrap().len(), 0);
    }
}
