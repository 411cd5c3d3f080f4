//! The way in: who is asking, and what they may do. Pages, the API, uploads and streams go through the same functions; none
//! of them knows how an answer is sent.

mod backend;
mod client_info;
pub mod cookies;
mod error;
mod guards;
mod reauthentication;
mod session;
mod sign_in;

pub use backend::{AuthSession, Backend, Credentials, SessionUser};
pub use client_info::{ClientInfo, actor};
pub use cookies::RequestCookies;
pub use error::{Error, Result};
pub use guards::{allow, note_refusal, require_beside_password, require_recent, require_user};
pub use reauthentication::{is_recent, note_proof};
pub use session::{close_session, open_session, session_key};
pub use sign_in::{LoginOutcome, local_path, pass_second_step, sign_in};
