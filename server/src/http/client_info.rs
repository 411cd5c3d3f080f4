//! Where a request comes from.

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Actor;
use http::request::Parts;
use http::{HeaderMap, header};
use identity::ClientInfo;
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The proxies that are believed.
pub type Proxies = Arc<[IpNet]>;

/// Leaves with every request where it comes from: the machine that connected, or, where that is a proxy of ours, the one
/// that it names.
pub async fn identify(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let client = ClientInfo {
        ip: peer.map(|peer| origin(peer, request.headers(), &proxies)),
        user_agent: user_agent.map(str::to_owned),
    };
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// The nearest machine on the way that is not a proxy of ours. Anybody can write `X-Forwarded-For`, so it is read from its
/// end, and only as far as our proxies wrote it.
fn origin(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let ours = |ip: IpAddr| proxies.iter().any(|network| network.contains(&ip));
    // By bytes: what a sender wrote at the beginning of a line must not take what our proxy wrote behind it along.
    let lines = headers.get_all("x-forwarded-for").iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let hops: Vec<&str> = lines.map(|hop| std::str::from_utf8(hop).unwrap_or_default()).collect();
    let mut ip = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        match address(hop.trim()) {
            Some(before) if ours(ip) => ip = before.to_canonical(),
            _ => break,
        }
    }
    ip
}

/// An address, perhaps with a port.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// Who sends a request, for the audit trail.
pub struct Acting(pub Actor);

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(identity::actor(&parts.extensions)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        origin(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn nobody_but_our_proxies_is_believed() {
        assert_eq!(from("192.0.2.1", &["198.51.100.9"], &[]), "192.0.2.1");
        assert_eq!(from("192.0.2.1", &["198.51.100.9"], &["10.0.0.0/8"]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.9"], &["10.0.0.0/8"]), "198.51.100.9");
        assert_eq!(
            from("10.0.0.1", &["203.0.113.1, 198.51.100.9"], &["10.0.0.0/8"]),
            "198.51.100.9",
            "the first is made up"
        );
        assert_eq!(from("10.0.0.1", &["203.0.113.1", "198.51.100.9, 10.0.0.2"], &["10.0.0.0/8"]), "198.51.100.9");
    }

    #[test]
    fn what_a_sender_writes_does_not_hide_what_our_proxy_wrote_behind_it() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", http::HeaderValue::from_bytes(b"\xc3\xa9, \xff, 203.0.113.9").unwrap());
        let seen = origin("10.0.0.1".parse().unwrap(), &headers, &["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(seen.to_string(), "203.0.113.9");
    }

    #[test]
    fn what_cannot_be_read_ends_the_search() {
        assert_eq!(from("10.0.0.1", &["198.51.100.9, unknown"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["[2001:db8::7]:4711"], &["10.0.0.0/8"]), "2001:db8::7");
        assert_eq!(from("10.0.0.1", &["198.51.100.9:80"], &["10.0.0.1/32"]), "198.51.100.9");
    }

    proptest! {
        #[test]
        fn any_chain_of_proxies_is_read_and_only_ours_are_believed(
            lines in prop::collection::vec(
                "([0-9a-f.:]{1,20}|10\\.0\\.0\\.[1-9]|[ -~]{0,20})(, ?[0-9a-f.:\\[\\]]{1,30}){0,4}",
                0..4,
            ),
        ) {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let (stranger, ours) = ("192.0.2.1".parse().unwrap(), "10.0.0.1".parse().unwrap());
            prop_assert_eq!(origin(stranger, &headers, &[]), stranger);
            prop_assert_eq!(origin(stranger, &headers, &["10.0.0.0/8".parse().unwrap()]), stranger);
            origin(ours, &headers, &["10.0.0.0/8".parse().unwrap()]);
        }
    }
}
