//! Where traces go.

use anyhow::Context;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use url::Url;

/// What collectors take spans at, below their own address.
const PATH: &str = "/v1/traces";

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    pub endpoint: String,
    pub headers: String,
    pub sample: f64,
    pub service_name: String,
}

/// A collector, and what it is told of the shop.
#[derive(Clone)]
pub struct Collector {
    pub address: Url,
    /// They may hold a secret of the collector's.
    pub headers: HeaderMap,
    /// The share of traces that is kept, 0 to 1.
    pub sample: f64,
    pub service_name: String,
}

impl Traces {
    /// The collector; `None` for a shop that keeps no traces.
    ///
    /// # Errors
    /// When something cannot be meant; the sentence names the key and says what to write.
    pub fn collector(&self) -> anyhow::Result<Option<Collector>> {
        if self.endpoint.is_empty() {
            return Ok(None);
        }
        anyhow::ensure!(
            (0.0..=1.0).contains(&self.sample),
            "traces.sample is {}: write the share of requests that is traced, from 0 for none to 1 for all",
            self.sample
        );
        anyhow::ensure!(
            !self.service_name.trim().is_empty(),
            "traces.service_name is empty: write what the shop is called among your services, such as lectern"
        );
        Ok(Some(Collector {
            address: self.address()?,
            headers: self.sent_along()?,
            sample: self.sample,
            service_name: self.service_name.trim().to_owned(),
        }))
    }

    fn address(&self) -> anyhow::Result<Url> {
        let address = Url::parse(&self.endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        // What is written is not repeated: it may hold a password.
        let address = address.with_context(|| {
            format!("traces.endpoint is no address of a collector: write it whole, such as http://collector:4318{PATH}")
        })?;
        anyhow::ensure!(
            address.username().is_empty() && address.password().is_none(),
            "traces.endpoint holds a name or a password: write it into traces.headers, such as authorization=Bearer …"
        );
        anyhow::ensure!(
            address.path() != "/",
            "traces.endpoint has no path: collectors take spans below their address, so write {}{PATH}",
            address.as_str().trim_end_matches('/')
        );
        Ok(address)
    }

    fn sent_along(&self) -> anyhow::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (position, written) in self.headers.split(',').enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let header = written.split_once('=').and_then(|(name, value)| {
                let mut value = HeaderValue::from_str(value.trim()).ok()?;
                value.set_sensitive(true);
                Some((name.trim().parse::<HeaderName>().ok()?, value))
            });
            let (name, value) = header.with_context(|| {
                format!(
                    "traces.headers: number {} is no header: write name=value, several separated by commas",
                    position + 1
                )
            })?;
            headers.append(name, value);
        }
        Ok(headers)
    }
}

impl std::fmt::Debug for Traces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traces")
            .field("sample", &self.sample)
            .field("service_name", &self.service_name)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector")
            .field("address", &self.address.as_str())
            .field("sample", &self.sample)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(endpoint: &str) -> Traces {
        Traces {
            endpoint: endpoint.to_owned(),
            headers: String::new(),
            sample: 1.0,
            service_name: "lectern".to_owned(),
        }
    }

    #[test]
    fn a_shop_that_names_no_collector_keeps_no_traces() {
        assert!(crate::Config::load(None).unwrap().traces.collector().unwrap().is_none());
        let there = written("http://collector:4318/v1/traces").collector().unwrap().unwrap();
        assert_eq!(there.address.as_str(), "http://collector:4318/v1/traces");
    }

    #[test]
    fn an_address_that_no_collector_can_have_is_refused_with_what_to_write() {
        for (endpoint, advice) in [
            ("collector:4318", "http://collector:4318/v1/traces"),
            ("grpc://collector:4317", "http://collector:4318/v1/traces"),
            ("http://", "http://collector:4318/v1/traces"),
            ("http://collector:4318", "http://collector:4318/v1/traces"),
            ("https://key:hunter2@collector/v1/traces", "traces.headers"),
        ] {
            let error = format!("{:#}", written(endpoint).collector().unwrap_err());
            assert!(error.contains("traces.endpoint") && error.contains(advice), "{endpoint}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn headers_and_the_share_are_read_or_refused() {
        let good = Traces { headers: "authorization=Bearer a=b, x-team = shop".to_owned(), ..written("http://c/t") };
        let headers = good.collector().unwrap().unwrap().headers;
        assert_eq!(
            (&headers["authorization"], &headers["x-team"]),
            (&"Bearer a=b".parse().unwrap(), &"shop".parse().unwrap())
        );
        assert!(!format!("{good:?}{:?}", good.collector().unwrap()).contains("Bearer"), "secrets are not printed");
        let bad = Traces { headers: "x-team=shop,hunter2".to_owned(), ..written("http://c/t") };
        let error = bad.collector().unwrap_err().to_string();
        assert!(error.contains("number 2") && !error.contains("hunter2"), "{error}");
        for sample in [-0.1, 1.1, f64::NAN] {
            let error = Traces { sample, ..written("http://c/t") }.collector().unwrap_err().to_string();
            assert!(error.contains("traces.sample"), "{error}");
        }
        let nameless = Traces { service_name: " ".to_owned(), ..written("http://c/t") };
        assert!(nameless.collector().unwrap_err().to_string().contains("traces.service_name"));
    }
}
