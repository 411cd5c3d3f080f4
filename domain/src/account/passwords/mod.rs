//! Passwords: as they are typed, how hard they are to guess, how they are kept and checked.

#[cfg(feature = "ssr")]
mod gate;
#[cfg(feature = "ssr")]
pub mod hashing;
#[cfg(feature = "ssr")]
mod own;
mod password;
pub mod strength;

#[cfg(feature = "ssr")]
pub(super) use own::verify_own;
pub use password::{Password, WeakPassword};
pub use strength::Strength;
