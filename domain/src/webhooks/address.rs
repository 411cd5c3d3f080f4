//! Where messages may go.

use crate::{Error, Result};
use url::{Host, Url};

/// Longest address, in bytes.
const ADDRESS_MAX: usize = 500;

/// Where messages may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// This machine itself, by http too: for those who try their programs beside the shop.
    pub loopback: bool,
}

/// An address that may be told something. Whether it leads into a private network is found out each time it is told.
///
/// # Errors
/// `Invalid` on the field `address`.
pub fn checked_address(written: &str, reach: Reach) -> Result<String> {
    let malformed = || Error::invalid("address", "webhook.address-malformed");
    let url = Url::parse(written.trim()).map_err(|_| malformed())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(malformed()),
    };
    if url.as_str().len() > ADDRESS_MAX || !url.username().is_empty() || url.password().is_some() {
        return Err(malformed());
    }
    match url.scheme() {
        "https" => {}
        "http" if here && reach.loopback => {}
        _ => return Err(Error::invalid("address", "webhook.not-https")),
    }
    if here && !reach.loopback {
        return Err(Error::invalid("address", "webhook.private"));
    }
    let mut url = url;
    url.set_fragment(None);
    Ok(url.to_string())
}

/// An address as the audit trail and mails say it: scheme and host. What stands behind them may be a secret.
pub(super) fn without_path(address: &str) -> String {
    Url::parse(address).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_by_https_and_to_this_machine_only_where_that_is_allowed() {
        let strict = |text: &str| checked_address(text, Reach::default());
        assert_eq!(strict(" https://app.example/hooks#x").unwrap(), "https://app.example/hooks");
        for wrong in [
            "",
            "app.example",
            "ftp://app.example",
            "http://app.example",
            "https://me:secret@app.example",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "http://localhost:9000/",
            "mailto:a@app.example",
        ] {
            assert!(strict(wrong).is_err(), "{wrong}");
        }
        let here = |text: &str| checked_address(text, Reach { loopback: true });
        assert!(here("http://localhost:9000/").is_ok() && here("http://127.0.0.1:9000/hooks").is_ok());
        assert!(here("http://app.example").is_err());
    }

    #[test]
    fn what_may_be_a_secret_in_an_address_is_not_told_on() {
        assert_eq!(without_path("https://app.example/hooks/T0/B0/s3cret?key=1"), "https://app.example");
        assert_eq!(without_path("https://app.example:8443/hooks"), "https://app.example:8443");
        assert_eq!(without_path("http://127.0.0.1:9000/"), "http://127.0.0.1:9000");
    }
}
