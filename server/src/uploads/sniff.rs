//! Whether a file is audio that the shop can play, told from its content and never from its name.

use crate::storage::{self, Seekable};
use sound::AudioError;
use sound::source::Window;

pub use sound::sniff::{KINDS, Kind};

const BROKEN: &str = "This begins like audio, but no sound could be decoded from it. The file may be damaged.";

/// Decodes the beginning of a file. The inner error is why it is not taken, in a sentence for the person who sent it.
///
/// # Errors
/// When the storage fails: that says nothing about the file.
pub async fn sniff(content: Seekable) -> storage::Result<Result<Kind, String>> {
    let listen = || -> Result<Kind, AudioError> { sound::sniff::kind(&Window::new(content)?) };
    // A decoder that panics over a malformed file ends its own thread's work, and the file is refused.
    match tokio::task::spawn_blocking(listen).await {
        Ok(Ok(kind)) => Ok(Ok(kind)),
        Ok(Err(AudioError::Io(error))) => Err(error.into()),
        Ok(Err(error)) => Ok(Err(error.to_string())),
        Err(_) => Ok(Err(BROKEN.to_owned())),
    }
}
