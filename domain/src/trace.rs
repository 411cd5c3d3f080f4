//! What belongs together beyond one process: a request, the jobs that it leads to, and what those lead to.
//!
//! Who keeps traces is the server's business, and a shop may do without. Here a place in a trace is a line of text, the
//! `traceparent` of W3C Trace Context, which is kept with each job.

use std::sync::OnceLock;

/// Characters of a place in a trace: version, trace, span and flags (W3C Trace Context, 3.2).
pub const LENGTH: usize = 55;

/// Who knows where in which trace one is.
#[derive(Clone, Copy, Debug)]
pub struct Keeper {
    /// The place of what is being done now; none where nobody traces it.
    pub here: fn() -> Option<String>,
    /// What is being done now has to do with what goes on at that place.
    pub link: fn(&str),
}

static KEEPER: OnceLock<Keeper> = OnceLock::new();

/// Has traces kept by somebody, for as long as the process lives. The first one stays.
pub fn kept_by(keeper: Keeper) {
    let _ = KEEPER.set(keeper);
}

/// Whether anybody keeps traces.
pub(crate) fn is_kept() -> bool {
    KEEPER.get().is_some()
}

/// Where what is being done now stands.
pub(crate) fn here() -> Option<String> {
    KEEPER.get().and_then(|keeper| (keeper.here)()).filter(|place| place.len() == LENGTH)
}

/// Notes that what is being done now has to do with what goes on elsewhere.
pub(crate) fn link(place: &str) {
    if let Some(keeper) = KEEPER.get() {
        (keeper.link)(place);
    }
}
