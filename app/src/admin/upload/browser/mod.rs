//! The part that only a browser does: reading files, talking to the shop.

mod choose;
mod request;
mod runner;
mod tus;

pub use choose::{chosen, dropped};
pub use runner::{add, discard, go_on, pause, remove, replace};

use super::queue::Queue;
use std::cell::RefCell;
use std::collections::HashMap;
use web_sys::{File, XmlHttpRequest};

/// A file that was chosen, and where it lay.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub path: String,
    pub file: File,
}

/// What the tab remembers beside the queue: things of the browser's that are no plain data.
#[derive(Default)]
struct Tab {
    queue: Queue,
    files: HashMap<u32, File>,
    /// The request that sends a file now, and whose it is.
    sending: Option<(u32, XmlHttpRequest)>,
    running: bool,
    next: u32,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::default();
}

/// The queue of this tab.
pub fn queue() -> Queue {
    TAB.with_borrow(|tab| tab.queue.clone())
}
