//! Accounts that open by the word of another, such as Google.

#[cfg(feature = "ssr")]
pub mod id_tokens;
#[cfg(feature = "ssr")]
mod identities;
mod refusal;

#[cfg(feature = "ssr")]
pub use identities::{
    ExternalIdentity, google_link_status, is_of, link, log_in, note_reauthentication, note_refused, unlink,
};
pub use refusal::GoogleRefusal;
