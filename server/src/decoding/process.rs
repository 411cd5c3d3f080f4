//! One decoder: a child process that is started for a task, listened to, and killed with all that it started.

use super::{Content, DecodingError};
use crate::production::engine::is_for_engines;
use rustix::process::{Pid, Signal, kill_process_group};
use sound::AudioError;
use sound::apart::{Answer, LONGEST_ANSWER, MOST_MEMORY, OUT_OF_MEMORY, Task, frame};
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// Bytes of its own words that are kept.
const MOST_WORDS: u64 = 8 * 1024;
/// How long it may take to end once it has said all.
const ENDING: Duration = Duration::from_secs(5);

/// What the program is asked to be: a decoder of sound.
pub(super) const SOUND: &str = "decode";

pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    words: JoinHandle<String>,
    patience: Duration,
}

impl Process {
    /// # Errors
    /// [`DecodingError::Broken`] when the program is not there.
    pub fn start(program: &Path, command: &str, patience: Duration) -> Result<Self, DecodingError> {
        let not_started = |error: std::io::Error| {
            DecodingError::Broken(format!("{} could not be started: {error}", program.display()))
        };
        let mut child = Command::new(program)
            .arg0("lectern")
            .arg(command)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_for_engines)))
            // A group of its own, which is ended as a whole.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(not_started)?;
        let (Some(input), Some(output), Some(words)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(DecodingError::Broken("has no pipes".to_owned()));
        };
        Ok(Self { child, input, output, words: tokio::spawn(listen(words)), patience })
    }

    /// The answer and what comes beside it. The input stays open meanwhile: its end ends the process.
    pub async fn ask(&mut self, task: &Task, content: Option<&Content>) -> Result<(Answer, Vec<u8>), DecodingError> {
        let line = serde_json::to_vec(task).map_err(|error| AudioError::Io(error.into()))?;
        let mut beside = Vec::new();
        let mut sent = self.send(frame::TASK, &line).await;
        loop {
            let heard = match sent {
                Ok(()) => self.heard(task.name(), task.most_beside()).await?,
                Err(_) => None,
            };
            let Some((kind, bytes)) = heard else { return Err(self.ended(task.name()).await) };
            sent = Ok(());
            match (kind, content) {
                (frame::ALIVE, _) => {}
                (frame::READ, Some(content)) => {
                    let (at, most) = frame::of_read(&bytes).ok_or_else(|| too_much(task.name()))?;
                    let piece = content.piece(at, most.min(frame::PIECE)).await?;
                    sent = self.send(frame::BYTES, &piece).await;
                }
                (frame::BESIDE, _) => beside = bytes,
                (frame::ANSWER, _) => {
                    let answer = serde_json::from_slice(&bytes);
                    self.let_go().await;
                    return answer.map(|answer| (answer, beside)).map_err(|_| too_much(task.name()));
                }
                _ => return Err(too_much(task.name())),
            }
        }
    }

    /// The next frame; none when it is gone, or on its way.
    ///
    /// # Errors
    /// When it says more than it may, or nothing for too long.
    pub(super) async fn heard(&mut self, name: &str, most_beside: u64) -> Result<Option<(u8, Vec<u8>)>, DecodingError> {
        match tokio::time::timeout(self.patience, next(&mut self.output, most_beside)).await {
            Ok(Ok(frame)) => Ok(Some(frame)),
            Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => Err(too_much(name)),
            Ok(Err(_)) => Ok(None),
            Err(_) => Err(hung(name, self.patience)),
        }
    }

    /// It has nothing more to do; one that stays is ended when this is dropped.
    pub(super) async fn let_go(&mut self) {
        let _ = tokio::time::timeout(ENDING, self.child.wait()).await;
    }

    pub(super) async fn send(&mut self, kind: u8, content: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(content.len()).map_err(|_| std::io::Error::from(ErrorKind::InvalidInput))?;
        let sent = async {
            self.input.write_all(&frame::head(kind, length)).await?;
            self.input.write_all(content).await?;
            self.input.flush().await
        };
        match tokio::time::timeout(self.patience, sent).await {
            Ok(sent) => sent,
            Err(_) => Err(ErrorKind::TimedOut.into()),
        }
    }

    /// Why it ended before it had answered.
    pub(super) async fn ended(&mut self, name: &str) -> DecodingError {
        let status = tokio::time::timeout(ENDING, self.child.wait()).await;
        let _ = self.child.start_kill();
        let words = tokio::time::timeout(ENDING, &mut self.words).await;
        let words = words.ok().and_then(Result::ok).unwrap_or_default();
        tracing::warn!(?status, words = %words.trim_end(), "a decoder ended before it had answered");
        match status {
            Ok(Ok(status)) => verdict(name, status, &words),
            _ => hung(name, ENDING),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // None once it was waited for: then nothing of it is left.
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = id {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// What its end says of the file.
fn verdict(name: &str, status: ExitStatus, words: &str) -> DecodingError {
    let called = called(name);
    if words.contains(OUT_OF_MEMORY) {
        let most = MOST_MEMORY >> 20;
        return DecodingError::Harmful(format!(
            "{called} wants more than {most} MB of memory to be decoded, which no recording needs: it is damaged. Export it \
             anew and upload it again."
        ));
    }
    // Nobody kills a decoder but the shop, its operator, and a system that is out of memory itself.
    const FROM_OUTSIDE: [i32; 4] = [1, 2, 9, 15];
    if status.signal().is_some_and(|signal| FROM_OUTSIDE.contains(&signal)) {
        return DecodingError::Broken(format!("was ended from outside ({status})"));
    }
    DecodingError::Harmful(format!(
        "{called} made the decoder break off ({status}): it is damaged. Export it anew and upload it again."
    ))
}

/// It did not get on.
pub(super) fn hung(name: &str, after: Duration) -> DecodingError {
    DecodingError::Harmful(format!(
        "{} kept the decoder busy for {} s to no purpose: it is damaged. Export it anew and upload it again.",
        called(name),
        after.as_secs().max(1)
    ))
}

pub(super) fn too_much(name: &str) -> DecodingError {
    DecodingError::Harmful(format!(
        "{} says more of itself than any recording does: it is damaged. Export it anew and upload it again.",
        called(name)
    ))
}

fn called(name: &str) -> String {
    if name == "This file" { name.to_owned() } else { format!("“{name}”") }
}

/// The next frame, no longer than its kind may be.
async fn next(output: &mut (impl AsyncRead + Unpin), most_beside: u64) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; frame::HEAD];
    output.read_exact(&mut head).await?;
    let (kind, length) = frame::of_head(head);
    let most = match kind {
        frame::ALIVE => 0,
        frame::READ => 12,
        frame::BESIDE => most_beside,
        frame::ANSWER => u64::from(LONGEST_ANSWER),
        _ => return Err(ErrorKind::InvalidData.into()),
    };
    if u64::from(length) > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut content = vec![0; length as usize];
    output.read_exact(&mut content).await?;
    Ok((kind, content))
}

/// The beginning of its own words; what is beyond is read and forgotten.
async fn listen(mut words: ChildStderr) -> String {
    let mut said = Vec::new();
    let _ = (&mut words).take(MOST_WORDS).read_to_end(&mut said).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    let _ = tokio::io::copy(&mut words, &mut tokio::io::sink()).await;
    said
}

/// This program, even when another has taken its place on the disk; of a test, the `lectern` that was built with it.
pub(super) fn own_program() -> PathBuf {
    let name = format!("lectern{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().unwrap_or_default();
    let is_lectern = own.file_name().is_some_and(|own| {
        let own = own.to_string_lossy();
        own.strip_suffix(" (deleted)").unwrap_or(&own) == name
    });
    if is_lectern {
        let running = Path::new("/proc/self/exe");
        return if running.exists() { running.to_owned() } else { own };
    }
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    beside.into_iter().find(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(name))
}
