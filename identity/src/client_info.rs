//! Where a request comes from.

use crate::AuthSession;
use domain::Actor;
use std::net::IpAddr;

/// Where a request comes from, as the server found out.
#[derive(Clone, Debug, Default)]
pub struct ClientInfo {
    pub ip: Option<IpAddr>,
    /// What the browser or program calls itself.
    pub user_agent: Option<String>,
}

/// Who sends a request, and from where, by what the layers in front of every handler left with it.
pub fn actor(extensions: &http::Extensions) -> Actor {
    let client = extensions.get::<ClientInfo>().cloned().unwrap_or_default();
    let visitor = Actor::visitor(client.ip, client.user_agent.as_deref());
    match extensions.get::<AuthSession>().and_then(|session| session.user.as_ref()) {
        Some(account) => visitor.known_as(account.user.id, &account.user.email),
        None => visitor,
    }
}
