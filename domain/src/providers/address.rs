//! Where providers may be.

use crate::{Error, Result};
use url::{Host, Url};

/// Longest address, in bytes.
const ADDRESS_MAX: usize = 500;

/// Where providers may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// In the network that the shop stands in, and on this machine; by http too.
    pub private: bool,
}

/// An address that may be asked, without a slash at its end. Whether its name leads into a private network is found out each
/// time it is asked.
///
/// # Errors
/// `Invalid` on the field `address`.
pub fn checked_address(written: &str, reach: Reach) -> Result<String> {
    let malformed = || Error::invalid("address", "provider.address-malformed");
    let mut url = Url::parse(written.trim()).map_err(|_| malformed())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(malformed()),
    };
    // A key in the address would be shown with it.
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if url.as_str().len() > ADDRESS_MAX || !plain {
        return Err(malformed());
    }
    match url.scheme() {
        "https" => {}
        "http" if reach.private => {}
        _ => return Err(Error::invalid("address", "provider.not-https")),
    }
    if here && !reach.private {
        return Err(Error::invalid("address", "provider.private"));
    }
    url.set_fragment(None);
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether an address leads nowhere but into the shop's own network, as far as it says so itself: nothing else is asked by http.
pub(super) fn is_in_the_house(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let private = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_private() || ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_unique_local() || ip.is_loopback(),
        None => false,
    };
    private || url.scheme() == "http"
}

/// Whether two addresses lead to the same machine, so that a key of one may be sent to the other.
pub(super) fn same_machine(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_asked_by_https_and_in_private_networks_only_where_that_is_allowed() {
        let strict = |text: &str| checked_address(text, Reach::default());
        assert_eq!(strict(" https://api.example/v1/#x ").unwrap(), "https://api.example/v1");
        for wrong in [
            "",
            "api.example/v1",
            "http://api.example/v1",
            "https://me:secret@api.example/v1",
            "https://api.example/v1?key=secret",
            "https://localhost/v1",
            "https://127.0.0.1/v1",
            "file:///etc/passwd",
        ] {
            assert!(strict(wrong).is_err(), "{wrong}");
        }
        let private = |text: &str| checked_address(text, Reach { private: true });
        assert_eq!(private("http://gpu.internal:8000/v1").unwrap(), "http://gpu.internal:8000/v1");
        assert!(private("ftp://gpu.internal/").is_err());
    }

    #[test]
    fn a_machine_of_the_house_is_told_from_one_in_the_world() {
        for address in
            ["http://gpu.internal:8000/v1", "https://10.1.2.3/v1", "https://[fd00::1]/v1", "https://[::1]/v1"]
        {
            assert!(is_in_the_house(address), "{address}");
        }
        assert!(!is_in_the_house("https://api.example/v1") && !is_in_the_house("https://1.1.1.1/v1"));
    }

    #[test]
    fn a_key_stays_with_its_machine() {
        assert!(same_machine("https://api.example/v1", "https://api.example:443/v2"));
        for other in ["http://api.example/v1", "https://api.example:8443/v1", "https://evil.example/v1", "nonsense"] {
            assert!(!same_machine("https://api.example/v1", other), "{other}");
        }
    }
}
