//! Drawn covers as pixels, for what shows no drawings: shared links, lock screens. Each is made once and remembered, one is
//! made at a time, and there is room for so many: a stranger who asks for all of them keeps one processor busy at most.

use super::{BrokeOff, Shared, on_a_thread};
use pictures::{Refusal, rasterise};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// What is shown with a shared link, in pixels (Open Graph).
pub const SHARED_SIDE: u32 = 1200;
/// What is remembered, in bytes: some hundred covers.
const ROOM: usize = 48 << 20;

/// Whose cover is drawn now.
static TURN: Semaphore = Semaphore::const_new(1);

/// The drawing of a title at a time, so many pixels wide.
type Key = (String, i64, u32);

/// The remembered ones.
#[derive(Debug)]
pub struct Drawings {
    shelf: Mutex<Shelf>,
    /// In bytes.
    room: usize,
}

impl Default for Drawings {
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

#[derive(Debug, Default)]
struct Shelf {
    made: HashMap<Key, (Shared, u64)>,
    bytes: usize,
    /// Counts the looks, so that what nobody looked at for longest goes first.
    now: u64,
}

impl Drawings {
    pub fn with_room(room: usize) -> Self {
        Self { shelf: Mutex::default(), room }
    }

    /// The drawing of a title as PNG. `version` changes with the title; `svg` draws it.
    ///
    /// # Errors
    /// The inner error when it cannot be drawn.
    pub async fn png(
        &self,
        slug: &str,
        version: i64,
        side: u32,
        svg: impl FnOnce() -> String,
    ) -> Result<Result<Shared, Refusal>, BrokeOff> {
        let key = (slug.to_owned(), version, side);
        if let Some(made) = self.look(&key) {
            return Ok(Ok(made));
        }
        let _turn = TURN.acquire().await.map_err(|_| BrokeOff)?;
        // Whoever waited while the same one was made finds it.
        if let Some(made) = self.look(&key) {
            return Ok(Ok(made));
        }
        let svg = svg();
        let made = on_a_thread(move || rasterise(&svg, side)).await?;
        Ok(made.map(|png| self.remember(key, png.into())))
    }

    fn look(&self, key: &Key) -> Option<Shared> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.now += 1;
        let now = shelf.now;
        let (png, looked_at) = shelf.made.get_mut(key)?;
        *looked_at = now;
        Some(png.clone())
    }

    fn remember(&self, key: Key, png: Shared) -> Shared {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.now += 1;
        let now = shelf.now;
        shelf.bytes += png.len();
        if let Some((before, _)) = shelf.made.insert(key, (png.clone(), now)) {
            shelf.bytes -= before.len();
        }
        while shelf.bytes > self.room && shelf.made.len() > 1 {
            let oldest = shelf.made.iter().min_by_key(|(_, (_, looked_at))| *looked_at).map(|(key, _)| key.clone());
            let Some((gone, _)) = oldest.and_then(|oldest| shelf.made.remove(&oldest)) else { break };
            shelf.bytes -= gone.len();
        }
        png
    }

    /// How many are remembered, and their bytes.
    #[cfg(test)]
    pub fn held(&self) -> (usize, usize) {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        (shelf.made.len(), shelf.bytes)
    }
}
