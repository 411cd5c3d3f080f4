//! Where sound and text may go: into the world by https, and into the shop's own network only where that is configured.

use super::Failure;
use crate::webhooks::reach::{Target, in_the_world, machines};
use domain::providers::address::{Reach, checked_address};
use std::net::{IpAddr, Ipv6Addr};
use url::Url;

/// Where Amazon and Google tell a machine its secrets, within what is given out to networks of one's own.
const SECRETS: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// Finds the machines of an operation of a provider.
///
/// # Errors
/// [`Failure::NotAllowed`] when it stands where nothing is sent, [`Failure::Unreachable`] when nobody knows its name.
pub async fn target(address: &str, operation: &str, reach: Reach) -> Result<Target, Failure> {
    let malformed = || Failure::NotAllowed("its address is none that may be asked".to_owned());
    let address = checked_address(address, reach).map_err(|_| malformed())?;
    let url = Url::parse(&format!("{address}{operation}")).map_err(|_| malformed())?;
    let secret = url.scheme() == "https";
    let may = |ip| (secret && in_the_world(ip)) || (reach.private && in_the_house(ip));
    machines(url, may).await.map_err(|why| {
        let why = why.trim_end_matches('.').to_owned();
        if why.starts_with("Nobody knows") { Failure::Unreachable(why) } else { Failure::NotAllowed(why) }
    })
}

/// Whether an address is one of a network of one's own, or this machine. Those that are given to a machine by its link are
/// not: clouds tell their secrets there.
fn in_the_house(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback() || (ip.is_unique_local() && !SECRETS.contains(&ip)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_sent_into_a_private_network_unless_that_is_configured_and_never_where_clouds_keep_secrets() {
        let private = Reach { private: true };
        for address in ["https://10.1.2.3/v1", "https://127.0.0.1/v1", "https://[fd00::1]/v1"] {
            assert!(target(address, "/chat/completions", Reach::default()).await.is_err(), "{address}");
            assert!(target(address, "/chat/completions", private).await.is_ok(), "{address}");
        }
        for address in [
            "http://169.254.169.254/v1",
            "https://169.254.169.254/v1",
            "https://[fe80::1]/v1",
            "http://[fd00:ec2::254]/v1",
            "http://[fd20:ce::254]/v1",
        ] {
            assert!(target(address, "", private).await.is_err(), "{address}");
        }
        assert!(target("http://1.1.1.1/v1", "", private).await.is_err(), "a key goes into the world by https alone");
        let found = target("https://1.1.1.1/v1/", "/audio/transcriptions", Reach::default()).await.unwrap();
        assert_eq!(found.url.as_str(), "https://1.1.1.1/v1/audio/transcriptions");
    }
}
