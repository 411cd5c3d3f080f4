//! The process's own side: it bounds itself, does its task and ends.

use super::{Answer, Failed, MOST_MEMORY, Task, frame, without_cover};
use crate::source::Window;
use crate::{AudioError, Limits, Pulse, excerpt, facts, pcm, sniff, streaming};
use rustix::process::{Resource, Rlimit, Signal};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What comes over standard input: the kind of each frame and its content.
pub type Frames = Receiver<(u8, Vec<u8>)>;

/// How often it says that it gets on.
const ALIVE_EVERY: Duration = Duration::from_secs(1);
/// The longest frame that it is sent: a task, or a piece of content.
const LONGEST_FRAME: u32 = 1 << 20;
/// How far below the shop's pages it stands in line for the processors (`nice`).
const NICENESS: i32 = 5;

/// Does the task that comes over standard input, and answers over standard output.
pub fn serve() -> ExitCode {
    confined(MOST_MEMORY, LONGEST_FRAME, work)
}

/// Does work that no more memory is lent than `most_memory` bytes, and that ends with whoever asked for it. It is given the
/// frames that come over standard input, none longer than `longest` bytes.
pub fn confined(most_memory: u64, longest: u32, work: impl FnOnce(Frames) -> io::Result<()>) -> ExitCode {
    match bound_memory(most_memory).and_then(|()| listen(longest)).and_then(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern decode: {error}");
            ExitCode::FAILURE
        }
    }
}

fn listen(longest: u32) -> io::Result<Frames> {
    let (give, frames) = sync_channel(1);
    std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        while let Ok(Some(content)) = frame::read(&mut io::stdin().lock(), longest) {
            if give.send(content).is_err() {
                return;
            }
        }
        // Whoever asked is gone, and nobody waits for an answer.
        end_with_all();
    })?;
    Ok(frames)
}

fn work(frames: Frames) -> io::Result<()> {
    let task = match frames.recv() {
        Ok((frame::TASK, content)) => serde_json::from_slice(&content)?,
        _ => return Err(ErrorKind::InvalidData.into()),
    };
    if !matches!(task, Task::Sniff { .. }) {
        // As far as the system allows it.
        let _ = rustix::process::nice(NICENESS);
    }
    let (answer, beside) =
        answer(task, frames).unwrap_or_else(|error| (Answer::Failed(Failed::from(error)), Vec::new()));
    let mut out = io::stdout().lock();
    if !beside.is_empty() {
        frame::write(&mut out, frame::BESIDE, &beside)?;
    }
    frame::write(&mut out, frame::ANSWER, &serde_json::to_vec(&answer)?)
}

/// The limit of the data segment counts what is written to alone, and not what is only mapped; `ffmpeg` inherits it.
fn bound_memory(most: u64) -> io::Result<()> {
    let usual = rustix::process::getrlimit(Resource::Data);
    let most = Some(usual.maximum.unwrap_or(u64::MAX).min(most));
    rustix::process::setrlimit(Resource::Data, Rlimit { current: most, maximum: most })?;
    // What is left of a process that died of a file helps nobody, and is as large as its memory.
    Ok(rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}

/// Ends this process, and `ffmpeg` where it was asked: both are in the group that the process was started in.
fn end_with_all() {
    let own = rustix::process::getpid();
    if rustix::process::getpgrp() == own {
        let _ = rustix::process::kill_process_group(own, Signal::KILL);
    }
    std::process::exit(1);
}

/// The answer, and what comes beside it.
fn answer(task: Task, frames: Frames) -> Result<(Answer, Vec<u8>), AudioError> {
    let pulse = Pulse::new(tell());
    Ok(match task {
        Task::Sniff { size } => {
            let file = Window::new(Asked { frames: Mutex::new(frames), size, at: 0, piece: Vec::new(), piece_at: 0 })?;
            (Answer::Kind(sniff::kind(&file)?.extension.to_owned()), Vec::new())
        }
        Task::LookInto { path, name, most_ms } => {
            let mut facts = Box::new(facts::look_into(&path, &name, &Limits { most_ms }, &pulse)?);
            let cover = without_cover(&mut facts.tags);
            (Answer::Facts(facts), cover)
        }
        Task::ToPcm { path, name, to, rate, counted_ms } => {
            let decoded = pcm::to_pcm(&path, &name, &to, rate, counted_ms, &pulse)?;
            let pcm::Decoded { levels, duration_ms, lost_ms, provider } = decoded;
            (Answer::Decoded { duration_ms, lost_ms, provider }, levels)
        }
        Task::Copy { path, name, to, counted_ms } => {
            (Answer::Copied(streaming::write(&path, &name, &to, counted_ms, &pulse)?), Vec::new())
        }
        Task::Excerpt { path, name, start_ms, end_ms, to } => {
            (Answer::Excerpt(excerpt::write(&path, &name, start_ms..end_ms, &to, &pulse)?), Vec::new())
        }
    })
}

/// Says now and then that it gets on.
fn tell() -> impl Fn() + Send + Sync {
    let last = Mutex::new(Instant::now());
    move || {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= ALIVE_EVERY {
            *last = Instant::now();
            // When nobody listens the end of the other line is on its way.
            let _ = frame::write(&mut io::stdout().lock(), frame::ALIVE, &[]);
        }
    }
}

/// Content that the other process has, asked for piece by piece.
struct Asked {
    frames: Mutex<Frames>,
    size: u64,
    at: u64,
    piece: Vec<u8>,
    piece_at: u64,
}

impl Asked {
    fn fetch(&mut self) -> io::Result<()> {
        let most = u32::try_from(self.size - self.at).unwrap_or(u32::MAX).min(frame::PIECE);
        let wanted = [&self.at.to_be_bytes()[..], &most.to_be_bytes()].concat();
        frame::write(&mut io::stdout().lock(), frame::READ, &wanted)?;
        match self.frames.lock().unwrap_or_else(PoisonError::into_inner).recv() {
            Ok((frame::BYTES, piece)) if !piece.is_empty() => (self.piece, self.piece_at) = (piece, self.at),
            _ => return Err(ErrorKind::ConnectionAborted.into()),
        }
        Ok(())
    }

    /// Where in the piece that is here the next byte stands.
    fn within(&self) -> Option<usize> {
        let within = usize::try_from(self.at.checked_sub(self.piece_at)?).ok()?;
        (within < self.piece.len()).then_some(within)
    }
}

impl Read for Asked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || into.is_empty() {
            return Ok(0);
        }
        if self.within().is_none() {
            self.fetch()?;
        }
        let here = self.within().map_or(&[][..], |within| &self.piece[within..]);
        let length = here.len().min(into.len());
        into[..length].copy_from_slice(&here[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Asked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
