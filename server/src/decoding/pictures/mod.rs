//! Reading pictures that people send, each in a process of its own: `lectern decode-picture`, with bounded memory and a time
//! after which it is ended. The worst picture is refused, and the shop goes on.

mod own;
#[cfg(test)]
mod tests;

pub use own::serve;

use super::DecodingError;
use super::process::{self, Process};
use ::pictures::{MOST_BYTES, Made, Refusal, known_ending};
use serde::{Deserialize, Serialize};
use sound::apart::frame;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Reading a large picture takes some hundred megabytes and a second of a processor: one at a time is read for a shop.
static DESK: Semaphore = Semaphore::const_new(1);

/// Bytes of memory that the process may hold: the largest picture that is taken, with sixteen bits a colour, turned.
const MOST_MEMORY: u64 = 768 << 20;
/// How long any picture may take, on the slowest machine.
const LONGEST: Duration = Duration::from_secs(120);
/// A picture in one of the sizes of pages has fewer bytes.
const MOST_MADE: u64 = 16 << 20;
/// What the program is asked to be.
const COMMAND: &str = "decode-picture";
/// What the file is called where its end is told.
const NAME: &str = "A picture";

/// What the process is asked for; the picture comes behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Task {
    /// To look at it, to its last pixel.
    Look,
    /// To make the sizes that pages ask for.
    Sizes,
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Answer {
    /// The ending of its kind.
    Seen(String),
    /// WebP and JPEG of each came before.
    Made(Vec<Size>),
    /// The code of a [`Refusal`].
    Refused(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Size {
    side: u32,
    width: u32,
    height: u32,
}

/// The process could not be started or was ended by somebody else: that says nothing of the picture.
#[derive(Debug, thiserror::Error)]
#[error("work on a picture broke off")]
pub struct BrokeOff;

/// Starts such processes.
#[derive(Clone, Debug)]
pub struct Reader {
    /// None: this program, or the `lectern` beside it.
    program: Option<PathBuf>,
    longest: Duration,
}

impl Default for Reader {
    fn default() -> Self {
        Self { program: None, longest: LONGEST }
    }
}

impl Reader {
    /// With another program, which may take so long.
    #[must_use]
    pub fn with_program(self, program: PathBuf, longest: Duration) -> Self {
        Self { program: Some(program), longest }
    }

    /// The ending of a picture's kind, such as `jpg`, once all of it was looked at. The inner error is why it is none that the
    /// shop takes.
    ///
    /// # Errors
    /// [`BrokeOff`].
    pub async fn look(&self, bytes: &[u8]) -> Result<Result<&'static str, Refusal>, BrokeOff> {
        Ok(match self.ask(Task::Look, bytes).await? {
            Ok((Answer::Seen(ending), _)) => known_ending(&ending).ok_or(Refusal::Damaged),
            Ok(_) => Err(Refusal::Damaged),
            Err(refusal) => Err(refusal),
        })
    }

    /// [`::pictures::sizes`].
    ///
    /// # Errors
    /// [`BrokeOff`].
    pub async fn sizes(&self, bytes: &[u8]) -> Result<Result<Vec<Made>, Refusal>, BrokeOff> {
        Ok(match self.ask(Task::Sizes, bytes).await? {
            Ok((Answer::Made(sizes), files)) if files.len() == sizes.len() * 2 => {
                let mut files = files.into_iter();
                let mut made = Vec::with_capacity(sizes.len());
                for Size { side, width, height } in sizes {
                    let (Some(webp), Some(jpeg)) = (files.next(), files.next()) else { break };
                    made.push(Made { side, width, height, webp, jpeg });
                }
                Ok(made)
            }
            Ok(_) => Err(Refusal::Damaged),
            Err(refusal) => Err(refusal),
        })
    }

    /// What the process says of a picture. One that ends it, keeps it busy for too long or wants too much memory is refused.
    async fn ask(&self, task: Task, bytes: &[u8]) -> Result<Result<(Answer, Vec<Vec<u8>>), Refusal>, BrokeOff> {
        if bytes.len() > MOST_BYTES {
            return Ok(Err(Refusal::TooManyBytes));
        }
        // Never closed.
        let _seat = DESK.acquire().await.map_err(|_| BrokeOff)?;
        let program = self.program.clone().unwrap_or_else(process::own_program);
        let asked = async {
            let mut process = Process::start(&program, COMMAND, self.longest)?;
            exchange(&mut process, task, bytes).await
        };
        let answered = tokio::time::timeout(self.longest, asked).await;
        match answered.unwrap_or_else(|_| Err(process::hung(NAME, self.longest))) {
            Ok((Answer::Refused(code), _)) => Ok(Err(Refusal::by_code(&code).unwrap_or(Refusal::Damaged))),
            Ok(answer) => Ok(Ok(answer)),
            Err(DecodingError::Harmful(says)) => {
                tracing::warn!(says, bytes = bytes.len(), "a picture harmed the process that read it");
                Ok(Err(Refusal::Damaged))
            }
            Err(error) => {
                tracing::error!(%error, "work on a picture broke off");
                Err(BrokeOff)
            }
        }
    }
}

/// Gives a process its task, and takes the answer and the files before it.
async fn exchange(process: &mut Process, task: Task, bytes: &[u8]) -> Result<(Answer, Vec<Vec<u8>>), DecodingError> {
    let line = serde_json::to_vec(&task).map_err(|error| DecodingError::Broken(error.to_string()))?;
    let sent = match process.send(frame::TASK, &line).await {
        Ok(()) => process.send(frame::BYTES, bytes).await,
        failed => failed,
    };
    let mut files = Vec::new();
    loop {
        let heard = if sent.is_ok() { process.heard(NAME, MOST_MADE).await? } else { None };
        match heard {
            Some((frame::ALIVE, _)) => {}
            Some((frame::BESIDE, file)) if files.len() < ::pictures::SIDES.len() * 2 => files.push(file),
            Some((frame::ANSWER, answer)) => {
                process.let_go().await;
                let answer = serde_json::from_slice(&answer).map_err(|_| process::too_much(NAME))?;
                return Ok((answer, files));
            }
            Some(_) => return Err(process::too_much(NAME)),
            None => return Err(process.ended(NAME).await),
        }
    }
}
