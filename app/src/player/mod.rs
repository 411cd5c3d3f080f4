//! The player. It lives above the router, so it plays on while pages change.
//!
//! `timeline`, `pace`, `words`, `place`, `keys` and `say` are plain rules without a browser in them; `browser` is all that
//! touches one; the rest joins the two.

mod bar;
mod browser;
pub mod controls;
mod keeping;
mod keys;
pub mod pace;
mod place;
pub mod read_along;
pub mod say;
mod state;
pub mod timeline;
mod transport;
mod wiring;
pub mod words;

pub use bar::PlayerBar;
pub use state::{Book, Player, provide_player, use_player};
