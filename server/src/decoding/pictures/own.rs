//! The process's own side: it bounds itself, reads the one picture that it is sent, answers and ends.

use super::{Answer, MOST_MEMORY, Size, Task};
use ::pictures::{MOST_BYTES, Refusal, open, sizes};
use sound::apart::{Frames, confined, frame};
use std::io::{self, ErrorKind};
use std::process::ExitCode;

/// Does the task that comes over standard input, and answers over standard output.
pub fn serve() -> ExitCode {
    confined(MOST_MEMORY, u32::try_from(MOST_BYTES).unwrap_or(u32::MAX), work)
}

fn work(frames: Frames) -> io::Result<()> {
    let gone = |_| io::Error::from(ErrorKind::UnexpectedEof);
    let (frame::TASK, task) = frames.recv().map_err(gone)? else { return Err(ErrorKind::InvalidData.into()) };
    let (frame::BYTES, picture) = frames.recv().map_err(gone)? else { return Err(ErrorKind::InvalidData.into()) };
    let (answer, files) = answer(serde_json::from_slice(&task)?, &picture)
        .unwrap_or_else(|refusal| (Answer::Refused(refusal.code().to_owned()), Vec::new()));
    let mut out = io::stdout().lock();
    for file in files {
        frame::write(&mut out, frame::BESIDE, &file)?;
    }
    frame::write(&mut out, frame::ANSWER, &serde_json::to_vec(&answer)?)
}

/// The answer, and the files that come before it.
fn answer(task: Task, picture: &[u8]) -> Result<(Answer, Vec<Vec<u8>>), Refusal> {
    let picture = open(picture)?;
    if task == Task::Look {
        return Ok((Answer::Seen(picture.extension.to_owned()), Vec::new()));
    }
    let mut files = Vec::new();
    let mut made = Vec::new();
    for one in sizes(&picture)? {
        made.push(Size { side: one.side, width: one.width, height: one.height });
        files.extend([one.webp, one.jpeg]);
    }
    Ok((Answer::Made(made), files))
}
