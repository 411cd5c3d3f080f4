//! The player. It lives above the router, so it plays on while pages change.
//!
//! `timeline`, `playback_rate`, `spoken_words`, `resume_point`, `keys` and `say` are plain rules without a browser in them; `browser` is all that
//! touches one; the rest joins the two.

mod bar;
mod browser;
mod browser_events;
pub mod controls;
mod keys;
pub mod playback_rate;
mod position_sync;
pub mod read_along;
mod resume_point;
pub mod say;
pub mod spoken_words;
mod state;
pub mod timeline;
mod transport;

pub use bar::PlayerBar;
pub use state::{Book, Player, provide_player, use_player};
