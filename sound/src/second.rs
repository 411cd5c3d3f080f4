//! The second decoder: the program `ffmpeg`, where it is installed, in a process of its own.
//!
//! It is asked for what the first decoder does not know. It may take a bounded time without a sign of life and a bounded
//! piece of memory at once, opens no other file than the one it is given and no network, and ends with its reader.

use crate::facts::Obstacle;
use crate::source::Window;
use crate::stream::{Block, Length, Stream};
use crate::{AudioError, plain};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// Without a sample for so long it is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that it may ask for at once.
const MOST_AT_ONCE: &str = "268435456";
/// What it may take a file for: containers, never lists of other files.
const CONTAINERS: &str = "aac,ac3,eac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dv,flac,flv,iff,matroska,webm,mov,mp3,mpc,mpc8,\
                          mpeg,mpegts,ogg,rm,tta,w64,wav,wv,xwma";
/// Blocks that wait to be taken.
const WAITING: usize = 8;
const BLOCK: usize = 1 << 16;
/// Of what it complains, the beginning is kept.
const MOST_SAID: u64 = 4_000;

/// Where the program is; looked up once, on the path.
static PROGRAM: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join("ffmpeg")).find(|program| program.is_file())
});

/// Whether there is a second decoder on this machine.
pub fn is_there() -> bool {
    PROGRAM.is_some()
}

/// A file that the program decodes.
pub struct Second {
    path: PathBuf,
    running: Running,
    rate: u32,
    channels: u32,
    rest: Vec<u8>,
}

struct Running {
    child: Mutex<Child>,
    blocks: Mutex<Receiver<Vec<u8>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // One that has ended by itself cannot be ended again.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Second {
    /// Begins to decode a file; none when the program is missing or does not know it either.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn open(path: &Path) -> Result<Option<Self>, AudioError> {
        let Some(program) = PROGRAM.as_ref() else { return Ok(None) };
        let Some((running, mut first)) = start(program, path)? else { return Ok(None) };
        // Enough for the header that stands in front of the samples.
        while first.len() < 128 {
            match running.block() {
                Ok(Some(more)) => first.extend(more),
                _ => break,
            }
        }
        let Some((rate, channels, at)) = header(&first) else { return Ok(None) };
        first.drain(..at);
        Ok(Some(Self { path: path.to_owned(), running, rate, channels, rest: first }))
    }
}

fn start(program: &Path, path: &Path) -> Result<Option<(Running, Vec<u8>)>, AudioError> {
    let mut from = std::ffi::OsString::from("file:");
    from.push(path);
    let mut child = Command::new(program)
        .args(["-nostdin", "-v", "error", "-max_alloc", MOST_AT_ONCE, "-threads", "1", "-protocol_whitelist", "file"])
        .args(["-format_whitelist", CONTAINERS, "-i"])
        .arg(from)
        .args([
            "-map",
            "0:a:0",
            "-vn",
            "-sn",
            "-dn",
            "-map_metadata",
            "-1",
            "-bitexact",
            "-c:a",
            "pcm_s16le",
            "-f",
            "wav",
        ])
        .arg("pipe:1")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let Some(mut from) = child.stdout.take() else { return Ok(None) };
    if let Some(complaints) = child.stderr.take() {
        std::thread::spawn(move || {
            let mut said = String::new();
            let mut complaints = complaints;
            let _ = complaints.by_ref().take(MOST_SAID).read_to_string(&mut said);
            // Read on, or the program waits for somebody to listen.
            let _ = std::io::copy(&mut complaints, &mut std::io::sink());
        });
    }
    let (give, take) = sync_channel(WAITING);
    std::thread::spawn(move || {
        loop {
            let mut block = Vec::with_capacity(BLOCK);
            let read = from.by_ref().take(BLOCK as u64).read_to_end(&mut block);
            if !matches!(read, Ok(1..)) || give.send(block).is_err() {
                return;
            }
        }
    });
    let running = Running { child: Mutex::new(child), blocks: Mutex::new(take) };
    Ok(Some((running, Vec::new())))
}

impl Running {
    fn block(&self) -> Result<Option<Vec<u8>>, AudioError> {
        let blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        match blocks.recv_timeout(PATIENCE) {
            Ok(block) => Ok(Some(block)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(AudioError::Unusable(
                "ffmpeg did not get on with this file. Convert it to MP3, M4B, FLAC or Opus.".into(),
            )),
        }
    }
}

/// Rate, channels, and where the samples begin, in the header of a WAV file that was written to a pipe.
fn header(bytes: &[u8]) -> Option<(u32, u32, usize)> {
    let file = Window::new(std::io::Cursor::new(bytes.to_vec())).ok()?;
    let data = bytes.windows(4).position(|four| four == b"data")? + 8;
    match plain::open(&file).ok()? {
        plain::Inside::Samples(samples) => Some((samples.rate(), samples.channels(), data)),
        _ => None,
    }
}

impl Stream for Second {
    fn codec(&self) -> &'static str {
        "other"
    }

    fn provider(&self) -> &'static str {
        "ffmpeg"
    }

    fn obstacle(&self) -> Option<Obstacle> {
        Some(Obstacle::Kind)
    }

    fn next(&mut self, out: &mut Vec<f32>) -> Result<Option<Block>, AudioError> {
        let frame = self.channels as usize * 2;
        while self.rest.len() < frame {
            match self.running.block()? {
                Some(more) => self.rest.extend(more),
                None => return Ok(None),
            }
        }
        let whole = self.rest.len() / frame * frame;
        out.extend(
            self.rest[..whole].chunks_exact(2).map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0),
        );
        self.rest.drain(..whole);
        Ok(Some(Block { rate: self.rate, channels: self.channels, lost: false }))
    }

    fn measure(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        let (mut length, mut samples) = (Length::default(), Vec::new());
        while let Some(block) = self.next(&mut samples)? {
            length.add(samples.len() as u64 / u64::from(block.channels.max(1)), block.rate);
            samples.clear();
            check(length.ms())?;
        }
        Ok(length.ms())
    }

    fn seek(&mut self, _at_ms: i64) -> Result<i64, AudioError> {
        if let Some(anew) = Self::open(&self.path)? {
            *self = anew;
        }
        Ok(0)
    }
}
