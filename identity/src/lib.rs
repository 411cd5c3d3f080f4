//! The way in: who is asking, and what they may do. Pages, the API, uploads and streams go through the same functions; none
//! of them knows how an answer is sent.

mod backend;
mod client_info;
pub mod cookies;
mod error;
mod guards;
mod reauthentication;
mod session;
mod shown_once;
mod sign_in;

pub use backend::{AuthSession, Backend, Credentials, SessionUser, as_seen};
pub use client_info::{ClientInfo, actor};
pub use cookies::RequestCookies;
pub use error::{Error, Result};
pub use guards::{allow, note_refusal, require_recent_login, require_recent_login_or_password, require_user};
pub use reauthentication::{has_recent_login, is_recent, note_reauthentication};
pub use session::{close_session, open_session, session_key};
pub use shown_once::{show_once, take_shown_once};
pub use sign_in::{LoginOutcome, local_path, sign_in, verify_two_factor};
