//! Accounts that open by the word of another, such as Google.

#[cfg(feature = "ssr")]
pub mod id_tokens;
#[cfg(feature = "ssr")]
mod identities;
mod refusal;

#[cfg(feature = "ssr")]
pub use identities::{Testimony, is_of, link, log_in, note_proof, note_refused, standing, unlink};
pub use refusal::GoogleRefusal;
