//! One way to a provider: to a machine that was looked up and is held to, with its key, and with bounded patience and memory.

use super::failure::{Failure, Rest};
use super::reach;
use crate::http::date::parse_http_date;
use bytes::Bytes;
use domain::Timestamp;
use domain::providers::Provider;
use domain::providers::address::Reach;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(10);
/// Most of an answer that is read, in bytes. The words of half a minute with their times have some tens of thousands.
const LONGEST: usize = 8 * 1024 * 1024;
/// Most of a refusal that is read.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// Characters of a refusal's own words that are kept.
const WORDS: usize = 200;

pub struct Line {
    client: Client,
    url: Url,
    key: Option<String>,
    time_limit: Duration,
}

impl Line {
    /// # Errors
    /// When the machine may not be asked, or nobody knows it.
    pub async fn open(
        provider: &Provider,
        key: Option<String>,
        operation: &str,
        allowed: Reach,
    ) -> Result<Self, Failure> {
        let address = provider.address.as_deref().unwrap_or_default();
        let target = reach::target(address, operation, allowed).await?;
        let time_limit = Duration::from_secs(u64::try_from(provider.time_limit_s).unwrap_or(1).max(1));
        // Only where the name led just now, and nowhere that an answer leads to.
        let client = Client::builder()
            .resolve_to_addrs(&target.host, &target.addresses)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECTING)
            .timeout(time_limit)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Failure::Unreachable(why(&error)))?;
        Ok(Self { client, url: target.url, key, time_limit })
    }

    /// Sends a request; returns the answer's body. `now` is what dates in the answer are measured by.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn post(&self, content_type: &str, body: Bytes, now: Timestamp) -> Result<Vec<u8>, Failure> {
        let mut request = self.client.post(self.url.clone()).header(CONTENT_TYPE, content_type).body(body);
        if let Some(key) = &self.key {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| Failure::NotAllowed("its key cannot be sent".to_owned()))?;
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        let response = request.send().await.map_err(|error| self.broke(&error))?;
        let (status, rest) = (response.status(), Rest(rest(response.headers(), now)));
        if status.is_success() {
            return self.read(response).await;
        }
        let status = status.as_u16();
        Err(match status {
            429 | 503 => Failure::Busy { status, rest },
            408 | 425 | 500..=599 => Failure::Away { status, rest },
            401 | 403 => Failure::Denied { status },
            _ => Failure::Refused { status, words: self.own_words(response).await },
        })
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let mut read = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.broke(&error))? {
            read.extend_from_slice(&piece);
            if read.len() > LONGEST {
                return Err(Failure::Broken("an answer without an end".to_owned()));
            }
        }
        Ok(read)
    }

    /// What a refusal says of itself, without the key: some repeat it.
    async fn own_words(&self, mut response: Response) -> String {
        let mut read = Vec::new();
        while let Ok(Some(piece)) = response.chunk().await {
            read.extend_from_slice(&piece);
            if read.len() > LONGEST_REFUSAL {
                break;
            }
        }
        let Ok(said) = serde_json::from_slice::<Said>(&read) else { return String::new() };
        let line = said.error.message.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = match &self.key {
            Some(key) => line.replace(key.as_str(), "…"),
            None => line,
        };
        format!(": {}", line.chars().filter(|sign| !sign.is_control()).take(WORDS).collect::<String>())
    }

    fn broke(&self, error: &reqwest::Error) -> Failure {
        if error.is_connect() {
            Failure::Unreachable(why(error))
        } else if error.is_timeout() {
            Failure::Late(self.time_limit.as_secs())
        } else {
            Failure::Cut(why(error))
        }
    }
}

/// A refusal as the API of OpenAI writes it.
#[derive(Deserialize)]
struct Said {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    message: String,
}

/// How long an answer wants the shop to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
fn rest(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let ms = parse_http_date(said)?.since_ms(now);
    Some(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}

/// The innermost cause: it says most, and none of them names the address.
fn why(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let now = Timestamp(784_111_777_000);
        let said = |text: &str| rest(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(said("7"), Some(Duration::from_secs(7)));
        assert_eq!(said("Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(said("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(said("soon"), None);
        assert_eq!(rest(&HeaderMap::new(), now), None);
    }
}
