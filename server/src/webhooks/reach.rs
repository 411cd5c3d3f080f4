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

/// Finds the machines of an address that messages go to.
///
/// # Errors
/// As [`machines`].
pub async fn resolved(address: &str, reach: Reach) -> Result<Target, String> {
    let address = checked_address(address, reach).map_err(|_| "The address may not be told anything.".to_owned())?;
    let url = Url::parse(&address).map_err(|_| "The address is malformed.".to_owned())?;
    machines(url, |ip| in_the_world(ip) || (reach.loopback && ip.to_canonical().is_loopback())).await
}

/// Finds the machines of an address. Each of them `may` be reached: a name that leads elsewhere as well is refused whole.
///
/// # Errors
/// Why nothing is sent, as a sentence.
pub async fn machines(url: Url, may: impl Fn(IpAddr) -> bool) -> Result<Target, String> {
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
    if addresses.iter().all(|address| may(address.ip())) {
        Ok(Target { url, host, addresses })
    } else {
        Err(format!("{host} leads into a private network, where nothing is sent."))
    }
}

/// Whether an address is one that anybody in the world may have.
pub fn in_the_world(ip: IpAddr) -> bool {
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
        // Shared by the customers of a network, for protocols, for what led to 6to4, for measuring, and kept back (RFC 6598,
        // 6890, 7526, 2544, 1112).
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

/// By the registry of special addresses at IANA. An IPv4 address within one of IPv6 leads to that.
fn public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, ..] = ip.segments();
    let bits = ip.to_bits();
    let inner = |bits: u128| public_v4(Ipv4Addr::from_bits(low(bits)));
    // The one prefix by which a translator leads into the world (RFC 6052). Those of 64:ff9b:1::/48 lead wherever a network
    // likes (RFC 8215).
    if [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return inner(bits);
    }
    // 6to4 (RFC 3056).
    if a == 0x2002 {
        return inner(bits >> 80);
    }
    // All others that are given out lie within 2000::/3 (RFC 4291). Of these some are for protocols, Teredo among them
    // (2001::/23, RFC 2928), and some for examples (RFC 3849, 9637) and trials that are over (RFC 3701).
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a & 0xfffe == 0x3ffe;
    // Whatever the network before it, what looks like this goes on by IPv4 within a house (ISATAP, RFC 5214).
    let in_a_house = e & 0xfdff == 0 && f == 0x5efe && !inner(bits);
    a & 0xe000 == 0x2000 && !special && !in_a_house
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
        let public = [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.88.98.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "2a00:1450::5efe:101:101",
        ];
        for ip in public {
            assert!(world(ip), "{ip}");
        }
        // Why, and addresses at both ends of what it takes.
        let private: &[(&str, &[&str])] = &[
            ("this network", &["0.0.0.0", "0.255.255.255"]),
            (
                "private",
                &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
            ),
            ("shared by customers", &["100.64.0.0", "100.127.255.255"]),
            ("this machine", &["127.0.0.1", "127.255.255.255", "::1"]),
            ("link", &["169.254.0.0", "169.254.169.254", "fe80::1", "febf::1"]),
            ("protocols", &["192.0.0.0", "192.0.0.170", "192.0.0.255"]),
            ("examples", &["192.0.2.1", "198.51.100.1", "203.0.113.255", "2001:db8::1", "2001:db8:ffff::1", "3fff::1"]),
            ("relays of 6to4", &["192.88.99.0", "192.88.99.255"]),
            ("measuring", &["198.18.0.0", "198.19.255.255", "2001:2::1"]),
            ("many at once", &["224.0.0.1", "239.255.255.255", "ff02::1"]),
            ("kept back", &["240.0.0.0", "255.255.255.255"]),
            ("none", &["::"]),
            (
                "IPv4 in IPv6",
                &["::ffff:0.0.0.0", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:a9fe:a9fe", "::ffff:100.64.0.1"],
            ),
            ("IPv4 in IPv6, as of old", &["::7f00:1", "::a00:1", "::ffff:0:a00:1"]),
            ("translated", &["64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b::c0a8:101", "64:ff9b::a9fe:a9fe"]),
            (
                "translated by a network",
                &["64:ff9b:1::101:101", "64:ff9b:1::a00:1", "64:ff9b:1:ffff::1", "64:ff9b:2::1"],
            ),
            ("beside the translated", &["64:ff9b::1:101:101", "64:ff9b:0:1::101:101"]),
            ("thrown away", &["100::1", "100:0:0:1::1"]),
            ("6to4", &["2002:a00:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2002:6440:1::1"]),
            ("Teredo", &["2001::1", "2001:0:a00:1::f5ff:fffe"]),
            ("ORCHID", &["2001:10::1", "2001:20::1", "2001:1ff:ffff::1"]),
            ("trials that are over", &["3ffe::1"]),
            ("routes of a network", &["5f00::1"]),
            ("unique and local", &["fc00::1", "fd00::1", "fdff:ffff::1"]),
            ("a site", &["fec0::1", "feff::1"]),
            ("given to nobody", &["4000::1", "8000::1", "e000::1", "fe00::1"]),
            ("within a house", &["2a00:1450::5efe:a00:1", "2a00:1450::200:5efe:c0a8:101"]),
        ];
        for (why, ips) in private {
            for ip in *ips {
                assert!(!world(ip), "{why}: {ip}");
            }
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
