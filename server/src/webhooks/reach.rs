//! Where messages may go: into the world, never into the network that the shop stands in.

use domain::webhooks::address::{Reach, checked_address};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// An address with the machines that answer for it.
#[derive(Debug)]
pub struct Target {
    pub url: Url,
    pub host: String,
    pub addresses: Vec<SocketAddr>,
}

/// Finds the machines of an address. Every one has to be in the world: a name that leads into a private network as well is
/// refused whole.
///
/// # Errors
/// Why nothing is sent, as a sentence.
pub async fn resolved(address: &str, reach: Reach) -> Result<Target, String> {
    let address = checked_address(address, reach).map_err(|_| "The address may not be told anything.".to_owned())?;
    let url = Url::parse(&address).map_err(|_| "The address is malformed.".to_owned())?;
    let port = url.port_or_known_default().unwrap_or(443);
    let host = url.host_str().unwrap_or_default().to_owned();
    let addresses = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::from((ip, port))],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::from((ip, port))],
        Some(Host::Domain(name)) => {
            let found = tokio::net::lookup_host((name, port)).await;
            found.map_err(|_| format!("Nobody knows the name {name}."))?.collect()
        }
        None => Vec::new(),
    };
    if addresses.is_empty() {
        return Err(format!("Nobody knows the name {host}."));
    }
    let may = |ip: IpAddr| in_the_world(ip) || (reach.loopback && ip.to_canonical().is_loopback());
    if addresses.iter().all(|address| may(address.ip())) {
        Ok(Target { url, host, addresses })
    } else {
        Err(format!("{host} leads into a private network, where nothing is sent."))
    }
}

/// Whether an address is one that anybody in the world may have.
fn in_the_world(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => public_v4(ip),
        IpAddr::V6(ip) => public_v6(ip),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        // Shared by the customers of a network, for protocols, for measuring, and kept back (RFC 6598, 6890, 2544, 1112).
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let bits = ip.to_bits();
    // An IPv4 address within one of IPv6 leads to that (RFC 6052, 3056).
    if (a, b) == (0x64, 0xff9b) {
        return public_v4(Ipv4Addr::from_bits(low(bits)));
    }
    if a == 0x2002 {
        return public_v4(Ipv4Addr::from_bits(low(bits >> 80)));
    }
    // All others that are given out lie within 2000::/3 (RFC 4291); of these some are for examples and protocols.
    (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b == 0xdb8 || b < 0x200)) && (a & 0xfff0) != 0x3ff0
}

/// The lower 32 bits.
fn low(bits: u128) -> u32 {
    u32::try_from(bits & u128::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_into_a_private_network_however_it_is_written() {
        let world = |ip: &str| in_the_world(ip.parse().unwrap());
        for public in
            ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101", "2002:101:101::1"]
        {
            assert!(world(public), "{public}");
        }
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!world(private), "{private}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_unless_that_is_allowed() {
        let refused = resolved("https://169.254.169.254/latest/meta-data", Reach::default()).await.unwrap_err();
        assert!(refused.contains("private network"), "{refused}");
        assert!(resolved("https://[fd00::1]/", Reach { loopback: true }).await.is_err());
        let here = resolved("http://127.0.0.1:9000/hooks", Reach { loopback: true }).await.unwrap();
        assert_eq!(here.addresses, ["127.0.0.1:9000".parse().unwrap()]);
    }
}
