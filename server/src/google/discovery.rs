//! Where the provider's doors are, as it publishes (OpenID Connect Discovery 1.0).

use super::client::{Client, FetchError};
use serde::Deserialize;
use url::{Host, Url};

/// What the provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Provider {
    issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    /// Answers say which provider they are from (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// How the shop may show its secret; what is not said means `client_secret_basic`.
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Provider {
    /// Reads what an issuer publishes.
    ///
    /// # Errors
    /// When it does not answer, or speaks for somebody else.
    pub async fn fetch(client: &Client, issuer: &str) -> Result<Self, FetchError> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let address = Url::parse(&address).map_err(|error| FetchError::Unfit(error.to_string()))?;
        let provider: Self = client.read(&address).await?;
        // Another issuer's addresses would lead people, and the shop's secret, to that one.
        if provider.issuer != issuer {
            return Err(FetchError::Unfit(format!("it says that it is {}, and not {issuer}", provider.issuer)));
        }
        for address in [&provider.authorization_endpoint, &provider.token_endpoint, &provider.jwks_uri] {
            if !is_safe(address) {
                return Err(FetchError::Unfit(format!("{address} is not https")));
            }
        }
        Ok(provider)
    }

    /// Whether the secret is sent in the body, because a header is not taken.
    pub fn wants_secret_in_body(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        let takes = |name: &str| methods.iter().any(|method| method == name);
        takes("client_secret_post") && !takes("client_secret_basic")
    }
}

/// Whether nobody on the way can read along: TLS, or no way at all.
pub fn is_safe(address: &Url) -> bool {
    match (address.scheme(), address.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => ip.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        let safe = |address: &str| is_safe(&Url::parse(address).unwrap());
        for address in ["https://accounts.google.com", "http://127.0.0.1:4000/x", "http://[::1]:1", "http://localhost"]
        {
            assert!(safe(address), "{address}");
        }
        for address in ["http://accounts.google.com", "http://192.168.0.1", "ftp://localhost", "data:text/plain,x"] {
            assert!(!safe(address), "{address}");
        }
    }
}
