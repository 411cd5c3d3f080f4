//! Pictures: covers and portraits, checked, made smaller and encoded; drawings made into pixels.
//!
//! What comes in is whatever people have; what goes out was encoded here, so that nothing of a file but its pixels ever
//! reaches a browser: no place where a photograph was taken, no script behind the last byte. Colours are taken as sRGB
//! and a colour profile is left out: covers are made for screens. All of it computes; call it where that may take a while.

mod decode;
mod draw;
mod encode;
pub mod faces;
mod refusal;

pub use decode::{LEAST_SIDE, MOST_BYTES, MOST_PIXELS, MOST_SIDE, Picture, known_ending, open};
pub use draw::rasterise;
pub use encode::{Made, SIDES, sizes};
pub use refusal::Refusal;
